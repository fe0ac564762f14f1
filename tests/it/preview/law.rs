//! The law over the real thing: what is served, with the one appended line taken off, is what a build gives.

use std::collections::BTreeSet;

use super::book::Book;
use super::command::Preview;
use crate::random::Random;
use crate::run::wait;
use crate::run::{self, bilayer};

/// A book with something of everything, mistakes too.
const BOOK: &str = include_str!("../warm/book.txt");
/// What makes it sound.
const MENDED: [(&str, &str); 2] =
    [("(price + tip) * 2 - 2 gwei", "price + tip"), (", that is [42](=fee.total) gwei", "")];
const EDITS: usize = 30;
/// After so many edits the site is compared.
const ROUND: usize = 3;

/// What a text of the book is changed to, in one place.
const PIECES: [&str; 12] = [
    "\n\n",
    "**",
    "> quoted\n",
    "[there](/s/deep.md)",
    "## New\n",
    "## Fees\n",
    "费用。",
    "`= fee.total`",
    "$x^2$",
    "- item\n",
    "weight: 7\n",
    "draft: true\n",
];

/// Texts for files that a book may have besides.
const EXTRAS: [(&str, &str); 6] = [
    (
        "templates/page.html",
        "{% extends \"default/page.html\" %}{% block after %}<p>Own</p>{% endblock after %}\n",
    ),
    ("strings/en.toml", "menu = \"Register\"\n"),
    ("static/extra.txt", "Extra.\n"),
    ("content/en/s/more.md", "---\ntitle: More\n---\n\n[up](../gas.md)\n"),
    ("content/zh/s/deep.md", "# 深处\n\n中文。\n"),
    ("content/zh/note.txt", "附注。\n"),
];

/// The files of a build of the book; none if the book has errors.
fn built(book: &Book) -> Option<Vec<(String, Vec<u8>)>> {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let line = format!("build --no-cache -q -d {}", out.path().display());
    let run = bilayer(book.folder(), &line);
    (run.status == 0).then(|| run::tree(out.path()).into_iter().collect())
}

/// In what the site that is served differs from a build of the book, which has no errors.
pub fn differences(preview: &Preview, book: &Book) -> Vec<String> {
    let files = built(book).expect("the book has no errors");
    wrong(preview, &files, &BTreeSet::new())
}

/// In what the site that is served differs from these files, and which of `others` it has besides.
fn wrong(preview: &Preview, files: &[(String, Vec<u8>)], others: &BTreeSet<String>) -> Vec<String> {
    let fault = |(path, bytes): &(String, Vec<u8>)| {
        let reply = preview.get(&encoded(path));
        let served = reply.page().unwrap_or_default();
        (reply.status != 200 || served != bytes)
            .then(|| format!("{path}: {}", first_difference(bytes, served)))
    };
    let mut faults: Vec<String> = files.iter().filter_map(fault).collect();
    let is_built = |path: &String| files.iter().any(|(built, _)| built == path);
    let more = others.iter().filter(|path| !is_built(path) && preview.get(&encoded(path)).status != 404);
    faults.extend(more.map(|path| format!("{path}: it is served, but not built")));
    faults
}

fn encoded(path: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(encode).collect()
}

fn first_difference(built: &[u8], served: &[u8]) -> String {
    let at = built.iter().zip(served).position(|(a, b)| a != b).unwrap_or(built.len().min(served.len()));
    let shown = |bytes: &[u8]| {
        let end = bytes.len().min(at + 80);
        String::from_utf8_lossy(&bytes[at.saturating_sub(40).min(end)..end]).into_owned()
    };
    format!("built `{}`, served `{}`", shown(built), shown(served))
}

/// One edit of the book on disk, drawn by lot; what it was.
fn edit(book: &Book, originals: &[(String, String)], random: &mut Random) -> String {
    let (file, original) = random.choose(originals);
    match random.below(8) {
        0 => {
            book.write(file, original);
            format!("{file} as it was")
        }
        1 if book.path(file).exists() && file.starts_with("content/zh/") => {
            book.remove(file);
            format!("{file} removed")
        }
        2 | 3 => {
            let (extra, text) = *random.choose(&EXTRAS);
            if book.path(extra).exists() {
                book.remove(extra)
            } else {
                book.write(extra, text)
            }
            format!("{extra} comes or goes")
        }
        _ if !file.ends_with(".md") || !book.path(file).exists() => {
            book.write(file, &original.replace("20 gwei", "30 gwei"));
            format!("{file} as it was, or nearly")
        }
        _ => {
            let text = book.read(file);
            let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).chain([0]).collect();
            let at = *random.choose(&lines);
            let piece = *random.choose(&PIECES);
            book.write(file, &format!("{}{piece}{}", &text[..at], &text[at..]));
            format!("{piece:?} at {at} of {file}")
        }
    }
}

/// Makes the book what it was.
fn mend(book: &Book, originals: &[(String, String)]) {
    EXTRAS.iter().filter(|(extra, _)| book.path(extra).exists()).for_each(|(extra, _)| book.remove(extra));
    originals.iter().for_each(|(file, text)| book.write(file, text));
}

/// Edits a book and compares all along, after mending it where there are errors; how often there were none.
#[track_caller]
fn check(seed: u64, base: &str) -> usize {
    let text = MENDED.iter().fold(BOOK.to_owned(), |text, (from, to)| text.replace(from, to));
    let book = Book::of(&text);
    book.write("book.toml", &format!("{}\n[output.html]\n{base}\n", book.read("book.toml").trim_end()));
    let texts = run::tree(book.folder())
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()));
    let texts: Vec<(String, String)> = texts.filter(|(path, _)| !path.ends_with(".png")).collect();
    let preview = Preview::start(book.folder(), "");
    let mut random = Random::new(seed);
    let (mut seen, mut story, mut compared) = (BTreeSet::new(), Vec::new(), 0);
    for number in 1..=EDITS {
        story.push(edit(&book, &texts, &mut random));
        // Some edits come all at once, others while somebody looks.
        if random.below(3) == 0 {
            preview.get("en/gas/");
        }
        if number % ROUND > 0 {
            continue;
        }
        let files = built(&book).unwrap_or_else(|| {
            mend(&book, &texts);
            story.push("all is mended".to_owned());
            built(&book).expect("the book as it was has no errors")
        });
        compared += usize::from(story.last().is_some_and(|last| last != "all is mended"));
        wait(&format!("the built site, seed {seed}, {story:#?}"), || {
            let wrong = wrong(&preview, &files, &seen);
            if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
        });
        seen.extend(files.into_iter().map(|(path, _)| path));
    }
    compared
}

#[test]
fn what_is_served_is_what_is_built() {
    let compared: usize = [(1, ""), (2, "site-url = \"https://example.org/l2/\"")]
        .map(|(seed, base)| check(seed, base))
        .iter()
        .sum();
    assert!(compared >= 4, "only {compared} times there was a book without errors");
}
