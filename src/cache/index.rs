//! The index of a cache as bytes: a head, an entry of fixed size for each result, and a checksum of it all.

use std::collections::HashMap;

use crate::digest::Digest;

/// The first bytes of an index; another version of it has others.
const HEAD: &[u8; 16] = b"bilayer cache 1\n";
/// Bytes of an entry.
const ENTRY: usize = 41;

/// Where each result lies.
pub(super) type Index = HashMap<Digest, Entry>;

/// Where a result lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The number of its part.
    pub(super) part: u32,
    /// Its first byte there.
    pub(super) offset: u64,
    /// How many bytes it has.
    pub(super) length: u32,
    /// Its checksum.
    pub(super) sum: u64,
    /// For how many runs before this one nobody has asked for it.
    pub(super) age: u8,
    /// Whether this run has asked for it.
    pub(super) is_used: bool,
}

impl Entry {
    /// Its age for the next run, as things are now.
    pub(super) const fn age_after_run(&self) -> u8 {
        if self.is_used { 0 } else { self.age.saturating_add(1) }
    }
}

/// The index as bytes, for the program that `fingerprint` stands for.
pub(super) fn encode(entries: &Index, fingerprint: Digest) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64 + entries.len() * ENTRY);
    bytes.extend(HEAD);
    bytes.extend(fingerprint.0.to_le_bytes());
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_by_key(|(key, _)| **key);
    for (key, entry) in sorted {
        bytes.extend(key.0.to_le_bytes());
        bytes.extend(entry.part.to_le_bytes());
        bytes.extend(entry.offset.to_le_bytes());
        bytes.extend(entry.length.to_le_bytes());
        bytes.extend(entry.sum.to_le_bytes());
        bytes.push(entry.age_after_run());
    }
    let sum = Digest::of(&bytes);
    bytes.extend(sum.0.to_le_bytes());
    bytes
}

/// The index that these bytes are of. None if another program wrote it, or a byte is wrong.
pub(super) fn decode(bytes: &[u8], fingerprint: Digest) -> Option<Index> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(16)?)?;
    if Digest::of(body).0.to_le_bytes() != sum {
        return None;
    }
    let body = body.strip_prefix(HEAD)?.strip_prefix(&fingerprint.0.to_le_bytes())?;
    let (entries, rest) = body.as_chunks::<ENTRY>();
    rest.is_empty().then(|| entries.iter().map(entry).collect())
}

fn entry(bytes: &[u8; ENTRY]) -> (Digest, Entry) {
    let mut rest = &bytes[..];
    let key = Digest(u128::from_le_bytes(take(&mut rest)));
    let entry = Entry {
        part: u32::from_le_bytes(take(&mut rest)),
        offset: u64::from_le_bytes(take(&mut rest)),
        length: u32::from_le_bytes(take(&mut rest)),
        sum: u64::from_le_bytes(take(&mut rest)),
        age: u8::from_le_bytes(take(&mut rest)),
        is_used: false,
    };
    (key, entry)
}

/// The next bytes of an entry.
fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let (first, others) = rest.split_first_chunk::<N>().expect("an entry has the bytes of all its fields");
    *rest = others;
    *first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let entry = |n: u8| Entry {
            part: u32::from(n),
            offset: u64::from(n) << 33,
            length: 7,
            sum: u64::MAX - u64::from(n),
            age: n,
            is_used: false,
        };
        (0..5).map(|n| (Digest(u128::from(n) << 100), entry(n))).collect()
    }

    #[test]
    fn an_index_comes_back_as_it_was() {
        let bytes = encode(&index(), Digest(9));
        let older =
            index().into_iter().map(|(key, entry)| (key, Entry { age: entry.age + 1, ..entry })).collect();
        assert_eq!(decode(&bytes, Digest(9)), Some(older));
        assert_eq!(decode(&bytes, Digest(8)), None, "another program");
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_noticed() {
        let bytes = encode(&index(), Digest(9));
        for at in 0..bytes.len() {
            assert_eq!(decode(&bytes[..at], Digest(9)), None, "cut at {at}");
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(decode(&changed, Digest(9)), None, "changed at {at}");
        }
    }
}
