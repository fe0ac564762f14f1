//! One file of a book, read: its text, or for one that is copied what pages say of it.
//!
//! Text is checked for UTF-8 and freed of a byte order mark. What goes wrong is a [`Problem`] of the file, which is in
//! the book all the same: links to it are not missed as well.

use std::fs;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use super::stat::Stat;
use crate::diagnostic::{Code, Diagnostic};
use crate::digest::Digest;
use crate::source::{File, FileId, Span};

/// Files of more bytes than this are not read as text.
const MAX_TEXT: u64 = 256 * 1024 * 1024;
/// Files that are copied are known by their bytes up to this many, larger ones by their times.
const MAX_DIGESTED: u64 = 16 * 1024 * 1024;

/// A file that was read.
pub(super) struct Loaded {
    /// As the pipeline sees it.
    pub file: File,
    /// What the system said of it before it was read; none if it was not read.
    pub stat: Option<Stat>,
    /// Of the bytes of a file that is copied, if that was asked for.
    pub bytes: Option<Digest>,
    /// What is wrong with it.
    pub problem: Option<Box<Problem>>,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    code: Code,
    /// The bytes it is about.
    place: Range<usize>,
    message: String,
    help: &'static str,
}

impl Problem {
    fn whole(code: Code, message: impl Into<String>, help: &'static str) -> Self {
        Self { code, place: 0..0, message: message.into(), help }
    }

    /// A link to a file that is not in the book.
    pub(super) fn outside() -> Self {
        let help = "copy the file into the book instead";
        Self::whole(Code::PathOutside, "this link leads out of the book", help)
    }

    /// Neither file nor folder.
    pub(super) fn no_file() -> Self {
        let help = "remove it: sockets, pipes and devices are not copied";
        Self::whole(Code::FileUnreadable, "this is not a file", help)
    }

    /// As it is reported of `file`.
    pub(super) fn diagnostic(&self, file: FileId) -> Diagnostic {
        let span = Span::new(file, self.place.start, self.place.end);
        Diagnostic::new(self.code, span, &self.message).help(self.help)
    }
}

/// A file that is not read because of `problem`.
pub(super) fn barred(path: &str, problem: Problem) -> Loaded {
    Loaded { file: File::text(path, ""), stat: None, bytes: None, problem: Some(Box::new(problem)) }
}

/// Reads the file at `path` in the book at `root`. Of one that is copied the bytes are looked at only if `digests`
/// says so of it. None if there is no file.
pub(super) fn read(root: &Path, path: &str, digests: impl FnOnce(&Stat) -> bool) -> Option<Loaded> {
    let disk = root.join(path);
    let loaded = if is_text(path) { text(path, &disk) } else { asset(path, &disk, digests) };
    match loaded {
        Ok(loaded) => Some(loaded),
        Err(error) if is_missing(&error) => None,
        Err(error) => {
            let message = format!("cannot read this file: {}", reason(&error));
            Some(barred(path, Problem::whole(Code::FileUnreadable, message, "check its permissions")))
        }
    }
}

/// Whether an error says that there is nothing.
pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether an error says nothing of the file, but that this program or the system has no room to open any.
pub(super) fn is_short_of_files(error: Option<&io::Error>) -> bool {
    // The numbers of EMFILE and ENFILE on all Unix systems; std has no names for them.
    cfg!(unix) && matches!(error.and_then(io::Error::raw_os_error), Some(23 | 24))
}

/// A system error in words that do not name the system's numbers.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "it is a link to nothing".to_owned(),
        _ => error.to_string(),
    }
}

/// Files that the build reads; everything else is copied. Beside pages that is Markdown alone: a `.toml` there is
/// something to download.
fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match path.strip_prefix("content/") {
        Some(page) if page.starts_with("examples/") => extension == "yaml",
        Some(page) => extension == "md" && !page.starts_with("static/"),
        None => matches!(extension, "html" | "css" | "js" | "xml" | "txt" | "toml"),
    }
}

fn text(path: &str, disk: &Path) -> io::Result<Loaded> {
    let mut file = fs::File::open(disk)?;
    let stat = Stat::of(&file.metadata()?);
    if stat.size > MAX_TEXT {
        let message = format!("this file has {} bytes, too many for text", stat.size);
        return Ok(barred(path, Problem::whole(Code::FileUnreadable, message, "split it")));
    }
    let bytes = all_bytes(&mut file, stat.size)?;
    let (text, problem) = decode(bytes);
    Ok(Loaded { file: File::text(path, text), stat: Some(stat), bytes: None, problem: problem.map(Box::new) })
}

/// Reads a file of `size` bytes, or however many it has by now. One more is asked for, so that a whole file is known
/// by a single call.
fn all_bytes(file: &mut fs::File, size: u64) -> io::Result<Vec<u8>> {
    let size = usize::try_from(size).map_err(io::Error::other)?;
    let mut bytes = vec![0; size + 1];
    let mut length = 0;
    while length < bytes.len() {
        match file.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length == size {
            break;
        }
    }
    bytes.truncate(length);
    if length > size {
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn decode(mut bytes: Vec<u8>) -> (String, Option<Problem>) {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    let error = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error,
    };
    let at = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let help = if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        "it looks like UTF-16: save it as UTF-8"
    } else {
        "save it as UTF-8 in your editor"
    };
    let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count();
    let message = format!("line {line} is not UTF-8 text: byte 0x{:02X}", bytes[at]);
    let place = at..at + char::REPLACEMENT_CHARACTER.len_utf8();
    // The rest of the text stays, so that links to its headings are not missed as well.
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (text, Some(Problem { code: Code::FileNotUtf8, place, message, help }))
}

fn asset(path: &str, disk: &Path, digests: impl FnOnce(&Stat) -> bool) -> io::Result<Loaded> {
    let stat = Stat::of(&fs::metadata(disk)?);
    let bytes = if digests(&stat) { digest(disk) } else { None };
    let file = File::asset(path, disk, pixels(disk));
    Ok(Loaded { file, stat: Some(stat), bytes, problem: None })
}

/// The digest of a file's bytes, unless they are too many or cannot be read.
pub(super) fn digest(disk: &Path) -> Option<Digest> {
    let mut file = fs::File::open(disk).ok()?;
    let size = file.metadata().ok()?.len();
    let bytes = if size > MAX_DIGESTED { None } else { all_bytes(&mut file, size).ok() };
    bytes.map(|bytes| Digest::of(&bytes))
}

/// Width and height of an image, from its header.
fn pixels(path: &Path) -> Option<(usize, usize)> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    if !matches!(extension.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif") {
        return None;
    }
    imagesize::size(path).ok().map(|size| (size.width, size.height))
}
