//! Digests: 128 bits that tell one content from all others.
//!
//! What is remembered of a build is kept under the digest of everything it was made from, so that it can never be
//! stale. xxh3 is quick and not meant against those who look for collisions: nothing of a digest decides whom to trust.

use std::fmt;
use std::hash::{Hash, Hasher};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// The digest of some content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub u128);

impl Digest {
    /// The digest of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// The digest of a value: of all that its `Hash` takes in, so that a field which is added is not forgotten.
    #[must_use]
    pub fn of_value(value: &(impl Hash + ?Sized)) -> Self {
        let mut digester = Digester::default();
        value.hash(&mut digester);
        digester.finish128()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Takes in values one after the other.
#[derive(Clone, Default)]
pub struct Digester(Xxh3);

impl Digester {
    /// The digest of all that was taken in.
    #[must_use]
    pub fn finish128(&self) -> Digest {
        Digest(self.0.digest128())
    }
}

impl Hasher for Digester {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        self.0.digest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_differ_have_digests_that_differ() {
        let digests = [
            Digest::of_value(&("a", "bc")),
            Digest::of_value(&("ab", "c")),
            Digest::of_value(&["a", "bc"][..]),
            Digest::of_value(&(Some("a"), "bc")),
        ];
        for (at, digest) in digests.iter().enumerate() {
            assert!(!digests[..at].contains(digest), "{at}");
        }
        assert_eq!(digests[0], Digest::of_value(&("a".to_owned(), "bc")));
    }
}
