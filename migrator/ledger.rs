//! The journal in prod.
