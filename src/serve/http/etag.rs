//! Entity tags: how a browser asks whether it has a file's newest bytes already.

use std::fs::Metadata;
use std::time::UNIX_EPOCH;

use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::response::{IntoResponse, Response};

/// The tag of bytes that `key` tells from all others. It is a strong one: the same key at the same address is
/// the same response byte for byte, for the line that is appended to a page follows from the address and the
/// key.
pub fn of_key(key: &str) -> String {
    // A comma would look like the border between two tags in a list.
    format!("\"{}\"", super::path::encode(key).replace(',', "%2C"))
}

/// The tag of a file on disk. It is a weak one: two versions of one size within a tick of the disk's clock
/// look alike.
pub fn of_file(facts: &Metadata) -> String {
    let changed = facts.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("W/\"{:x}-{:x}\"", facts.len(), changed.map_or(0, |time| time.as_nanos()))
}

/// The answer to a browser that says it has the bytes of `tag`.
pub fn unchanged(headers: &HeaderMap, tag: &str) -> Option<Response> {
    let mut lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    let is_known = lists.any(|list| list.split(',').any(|one| is_same(one.trim(), tag)));
    is_known.then(|| (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response())
}

/// RFC 9110, 13.1.2: `If-None-Match` compares weakly.
fn is_same(asked: &str, tag: &str) -> bool {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    asked == "*" || opaque(asked) == opaque(tag)
}
