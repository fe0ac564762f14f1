//! Where results wait for the next build: bytes under the digest of all that they were made from.
//!
//! Whoever computes something asks here first. What is found can only be what would be computed again; so a store may
//! forget anything at any time, and nobody notices but by the clock. This room knows no disk: `cache` does.

use crate::digest::Digest;

/// Keeps results, one call each, from any thread.
pub trait Store: Send + Sync {
    /// The result that was kept under `key`, if it still is.
    fn get(&self, key: Digest) -> Option<Vec<u8>>;

    /// Keeps a result. It may be dropped.
    fn put(&self, key: Digest, bytes: &[u8]);
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Store for Nothing {
    fn get(&self, _key: Digest) -> Option<Vec<u8>> {
        None
    }

    fn put(&self, _key: Digest, _bytes: &[u8]) {}
}
