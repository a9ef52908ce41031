//! Carries out an admitted plan.

use std::time::Duration;

/// How long we wait for others, and how often we try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long a statement waits for a lock before it gives way.
    pub lock_timeout: Duration,
    /// How often a statement that gave way is tried.
    pub attempts: u32,
    /// The longest pause between two tries.
    pub longest_pause: Duration,
    /// How long another run that holds prod's lock is waited for.
    pub other_run: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_secs(2),
            attempts: 10,
            longest_pause: Duration::from_secs(15),
            other_run: Duration::from_secs(5),
        }
    }
}
