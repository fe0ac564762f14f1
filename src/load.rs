//! A folder to [`Sources`]; the only reader of disk.
//!
//! Takes what a build can use: `book.toml`, `content/`, `themes/`, and the overrides `templates/`,
//! `static/`, `strings/`. Text is checked for UTF-8 and freed of a byte order mark; links that leave the
//! book or lead in a circle are reported. What a file means is for later stages.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{BUILT_IN, File, Sources, Span};

/// The folders of a book that a build reads.
const FOLDERS: [&str; 5] = ["content", "themes", "templates", "static", "strings"];
/// Files of more bytes than this are not read as text.
const MAX_TEXT: u64 = 256 * 1024 * 1024;
/// A book has fewer files than this. A few folders full of links to one another can seem to have any number.
const MAX_FILES: usize = 1_000_000;

/// The default theme, which comes with the program.
const DEFAULT_THEME: &[(&str, &str)] = &[
    ("templates/base.html", include_str!("../themes/default/templates/base.html")),
    ("templates/page.html", include_str!("../themes/default/templates/page.html")),
    ("templates/section.html", include_str!("../themes/default/templates/section.html")),
    ("templates/sidebar.html", include_str!("../themes/default/templates/sidebar.html")),
    ("templates/404.html", include_str!("../themes/default/templates/404.html")),
    ("templates/root.html", include_str!("../themes/default/templates/root.html")),
    ("strings/en.toml", include_str!("../themes/default/strings/en.toml")),
    ("strings/zh.toml", include_str!("../themes/default/strings/zh.toml")),
    ("static/bilayer.css", include_str!("../themes/default/static/bilayer.css")),
    ("static/bilayer.js", include_str!("../themes/default/static/bilayer.js")),
    ("static/favicon.svg", include_str!("../themes/default/static/favicon.svg")),
    ("theme.toml", include_str!("../themes/default/theme.toml")),
    ("templates/example-calc.html", include_str!("../themes/default/templates/example-calc.html")),
    ("static/examples.css", include_str!("../themes/default/static/examples.css")),
    ("scripts/math.js", include_str!("../themes/default/scripts/math.js")),
    ("scripts/format.js", include_str!("../themes/default/scripts/format.js")),
    ("scripts/evaluate.js", include_str!("../themes/default/scripts/evaluate.js")),
    ("scripts/plot.js", include_str!("../themes/default/scripts/plot.js")),
    ("scripts/calc.js", include_str!("../themes/default/scripts/calc.js")),
    ("scripts/trace.js", include_str!("../themes/default/scripts/trace.js")),
    ("scripts/quiz.js", include_str!("../themes/default/scripts/quiz.js")),
    ("scripts/main.js", include_str!("../themes/default/scripts/main.js")),
    ("templates/example-sources.html", include_str!("../themes/default/templates/example-sources.html")),
    ("templates/example-trace.html", include_str!("../themes/default/templates/example-trace.html")),
    ("templates/example-quiz.html", include_str!("../themes/default/templates/example-quiz.html")),
    ("templates/link.html", include_str!("../themes/default/templates/link.html")),
];

/// The files that come with the program.
#[must_use]
pub fn built_in() -> Vec<File> {
    let file = |&(path, text): &(&str, &str)| File::text(format!("{BUILT_IN}{path}"), text);
    DEFAULT_THEME.iter().map(file).collect()
}

/// Whether a file or folder of this name is no part of a book: hidden ones and the leavings of editors, but not
/// `.well-known`, which sites have (RFC 8615).
#[must_use]
pub fn is_hidden(name: &str) -> bool {
    (name.starts_with('.') && name != ".well-known")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || (name.starts_with('#') && name.ends_with('#'))
}

/// A file that was read, with its problem if there was one.
struct Loaded {
    file: File,
    problem: Option<Problem>,
}

struct Problem {
    code: Code,
    /// The bytes it is about.
    place: Range<usize>,
    message: String,
    help: &'static str,
}

/// Reads the book in the folder `root`.
///
/// # Errors
/// When `root` is not a folder that can be listed. Trouble with a single file is a diagnostic.
pub fn load(root: &Path) -> Result<(Sources, Vec<Diagnostic>)> {
    let root = root.canonicalize().with_context(|| format!("cannot find {}", root.display()))?;
    if !root.is_dir() {
        bail!("{} is not a folder", root.display());
    }
    let mut diagnostics = Vec::new();
    let entries = entries(&root, &mut diagnostics)?;
    let loaded: Vec<Loaded> = entries.par_iter().filter_map(|entry| read(&root, entry)).collect();
    let mut files = built_in();
    let mut problems = Vec::new();
    for Loaded { file, problem } in loaded {
        problems.extend(problem.map(|problem| (file.path.clone(), problem)));
        files.push(file);
    }
    let sources = Sources::new(files);
    for (path, problem) in problems {
        let Some(file) = sources.find(&path) else { continue };
        let span = Span::new(file, problem.place.start, problem.place.end);
        diagnostics.push(Diagnostic::new(problem.code, span, problem.message).help(problem.help));
    }
    Ok((sources, diagnostics))
}

/// Every file of the book, links followed.
fn entries(root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<DirEntry>> {
    let mut entries = Vec::new();
    let book = WalkDir::new(root.join(crate::config::FILE)).follow_links(true);
    let folders = FOLDERS.iter().map(|folder| WalkDir::new(root.join(folder)).follow_links(true));
    for walk in folders.chain([book]) {
        let mut walk = walk.sort_by_file_name().into_iter().filter_entry(is_visible);
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    if entry.path_is_symlink() && !is_inside(root, &entry) {
                        diagnostics.push(folder_outside(root, entry.path()));
                        walk.skip_current_dir();
                    }
                }
                Ok(_) if entries.len() == MAX_FILES => {
                    bail!("{} has more than {MAX_FILES} files: look for links that multiply", root.display())
                }
                Ok(entry) => entries.push(entry),
                Err(error) => diagnostics.extend(walk_problem(root, &error)),
            }
        }
    }
    Ok(entries)
}

fn folder_outside(root: &Path, path: &Path) -> Diagnostic {
    let message = format!("the link {} leads out of the book", relative(root, path));
    Diagnostic::nowhere(Code::PathOutside, message).help("copy the folder into the book instead")
}

fn is_visible(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !is_hidden(&entry.file_name().to_string_lossy())
}

fn walk_problem(root: &Path, error: &walkdir::Error) -> Option<Diagnostic> {
    let missing = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
    if missing && error.depth() == 0 && !error.path().is_some_and(Path::is_symlink) {
        return None;
    }
    let path = error.path().map_or_else(String::new, |path| relative(root, path));
    if let Some(ancestor) = error.loop_ancestor() {
        let message = format!("the link {path} leads back to {}", relative(root, ancestor));
        return Some(
            Diagnostic::nowhere(Code::PathOutside, message)
                .help("remove the link: a folder cannot contain itself"),
        );
    }
    let reason = error.io_error().map_or_else(|| error.to_string(), reason);
    let diagnostic = Diagnostic::nowhere(Code::FileUnreadable, format!("cannot read {path}: {reason}"));
    Some(diagnostic.help(if missing {
        "remove the link, or put the file there"
    } else {
        "check its permissions"
    }))
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

fn read(root: &Path, entry: &DirEntry) -> Option<Loaded> {
    let path = relative(root, entry.path());
    let bad = |code, message: String, help| {
        let file = File::text(path.clone(), "");
        Some(Loaded { file, problem: Some(Problem { code, place: 0..0, message, help }) })
    };
    if entry.path().strip_prefix(root).ok()?.to_str().is_none() {
        return bad(Code::FileNotUtf8, "the name of this file is not UTF-8".to_owned(), "rename it");
    }
    if !is_inside(root, entry) {
        return bad(
            Code::PathOutside,
            "this link leads out of the book".to_owned(),
            "copy the file into the book instead",
        );
    }
    if !entry.file_type().is_file() {
        return bad(
            Code::FileUnreadable,
            "this is not a file".to_owned(),
            "remove it: sockets, pipes and devices are not copied",
        );
    }
    if !is_text(&path) {
        let pixels = pixels(entry.path());
        return Some(Loaded { file: File::asset(path, entry.path(), pixels), problem: None });
    }
    let length = entry.metadata().map_or(0, |metadata| metadata.len());
    if length > MAX_TEXT {
        return bad(
            Code::FileUnreadable,
            format!("this file has {length} bytes, too many for text"),
            "split it",
        );
    }
    match fs::read(entry.path()) {
        Ok(bytes) => Some(text(path, bytes)),
        Err(error) => bad(
            Code::FileUnreadable,
            format!("cannot read this file: {}", reason(&error)),
            "check its permissions",
        ),
    }
}

/// Whether an entry lies in the book. Links are the only way out of it, and those to folders are checked where the
/// walk meets them.
fn is_inside(root: &Path, entry: &DirEntry) -> bool {
    !entry.path_is_symlink() || entry.path().canonicalize().is_ok_and(|real| real.starts_with(root))
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

fn text(path: String, mut bytes: Vec<u8>) -> Loaded {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Loaded { file: File::text(path, text), problem: None },
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let byte = bytes[at];
            let hint = if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
                "it looks like UTF-16: save it as UTF-8"
            } else {
                "save it as UTF-8 in your editor"
            };
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count();
            let message = format!("line {line} is not UTF-8 text: byte 0x{byte:02X}");
            // The rest of the text stays, so that links to its headings are not missed as well.
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let place = at..at + char::REPLACEMENT_CHARACTER.len_utf8();
            let problem = Problem { code: Code::FileNotUtf8, place, message, help: hint };
            Loaded { file: File::text(path, text), problem: Some(problem) }
        }
    }
}

/// Width and height of an image, from its header.
fn pixels(path: &Path) -> Option<(usize, usize)> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    if !matches!(extension.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif") {
        return None;
    }
    imagesize::size(path).ok().map(|size| (size.width, size.height))
}

/// A system error in words that do not name the system's numbers.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "it is a link to nothing".to_owned(),
        _ => error.to_string(),
    }
}
