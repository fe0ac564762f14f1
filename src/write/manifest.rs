//! The record of what a build wrote: site path to hash and length, as a small text file that can tell when it is torn or was tampered with.
//! It decides which names are fit to be site paths at all. It knows nothing of builds, staging or what lies in the site.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Result, bail};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::state::FOLDER;

/// First line of the file; a record of another version counts as damaged.
const VERSION: &str = "bilayer manifest 1";

/// Begins the last line, which holds the hash of everything above it.
const CHECKSUM: &str = "checksum ";

/// How much of a file is in memory while it is copied or hashed.
const CHUNK: usize = 128 * 1024;

/// What one file of the site holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// xxh3-128 of its bytes.
    pub(super) hash: u128,
    /// How many bytes.
    pub(super) len: u64,
}

impl Entry {
    /// Describes a file with these bytes.
    pub(super) fn of(bytes: &[u8]) -> Entry {
        Entry { hash: xxh3_128(bytes), len: bytes.len() as u64 }
    }

    /// Pours `from` into `to` piece by piece and describes what went through.
    pub(super) fn of_copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<Entry> {
        let mut hasher = Xxh3::new();
        let mut len = 0;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match from.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(&chunk[..read]);
            to.write_all(&chunk[..read])?;
            len += read as u64;
        }
        let hash = hasher.digest128();
        Ok(Entry { hash, len })
    }

    /// Describes the file at `path`.
    pub(super) fn of_file(path: &Path) -> io::Result<Entry> {
        Entry::of_copy(&mut File::open(path)?, &mut io::sink())
    }
}

/// All files one build made, by site path; sorted, so that equal sites have equal records.
pub(super) type Manifest = BTreeMap<String, Entry>;

/// What reading a record gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// There is no such file.
    Missing,
    /// There is one, but it is cut short, altered or of another version.
    Damaged,
    /// All of it, proved by its checksum.
    Whole(Manifest),
}

/// Reads the record at `path`; an error means the disk failed, not that the record is bad.
pub(super) fn read(path: &Path) -> io::Result<Record> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(read_bytes(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Record::Missing),
        Err(error) => Err(error),
    }
}

/// Reads a record that was there.
pub(super) fn read_bytes(bytes: &[u8]) -> Record {
    parse(bytes).map_or(Record::Damaged, Record::Whole)
}

/// Spells a record: a version line, one line a file (`hash length path`), a checksum line.
pub(super) fn to_text(manifest: &Manifest) -> String {
    let mut text = format!("{VERSION}\n");
    for (path, entry) in manifest {
        text.push_str(&format!("{:032x} {} {path}\n", entry.hash, entry.len));
    }
    let checksum = xxh3_128(text.as_bytes());
    text.push_str(&format!("{CHECKSUM}{checksum:032x}\n"));
    text
}

/// Refuses a name that is no site path, and says why: it could lead out of the site, into our state, or not survive the record.
pub(super) fn check_path(path: &str) -> Result<()> {
    if path.chars().any(|c| c == '\\' || c.is_control()) {
        bail!(
            "{path:?} cannot be the name of a file in the site: it has a backslash or a control character in it"
        );
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        bail!(
            "{path:?} cannot be the name of a file in the site: it must be relative, without empty parts, '.' or '..'"
        );
    }
    // On Windows `C:name` is no plain name either; only the platform's own rules know.
    let mut parts = Path::new(path).components();
    if !parts.all(|part| matches!(part, std::path::Component::Normal(_))) {
        bail!("{path:?} cannot be the name of a file in the site: it must be relative");
    }
    if path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(FOLDER)) {
        bail!(
            "{path:?} cannot be the name of a file in the site: {FOLDER} is where bilayer keeps its own records"
        );
    }
    Ok(())
}

/// The folders that hold `path`, outermost first: `a` and `a/b` for `a/b/c`.
pub(super) fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Reads a record's text; nothing unless every line of it is as [`to_text`] spells it.
fn parse(bytes: &[u8]) -> Option<Manifest> {
    let text = str::from_utf8(bytes).ok()?;
    let (body, last) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    let checksum = parse_hash(last.strip_prefix(CHECKSUM)?)?;
    if checksum != xxh3_128(&bytes[..body.len() + 1]) {
        return None;
    }
    let mut lines = body.split('\n');
    if lines.next() != Some(VERSION) {
        return None;
    }
    lines.map(parse_line).collect()
}

/// Reads `hash length path`. A checksum is easily forged, so the path is judged too.
fn parse_line(line: &str) -> Option<(String, Entry)> {
    let (hash, rest) = line.split_once(' ')?;
    let (len, path) = rest.split_once(' ')?;
    check_path(path).ok()?;
    let hash = parse_hash(hash)?;
    let len = len.parse().ok()?;
    Some((path.to_owned(), Entry { hash, len }))
}

/// Reads 32 hexadecimal digits.
fn parse_hash(digits: &str) -> Option<u128> {
    (digits.len() == 32).then(|| u128::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(paths: &[&str]) -> String {
        let entries = paths.iter().map(|path| (path.to_string(), Entry::of(path.as_bytes())));
        to_text(&entries.collect())
    }

    #[test]
    fn spelling_is_sorted_and_closed_by_a_checksum() {
        assert_eq!(
            record(&["b", "a/index.html"]),
            "bilayer manifest 1\n\
             b176d22d8b2440f95fb72c14c9e39ad6 12 a/index.html\n\
             4b2212e31ac97fd4575a0b1c44d8843f 1 b\n\
             checksum 988f2681fa7c530f1f0f366fd55d6adc\n"
        );
    }

    #[test]
    fn reading_gives_back_what_was_spelled() {
        for paths in [&[][..], &["a b/c d.html", "目录/页.html"]] {
            let text = record(paths);
            let manifest = parse(text.as_bytes()).expect("a whole record reads");
            assert_eq!(manifest.keys().collect::<Vec<_>>(), paths);
            assert_eq!(to_text(&manifest), text);
        }
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_noticed() {
        let text = record(&["a/index.html", "b.html"]).into_bytes();
        for at in 0..text.len() {
            assert_eq!(parse(&text[..at]), None, "cut at {at}");
            let mut changed = text.clone();
            changed[at] ^= 1;
            assert_eq!(parse(&changed), None, "changed at {at}");
        }
    }

    #[test]
    fn a_record_with_a_path_that_leads_elsewhere_is_damaged() {
        for path in [
            "/etc/passwd",
            "../up",
            "a/../../up",
            "a//b",
            "",
            "a/",
            ".",
            "a\\b",
            "a\0b",
            ".bilayer/lock",
            ".Bilayer/x",
        ] {
            assert_eq!(parse(record(&["fine", path]).as_bytes()), None, "{path:?}");
        }
    }

    #[test]
    fn odd_but_honest_names_pass() {
        for path in ["a", "..a/b..", "...", ".well-known/x", "a/.bilayer", "目录/页.html", "a b"] {
            check_path(path).expect(path);
        }
    }

    #[test]
    fn folders_come_outermost_first() {
        assert_eq!(folders("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(folders("a").count(), 0);
    }

    #[test]
    fn a_streamed_file_hashes_like_one_in_memory() {
        let bytes: Vec<u8> = (0..3 * CHUNK + 7).map(|n| (n % 251) as u8).collect();
        let mut copied = Vec::new();
        let entry = Entry::of_copy(&mut bytes.as_slice(), &mut copied).expect("memory does not fail");
        assert_eq!(entry, Entry::of(&bytes));
        assert_eq!(copied, bytes);
    }
}
