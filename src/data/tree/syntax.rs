//! What to say of a text that is no YAML, and where.
//!
//! The parser stops where it can go no further, often a line or more behind the mistake, and speaks of its own
//! states. Here the text around that place is looked at again. It knows the parser's phrases and how lines,
//! quotes and brackets look, nothing of trees.

mod bracket;
mod line;

use std::ops::Range;

use super::scalar;
use crate::data::words::{self, Words};

/// Where the parser stopped, and why.
pub struct Stop<'a> {
    /// The whole text.
    pub text: &'a str,
    /// What the parser says.
    pub complaint: &'a str,
    /// The byte at which it stopped.
    pub at: usize,
    /// The bytes of the scalar that it read last.
    pub last: Range<usize>,
}

/// The bytes of a mistake and what to say of it.
pub type Mistake = (Range<usize>, Words);

/// The phrase of which [`words::of_yaml`] makes the words for a line that is nothing known.
const NOTHING_KNOWN: &str = "did not find expected key";

/// Complaints whose place is right: a part of the complaint, what is wrong, what to do.
const PHRASES: [(&str, &str, &str); 11] = [
    (
        "comment intercepting",
        "a remark stands in the middle of a text of several lines",
        "move it above the text, or put the text in quotes if `#` belongs to it",
    ),
    ("separated from other tokens", "a space is missing before `#`", "write ` #`, or put the text in quotes"),
    ("document end marker", "nothing may follow `...` on its line", "remove it"),
    (
        "block sequence entries",
        "a list begins on a line of its own",
        "write `- ` on the next line, or put the text in quotes",
    ),
    (
        "expected '-' indicator",
        "this line stands in a list but does not begin with `- `",
        "begin it with `- `, or indent it like the keys that it belongs to",
    ),
    (
        "block mapping, did not find expected key",
        "the indentation of this line fits none of the lines above it",
        "keys that belong together begin exactly below one another",
    ),
    (
        "wrongly indented line in block",
        "this line is indented less than the text it belongs to",
        "begin all lines of the text below one another",
    ),
    (
        "<document start>",
        "this line does not belong to what stands above it",
        "begin all keys of the file at the start of a line",
    ),
    (
        "directive",
        "a line that begins with `%` is an instruction to YAML, and none is used in a book",
        "remove it",
    ),
    ("byte order mark", "an invisible character stands here, a byte order mark", "remove it"),
    ("unprintable character", "an invisible character stands here", "remove it"),
];

/// What is wrong in a text where the parser stopped.
pub fn mistake(stop: &Stop<'_>) -> Mistake {
    let says = |phrase: &str| stop.complaint.contains(phrase);
    if says("tab") && !says("tag") || says("valid YAML whitespace") {
        return tab(stop);
    }
    let open = bracket::open(stop.text, stop.at);
    if says("quoted scalar") {
        return quotes(stop, open.is_some());
    }
    if says("anchor") || says("tag") || says("the handle") {
        return refused(stop.text, stop.at);
    }
    if let Some(open) = open {
        return bracket::mistake(stop, open);
    }
    if let Some(range) = bracket::text_behind(stop.text, stop.at) {
        let words = said("there is text behind the closing bracket", "put the whole text in quotes");
        return quoting(stop.text, range, words);
    }
    if says("mapping values are not allowed") {
        return colon(stop);
    }
    if says("simple key expect") {
        return stray(stop.text, line::above(stop.text, stop.at));
    }
    phrase(stop)
}

/// A value that begins with an anchor, an alias or a tag.
pub fn refused(text: &str, at: usize) -> Mistake {
    let range = line::value_from(text, at, bracket::open(text, at).is_some());
    if text[at..].starts_with('!') {
        let words = said("tags are not used in a book", "remove it; text that begins with `!` goes in quotes");
        return (range, words);
    }
    let message = "anchors and aliases are not used in a book";
    if text[at..].starts_with('*') {
        return quoting(text, range, said(message, "write it out; text that begins with `*` goes in quotes"));
    }
    (range, said(message, "write it out; text that begins with `&` goes in quotes"))
}

/// A key in brackets that has no colon; `key` is how it is written.
pub fn no_colon(key: &str) -> Words {
    if key.contains('：') {
        return words::of_yaml(NOTHING_KNOWN, key, "");
    }
    match line::unspaced_colon(key) {
        Some(colon) => unspaced(key, colon),
        None => said(
            format!("`{key}` has no colon and no value"),
            "write `key: value`; text with a comma in it goes in quotes",
        ),
    }
}

/// A colon with no key before it.
pub fn no_key() -> Words {
    said("there is no key before the colon", "write `key: value`")
}

/// A list or a map as a key.
pub fn bracketed_key() -> Words {
    said("a key is text, not a list or a group of keys", "text that begins with a bracket goes in quotes")
}

fn said(message: impl Into<String>, help: impl Into<String>) -> Words {
    Words { message: message.into(), help: Some(help.into()), instead: None }
}

/// The mistake at `range` that quotes around it would mend.
fn quoting(text: &str, range: Range<usize>, words: Words) -> Mistake {
    let written = &text[range.clone()];
    let instead = if written.contains(['"', '\\']) {
        format!("'{}'", written.replace('\'', "''"))
    } else {
        format!("\"{written}\"")
    };
    (range, Words { instead: Some(instead), ..words })
}

fn unspaced(line: &str, colon: usize) -> Words {
    let instead = format!("{}: {}", &line[..colon], &line[colon + 1..]);
    Words { instead: Some(instead), ..said("a space is missing behind the colon", "write `key: value`") }
}

/// A tab at the start of a line, of the one where the parser stopped or of one that follows; else any.
fn tab(stop: &Stop<'_>) -> Mistake {
    let start = line::start(stop.text, stop.at);
    let rest = &stop.text[start..];
    let mut at = start;
    let leading = rest.split_inclusive('\n').find_map(|line| {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let found = indentation.find('\t').map(|tab| at + tab);
        at += line.len();
        found
    });
    let tab = leading.or_else(|| rest.find('\t').map(|tab| start + tab)).unwrap_or(stop.at);
    let end = stop.text.len() - stop.text[tab..].trim_start_matches('\t').len();
    (tab..end, words::of_yaml(stop.complaint, "", "\t"))
}

/// A quote that is never closed, text behind one that is, or a backslash in it.
fn quotes(stop: &Stop<'_>, is_in_brackets: bool) -> Mistake {
    let text = stop.text;
    if stop.complaint.contains("trailing content") {
        return behind_quote(stop, is_in_brackets);
    }
    if stop.complaint.contains("while parsing a quoted scalar") {
        return escape(stop);
    }
    let range = stop.at..line::end(text, stop.at);
    let words = words::of_quotes(&text[range.clone()]);
    let words = words.unwrap_or_else(|| said("the quote is never closed", "close it"));
    // In brackets the end of the line is not where the quote belongs.
    let instead = words.instead.filter(|_| !is_in_brackets);
    (range, Words { instead, ..words })
}

/// Text behind a closing quote. That quote may have been meant to open: then an earlier one was not closed.
fn behind_quote(stop: &Stop<'_>, is_in_brackets: bool) -> Mistake {
    let text = stop.text;
    let own = line::value(text, stop.at);
    if let Some(words) = words::of_quotes(&text[own.clone()]) {
        return quoted_again(text, own, words);
    }
    if !is_in_brackets {
        let start = line::start(text, stop.at);
        let lines = text[..start].char_indices().rev().filter(|&(_, c)| c == '\n').map(|(at, _)| at);
        let mut values = lines.map(|end| line::value(text, end));
        let above = values.find(|value| text[value.clone()].starts_with(['"', '\'']));
        if let Some((range, words)) = above.and_then(|value| unclosed(text, value)) {
            return (range, words);
        }
    }
    let words = said("there is text behind the closing quote", "put the whole text in quotes");
    (line::value_from(text, stop.at, is_in_brackets), words)
}

/// The words for a quoted value that is not closed on its line.
fn unclosed(text: &str, value: Range<usize>) -> Option<Mistake> {
    let mark = *text.as_bytes().get(value.start)?;
    let is_closed = scalar::closing(&text[..value.end], value.start + 1, mark).is_some();
    let words = words::of_quotes(&text[value.clone()]).filter(|_| !is_closed)?;
    Some((value, words))
}

/// A value in quotes with the same quotes inside it, as in `'it's'`: the other ones mend it.
fn quoted_again(text: &str, range: Range<usize>, words: Words) -> Mistake {
    let written = &text[range.clone()];
    let mark = written.chars().next().unwrap_or('"');
    let other = if mark == '"' { '\'' } else { '"' };
    let inside = written[1..].strip_suffix(mark).filter(|inside| !inside.contains([other, '\\']));
    let instead = inside.map(|inside| format!("{other}{inside}{other}")).or(words.instead);
    (range, Words { instead, ..words })
}

/// A backslash in double quotes that begins nothing YAML knows.
fn escape(stop: &Stop<'_>) -> Mistake {
    let needs_digits = !stop.complaint.contains("unknown escape");
    let mut chars = stop.text[stop.at..].char_indices();
    while let Some((at, c)) = chars.next() {
        let Some((next, named)) = (if c == '\\' { chars.next() } else { continue }) else { break };
        let is_numbered = matches!(named, 'x' | 'u' | 'U');
        let is_known = "0abtnvfre \"/\\N_LP\t\n\r".contains(named);
        if is_numbered && needs_digits || !is_numbered && !is_known {
            let range = stop.at + at..stop.at + next + named.len_utf8();
            let message = format!("`\\{named}` has no meaning in double quotes");
            return (range, said(message, "write `\\\\` for a backslash, or use single quotes"));
        }
    }
    phrase(stop)
}

/// A colon where no key can be: in a text, or in a line that was read as a part of the text above it.
fn colon(stop: &Stop<'_>) -> Mistake {
    let text = stop.text;
    let is_behind_last = stop.last.end <= stop.at && text[stop.last.end..stop.at].trim().is_empty();
    let value = if is_behind_last { stop.last.start } else { line::value(text, stop.at).start };
    let first = line::start(text, value);
    if first == line::start(text, stop.at) {
        let range = line::value_from(text, value, false);
        let words = words::of_yaml(stop.complaint, &text[range.clone()], "");
        return if words.instead.is_some() { quoting(text, range, words) } else { (range, words) };
    }
    let line = line::content(text, value);
    let is_typing_slip = line::unspaced_colon(&text[line.clone()]).is_some() || text[line.clone()].contains('：');
    if line.start == value && is_typing_slip {
        return stray(text, line);
    }
    let range = line::content(text, stop.at).start..stop.at + 1;
    let message = "this line is read as a part of the text above it, where no key can be";
    (range, said(message, "indent it like the keys that it belongs to, or put the text in quotes"))
}

/// A line that is no key with a value.
fn stray(text: &str, line: Range<usize>) -> Mistake {
    let written = &text[line.clone()];
    let words = match line::unspaced_colon(written) {
        Some(colon) => unspaced(written, colon),
        None => words::of_yaml(NOTHING_KNOWN, written, ""),
    };
    (line, words)
}

/// What is wrong right where the parser stopped.
fn phrase(stop: &Stop<'_>) -> Mistake {
    let text = stop.text;
    let range = line::value_from(text, stop.at, false);
    let before = text[line::start(text, stop.at)..stop.at].trim();
    if before == "-" && stop.complaint.contains("expected key") {
        let message = "a list stands here beside keys";
        let dash = line::content(text, stop.at).start;
        return (dash..range.end, said(message, "put it below a key that has no other value"));
    }
    match PHRASES.iter().find(|(phrase, ..)| stop.complaint.contains(phrase)) {
        Some((_, message, help)) => (range, said(*message, *help)),
        None => {
            let words = words::of_yaml(NOTHING_KNOWN, &text[range.clone()], "");
            (range, words)
        }
    }
}
