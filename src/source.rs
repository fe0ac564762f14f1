//! Every input file of a build, in memory.
//!
//! [`Sources`] is the world as the pipeline sees it: paths relative to the book, sorted, each with its
//! text or, for images and downloads, with the place on disk to copy it from. The middle of the program
//! reads files from here and from nowhere else. Nothing here knows what a file means.

use std::path::PathBuf;

/// A file of the build: its position in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

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
    /// Text that the build reads.
    Text(String),
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
}

/// The folder name under which files that come with the program appear among the sources.
pub const BUILT_IN: &str = "built-in/";

/// All input files, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<File>,
}

impl Sources {
    /// Sorts `files` by path. Of two with one path the later one wins.
    #[must_use]
    pub fn new(mut files: Vec<File>) -> Self {
        files.reverse();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|later, kept| later.path == kept.path);
        Self { files }
    }

    /// All files with their ids, in order of path.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The files whose path begins with `prefix`, in order.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (FileId, &'a File)> {
        let start = self.files.partition_point(|file| file.path.as_str() < prefix);
        self.iter().skip(start).take_while(move |(_, file)| file.path.starts_with(prefix))
    }

    /// The file at `path`, if there is one.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<FileId> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        u32::try_from(at).ok().map(FileId)
    }

    /// A file by its id.
    #[must_use]
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
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
        let sources = Sources::new(vec![File { path: "a.md".into(), content: Content::Text(text.clone()) }]);
        let file = sources.find("a.md").expect("it was just added");
        let at = text.find('区').expect("it is in the text");
        assert_eq!(sources.position(file, u32::try_from(at).expect("small")), (2, 5));
        assert_eq!(sources.position(file, 0), (1, 1));
    }

    #[test]
    fn the_later_of_two_files_with_one_path_wins() {
        let file = |text: &str| File { path: "a".into(), content: Content::Text(text.into()) };
        let sources = Sources::new(vec![file("first"), file("second")]);
        assert_eq!(sources.text(sources.find("a").expect("there")), "second");
    }
}
