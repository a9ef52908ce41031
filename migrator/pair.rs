//! The two sides of every comparison.
//! Two arguments of one type can be swapped by mistake; the fields of a [`Pair`] cannot.
//! Never says "source" and "target": what is there is `current`, what shall be there is `desired`.

use serde::{Deserialize, Serialize};

/// What is there (`current`, prod) beside what shall be there (`desired`, dev).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair<T> {
    pub current: T,
    pub desired: T,
}

impl<T> Pair<T> {
    pub fn new(current: T, desired: T) -> Self {
        Self { current, desired }
    }

    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Pair<U> {
        Pair { current: f(self.current), desired: f(self.desired) }
    }

    pub fn as_ref(&self) -> Pair<&T> {
        Pair { current: &self.current, desired: &self.desired }
    }

    /// The way back: what shall be there becomes what is there.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { current: self.desired, desired: self.current }
    }
}

impl<T: PartialEq> Pair<T> {
    pub fn differs(&self) -> bool {
        self.current != self.desired
    }
}
