//! Our own course with bytes changed at random: no panic, and every place that is pointed at exists.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use bilayer::diagnostic::Diagnostic;
use bilayer::load::built_in;
use bilayer::output::Memory;
use bilayer::pipeline::{self, Options, Quiet};
use bilayer::report::{json, terminal};
use bilayer::source::{File, Sources, Span};

use crate::random::Random;

/// How long to go on; what is not found in this time is found by running it longer.
const TIME: Duration = Duration::from_secs(8);
/// Pages of one book: few, so that many books are tried.
const PAGES: usize = 4;

/// What mutations put in: what means something to one of the parsers, or is hard to cut.
const PIECES: [&str; 60] = [
    "---\n",
    "\n",
    "\r\n",
    "\t",
    " ",
    ":",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "#",
    "&a ",
    "*a",
    "|",
    ">",
    "!",
    "%",
    "@",
    "`",
    "```",
    "$",
    "$$",
    "\\",
    "\\frac{",
    "^",
    "_",
    "*",
    "**",
    "~~",
    "<",
    "</",
    "<!--",
    "-->",
    "](",
    "](../",
    "![",
    "[^1]",
    "[^1]: ",
    "=",
    "==",
    "\0",
    "\u{feff}",
    "\u{200d}",
    "字",
    "。**",
    "“",
    "😀",
    "é",
    "e\u{301}",
    "title: ",
    "tags: [",
    "[languages.",
    "site-url = \"",
    "{#",
    "|-|",
    "&#x0;",
];

/// The files of the course that are text.
fn course() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("content")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the course is there") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name =
                    path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).expect("pages are UTF-8")));
            }
        }
    }
    files.sort();
    files
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Puts something in, takes something out, or says something twice.
fn mutate(text: &mut String, random: &mut Random) {
    // Front matter is short; half of the changes go there.
    let reach = if random.below(2) == 0 { 300 } else { text.len() + 1 };
    let at = floor(text, random.below(reach.max(1)));
    let end = floor(text, at + random.below(40)).max(at);
    match random.below(4) {
        0 => text.insert_str(at, random.choose::<&str>(&PIECES)),
        1 => text.replace_range(at..end, ""),
        2 => text.replace_range(at..end, random.choose::<&str>(&PIECES)),
        _ => {
            let again = text[at..end].repeat(1 + random.below(30));
            text.insert_str(at, &again);
        }
    }
}

fn check_span(sources: &Sources, span: Span, diagnostic: &Diagnostic) {
    let text = sources.text(span.file);
    let (start, end) = (span.start as usize, span.end as usize);
    let path = sources.path(span.file);
    assert!(start <= end && end <= text.len(), "{path}: {start}..{end} of {}: {diagnostic:?}", text.len());
    let whole = text.is_char_boundary(start) && text.is_char_boundary(end);
    assert!(whole, "{path}: {start}..{end} cuts a character: {diagnostic:?}");
}

fn check_book(files: &[(String, String)]) {
    let own = files.iter().cloned().map(|(path, text)| File::text(path, text));
    let sources = Sources::new(built_in().into_iter().chain(own).collect());
    let options = Options { drafts: true, ..Options::default() };
    let mut memory = pipeline::Memory::default();
    let outcome = pipeline::build(&sources, &options, &mut memory, &Memory::new(), &Quiet);
    for diagnostic in &outcome.diagnostics {
        let related = diagnostic.related.iter().map(|(span, _)| *span);
        let fix = diagnostic.fix.as_ref().map(|fix| fix.span);
        for span in diagnostic.span.into_iter().chain(related).chain(fix) {
            check_span(&sources, span, diagnostic);
        }
    }
    // Some of a flood are as good as all.
    for diagnostic in outcome.diagnostics.iter().take(20) {
        assert!(!terminal::render(&sources, diagnostic, terminal::Style::Coloured).is_empty());
        serde_json::to_string(&json::report(&sources, diagnostic)).expect("a report is JSON");
    }
}

#[test]
fn a_changed_course_is_built_or_reported() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let toml = fs::read_to_string(root.join("book.toml")).expect("the course has one");
    let course = course();
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
    let time = std::env::var("FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let time = time.map_or(TIME, Duration::from_secs);
    let mut random = Random::new(seed);
    let start = Instant::now();
    let mut round = 0;
    while start.elapsed() < time {
        let mut files = vec![("book.toml".to_owned(), toml.clone())];
        files.extend((0..PAGES).map(|_| random.choose(&course).clone()));
        for _ in 0..=random.below(6) {
            let at = random.below(files.len());
            mutate(&mut files[at].1, &mut random);
        }
        let tried = std::panic::catch_unwind(|| check_book(&files));
        if tried.is_err() {
            for (path, text) in &files {
                eprintln!("-- {path} --\n{text}");
            }
            panic!("round {round} of seed {seed}: the book above");
        }
        round += 1;
    }
    assert!(round > 20, "only {round} books were tried");
}
