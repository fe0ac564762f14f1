//! A value in several copies, each behind a lock of its own, so that threads seldom meet.

use std::array;
use std::sync::{Mutex, MutexGuard, PoisonError};

const COUNT: usize = 16;

/// Sixteen values; a key, which is expected to be a hash or a small number, says which.
pub(super) struct Shards<T>([Mutex<T>; COUNT]);

impl<T: Default> Default for Shards<T> {
    fn default() -> Self {
        Shards(array::from_fn(|_| Mutex::default()))
    }
}

impl<T> Shards<T> {
    /// Locks the value that a key belongs to.
    pub(super) fn lock(&self, key: u128) -> MutexGuard<'_, T> {
        let index = (key % COUNT as u128) as usize;
        // What these locks guard is whole between any two statements, even after a panic.
        self.0[index].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
