//! The HTML of the blocks highlighted last.
//!
//! A page and its translation show the same code and are rendered right after one another, so a
//! short memory finds nearly every repetition. First in, first out; knows nothing of how the HTML
//! came about.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::language::Language;
use super::shard::Shards;

/// Bytes of HTML kept in each of the shards, 2 MB in all.
const MAX_BYTES: usize = 128 << 10;

/// The last blocks' HTML, by language and code.
#[derive(Default)]
pub(super) struct RecentBlocks {
    shards: Shards<Recent>,
}

/// Stands for a language and a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct BlockKey(u128);

#[derive(Default)]
struct Recent {
    by_key: HashMap<BlockKey, Arc<str>>,
    /// The keys in the order they came.
    order: VecDeque<BlockKey>,
    bytes: usize,
}

impl BlockKey {
    /// Hashes a block of code.
    pub(super) fn new(language: Language, code: &str) -> BlockKey {
        let seed = language.syntax.map_or(u64::MAX, u64::from);
        BlockKey(xxh3_128_with_seed(code.as_bytes(), seed))
    }
}

impl RecentBlocks {
    /// The HTML of a block, if it came lately.
    pub(super) fn get(&self, key: BlockKey) -> Option<Arc<str>> {
        self.shards.lock(key.0).by_key.get(&key).cloned()
    }

    /// Keeps a block's HTML and lets go of the oldest ones it displaces.
    pub(super) fn insert(&self, key: BlockKey, html: &str) {
        if html.len() <= MAX_BYTES {
            let html = Arc::from(html);
            self.shards.lock(key.0).insert(key, html);
        }
    }
}

impl Recent {
    fn insert(&mut self, key: BlockKey, html: Arc<str>) {
        self.bytes += html.len();
        match self.by_key.insert(key, html) {
            // Another thread highlighted the same block meanwhile.
            Some(old) => self.bytes -= old.len(),
            None => self.order.push_back(key),
        }
        while self.bytes > MAX_BYTES {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            let html = self.by_key.remove(&oldest);
            self.bytes -= html.map_or(0, |html| html.len());
        }
    }
}
