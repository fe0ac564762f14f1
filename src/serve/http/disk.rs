//! Files that are sent from disk, whole or, as players of films ask for them, one range of bytes.
//!
//! A file is read piece by piece as the client takes it, so a long one never lies in memory.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use super::refusal::Refusal;
use super::{etag, kind};

/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// Answers `request` with the regular file at `place`.
pub async fn send(request: &Parts, place: PathBuf) -> Result<Response, Refusal> {
    let kind = kind::of(&place.to_string_lossy());
    let opened = tokio::task::spawn_blocking(move || open(&place)).await;
    let Ok(Ok((mut file, facts))) = opened else { return Err(Refusal::Vanished) };
    let (length, tag) = (facts.len(), etag::of_file(&facts));
    if let Some(response) = etag::unchanged(&request.headers, &tag) {
        return Ok(response);
    }
    let range = asked_range(request, length)?;
    let (start, count) =
        range.as_ref().map_or((0, length), |range| (*range.start(), range.end() - range.start() + 1));
    file.seek(SeekFrom::Start(start)).map_err(|_| Refusal::Vanished)?;
    let headers = [(CONTENT_TYPE, kind), (ACCEPT_RANGES, "bytes"), (ETAG, &tag)];
    let mut response = (headers, Body::from_stream(Pieces::new(file, count))).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, count.into());
    if let Some(range) = range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        say_range(response.headers_mut(), &format!("{}-{}", range.start(), range.end()), length);
    }
    Ok(response)
}

/// Tells a client that has asked beyond the end that the file has `length` bytes.
pub fn say_length(headers: &mut HeaderMap, length: u64) {
    say_range(headers, "*", length);
}

fn say_range(headers: &mut HeaderMap, range: &str, length: u64) {
    let value = HeaderValue::try_from(format!("bytes {range}/{length}"));
    headers.insert(CONTENT_RANGE, value.expect("numbers are fit for a header"));
}

fn open(place: &Path) -> io::Result<(File, fs::Metadata)> {
    // Opening a pipe would wait for its writer, so what is no file is not opened at all.
    if !fs::metadata(place)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let file = File::open(place)?;
    let facts = file.metadata()?;
    Ok((file, facts))
}

/// The bytes that `request` asks for of a file of `length` bytes; nothing for all of them. As RFC 9110, 14.2
/// allows, a range that is malformed and a list of several are ignored. So is one with `If-Range`, which no
/// weak tag can meet.
fn asked_range(request: &Parts, length: u64) -> Result<Option<RangeInclusive<u64>>, Refusal> {
    if request.method != Method::GET || request.headers.contains_key(IF_RANGE) {
        return Ok(None);
    }
    let text = request.headers.get(RANGE).and_then(|range| range.to_str().ok());
    let Some((first, last)) = text.and_then(borders) else { return Ok(None) };
    let end = length.checked_sub(1).ok_or(Refusal::Range(length))?;
    match (first, last) {
        (Some(first), _) if first > end => Err(Refusal::Range(length)),
        (Some(first), last) => Ok(Some(first..=last.map_or(end, |last| last.min(end)))),
        (None, Some(0)) => Err(Refusal::Range(length)),
        (None, count) => Ok(Some(length.saturating_sub(count.unwrap_or(length))..=end)),
    }
}

/// Reads `bytes=2-5`, `bytes=2-` (from there on) and `bytes=-5` (the last five).
fn borders(text: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let borders = (number(first)?, number(last)?);
    match borders {
        (None, None) => None,
        (Some(first), Some(last)) if last < first => None,
        _ => Some(borders),
    }
}

/// A number, or no number where there is no text; nothing if the text is no number. One that is longer than
/// all files means their end.
fn number(text: &str) -> Option<Option<u64>> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (!text.is_empty()).then(|| text.parse().unwrap_or(u64::MAX)))
}

/// The next so many bytes of a file, as they are read.
struct Pieces {
    /// The file, at the first byte to send.
    file: tokio::fs::File,
    /// How many bytes are still to be sent.
    left: u64,
    /// Where a piece is read to.
    room: Vec<u8>,
}

impl Pieces {
    fn new(file: File, count: u64) -> Self {
        let mut file = tokio::fs::File::from_std(file);
        file.set_max_buf_size(PIECE);
        Self { file, left: count, room: Vec::new() }
    }
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(None);
        }
        this.room.resize(usize::try_from(this.left).map_or(PIECE, |left| left.min(PIECE)), 0);
        let mut piece = ReadBuf::new(&mut this.room);
        ready!(Pin::new(&mut this.file).poll_read(cx, &mut piece))?;
        let piece = Bytes::copy_from_slice(piece.filled());
        if piece.is_empty() {
            // The file has become shorter: breaking off is the only way left to say so.
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        this.left -= piece.len() as u64;
        Poll::Ready(Some(Ok(piece)))
    }
}
