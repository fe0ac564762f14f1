//! Every input file of a build, in memory.
//!
//! [`Sources`] is the world as the pipeline sees it: paths relative to the book, sorted, each with its
//! text or, for images and downloads, with the place on disk to copy it from. The middle of the program
//! reads files from here and from nowhere else. Nothing here knows what a file means.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::digest::Digest;

/// A file of the build. In one [`Sources`] a path keeps its id while files come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// Its number: ids are dense from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Bytes of a file, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`; files are below 4 GiB, larger ones are refused at load.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: narrow(start), end: narrow(end.max(start)) }
    }

    /// The start of a file, for what concerns it as a whole.
    #[must_use]
    pub const fn whole(file: FileId) -> Self {
        Self { file, start: 0, end: 0 }
    }
}

/// What a file holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// Text that the build reads. Shared, so that files can be copied while a preview goes on with older ones.
    Text(Arc<String>),
    /// A file that is copied as it is.
    Asset {
        /// Where it lies.
        disk: PathBuf,
        /// Width and height in pixels, for images whose header says so.
        pixels: Option<(usize, usize)>,
    },
}

/// One input file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path relative to the book, with `/` between the parts: `content/en/index.md`.
    /// Files that come with the program begin with [`BUILT_IN`].
    pub path: String,
    /// What it holds.
    pub content: Content,
    /// Tells its path and what it holds from all others; of a file that is copied, only what pages say of it.
    pub digest: Digest,
}

impl File {
    /// A file that the build reads.
    #[must_use]
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let digest = Digest::of_value(&(&path, Digest::of(text.as_bytes()).0));
        Self { path, content: Content::Text(Arc::new(text)), digest }
    }

    /// A file that is copied; `disk` is where it lies, `pixels` its size if it is an image.
    #[must_use]
    pub fn asset(path: impl Into<String>, disk: &Path, pixels: Option<(usize, usize)>) -> Self {
        let path = path.into();
        let digest = Digest::of_value(&(&path, pixels));
        Self { path, content: Content::Asset { disk: disk.to_owned(), pixels }, digest }
    }
}

/// The folder name under which files that come with the program appear among the sources.
pub const BUILT_IN: &str = "built-in/";

/// All input files, in order of their paths.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// By id; a file that is gone leaves its place empty.
    files: Vec<File>,
    /// The files that are there, sorted by path.
    order: Vec<FileId>,
    /// The places of those that are gone.
    gone: Vec<FileId>,
}

impl Sources {
    /// Sorts `files` by path. Of two with one path the later one wins.
    #[must_use]
    pub fn new(mut files: Vec<File>) -> Self {
        files.reverse();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|later, kept| later.path == kept.path);
        let order = (0..).take(files.len()).map(FileId).collect();
        Self { files, order, gone: Vec::new() }
    }

    /// Takes a file, in place of the one of the same path if there is one.
    pub fn put(&mut self, file: File) -> FileId {
        let at = match self.position_of(&file.path) {
            Ok(at) => {
                let id = self.order[at];
                self.files[id.index()] = file;
                return id;
            }
            Err(at) => at,
        };
        // One that was there before comes back to its place.
        let id = match self.gone.iter().position(|&id| self.path(id) == file.path) {
            Some(at) => {
                let id = self.gone.swap_remove(at);
                self.files[id.index()] = file;
                id
            }
            None => {
                self.files.push(file);
                let id = u32::try_from(self.files.len() - 1);
                FileId(id.expect("a book has fewer than four billion files"))
            }
        };
        self.order.insert(at, id);
        id
    }

    /// Drops the file at `path`. Whether there was one.
    pub fn remove(&mut self, path: &str) -> bool {
        let Ok(at) = self.position_of(path) else { return false };
        let id = self.order.remove(at);
        self.files[id.index()] = File::text(path, "");
        self.gone.push(id);
        true
    }

    fn position_of(&self, path: &str) -> Result<usize, usize> {
        self.order.binary_search_by(|id| self.files[id.index()].path.as_str().cmp(path))
    }

    /// All files with their ids, in order of path.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.order.iter().map(|&id| (id, self.file(id)))
    }

    /// The files whose path begins with `prefix`, in order.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (FileId, &'a File)> {
        let start = self.order.partition_point(|&id| self.path(id) < prefix);
        let files = self.order[start..].iter().map(|&id| (id, self.file(id)));
        files.take_while(move |(_, file)| file.path.starts_with(prefix))
    }

    /// The file at `path`, if there is one.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.position_of(path).ok().map(|at| self.order[at])
    }

    /// The place of each file in the order of paths, by id.
    #[must_use]
    pub fn ranks(&self) -> Vec<usize> {
        let mut ranks = vec![usize::MAX; self.files.len()];
        for (rank, id) in self.order.iter().enumerate() {
            ranks[id.index()] = rank;
        }
        ranks
    }

    /// A file by its id.
    #[must_use]
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.index()]
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self, id: FileId) -> &str {
        &self.file(id).path
    }

    /// The text of a file; empty for a file that is only copied.
    #[must_use]
    pub fn text(&self, id: FileId) -> &str {
        match &self.file(id).content {
            Content::Text(text) => text,
            Content::Asset { .. } => "",
        }
    }

    /// Line and column of a byte of a file, both from 1, the column in characters.
    #[must_use]
    pub fn position(&self, file: FileId, offset: u32) -> (usize, usize) {
        let text = self.text(file);
        let before = &text.as_bytes()[..text.len().min(offset as usize)];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let column = 1 + String::from_utf8_lossy(&before[start..]).chars().count();
        (line, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters() {
        let text = "第一行\n见**「区块」**的定义\n".to_owned();
        let sources = Sources::new(vec![File::text("a.md", text.clone())]);
        let file = sources.find("a.md").expect("it was just added");
        let at = text.find('区').expect("it is in the text");
        assert_eq!(sources.position(file, u32::try_from(at).expect("small")), (2, 5));
        assert_eq!(sources.position(file, 0), (1, 1));
    }

    #[test]
    fn the_later_of_two_files_with_one_path_wins() {
        let sources = Sources::new(vec![File::text("a", "first"), File::text("a", "second")]);
        assert_eq!(sources.text(sources.find("a").expect("there")), "second");
    }

    #[test]
    fn a_path_keeps_its_id_while_files_come_and_go() {
        let mut sources = Sources::new(vec![File::text("b", "b"), File::text("d", "d")]);
        let b = sources.find("b").expect("there");
        let a = sources.put(File::text("a", "a"));
        assert!(sources.remove("b") && !sources.remove("b"));
        assert_eq!(sources.find("b"), None);
        let listed = |sources: &Sources| {
            sources.iter().map(|(id, file)| format!("{}{}", file.path, sources.text(id))).collect::<String>()
        };
        assert_eq!(listed(&sources), "aadd");
        assert_eq!(sources.put(File::text("b", "B")), b);
        assert_eq!(sources.put(File::text("a", "A")), a);
        assert_eq!(listed(&sources), "aAbBdd");
        let ranks = sources.ranks();
        assert!(ranks[a.index()] < ranks[b.index()]);
    }
}
