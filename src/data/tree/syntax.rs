//! What to say of a text that is no YAML, and where.
//!
//! The parser stops where it can go no further, often a line or more behind the mistake, and speaks of its own
//! states. Here the text around that place is looked at again. It knows the parser's phrases and how lines,
//! quotes and brackets look, nothing of trees.

mod bracket;
mod line;

use std::ops::Range;

use crate::data::words::{self, Words};
use bracket::Before;

pub use line::start as line_start;

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
const PHRASES: [(&str, &str, &str); 9] = [
    (
        "comment intercepting",
        "a comment stands in the middle of a text of several lines",
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
        "mapping keys are not allowed",
        "`?` has a meaning of its own at the start of a value",
        "put the text in quotes",
    ),
];

/// What is wrong in a text where the parser stopped.
pub fn mistake(stop: &Stop<'_>) -> Mistake {
    let says = |phrase: &str| stop.complaint.contains(phrase);
    if let Some(range) = directive(stop) {
        let message = "a line that begins with `%` instructs the parser, and a book needs none";
        return (range, said(message, "remove it, or put the text in quotes"));
    }
    if says("byte order mark") || says("unprintable character") {
        return invisible(stop);
    }
    if says("tab") || says("valid YAML whitespace") {
        return tab(stop);
    }
    let before = bracket::before(stop.text, stop.at);
    if says("quoted scalar") {
        return quotes(stop, &before);
    }
    if let Some(range) = bracket::text_behind(stop.text, stop.at).filter(|_| before.bracket.is_none()) {
        let words = said("there is text behind the closing bracket", "put the whole text in quotes");
        return quoting(stop.text, range, words);
    }
    if says("unexpected character") {
        let range = line::value_from(stop.text, stop.at, before.bracket.is_some());
        let words = words::of_yaml(stop.complaint, &stop.text[range.clone()], "");
        return quoting(stop.text, range, words);
    }
    if says("anchor") || says("tag") || says("the handle") {
        return refused(stop.text, stop.at);
    }
    if let Some(open) = before.bracket {
        return bracket::mistake(stop, open);
    }
    if says("mapping values are not allowed") {
        return colon(stop);
    }
    if says("simple key expect") {
        return stray(stop.text, line::without_key_above(stop.text, stop.at));
    }
    phrase(stop)
}

/// A value that begins with an anchor, an alias or a tag.
pub fn refused(text: &str, at: usize) -> Mistake {
    let range = line::value_from(text, at, bracket::before(text, at).bracket.is_some());
    if text[at..].starts_with('!') {
        let words =
            said("tags are not used in a book", "remove it; text that begins with `!` goes in quotes");
        return (range, words);
    }
    let message = "anchors and aliases are not used in a book";
    if text[at..].starts_with('*') {
        return quoting(text, range, said(message, "write it out; text that begins with `*` goes in quotes"));
    }
    (range, said(message, "write it out; text that begins with `&` goes in quotes"))
}

/// A key without a colon at the bytes `at`.
pub fn no_colon(text: &str, at: Range<usize>) -> Words {
    let key = &text[at.clone()];
    // In quotes a colon is a part of the key, whatever kind it is.
    if !text[..at.start].ends_with(['"', '\'']) {
        if let Some(colon) = line::unspaced_colon(key) {
            return unspaced(key, colon);
        }
        if key.contains('：') {
            return words::of_yaml(NOTHING_KNOWN, key, "");
        }
    }
    said(
        format!("`{key}` has no colon and no value"),
        "write `key: value`; text with a comma in it goes in quotes",
    )
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

/// A line that begins with `%` where the parser stopped, or the line before, when it waits for a document.
fn directive(stop: &Stop<'_>) -> Option<Range<usize>> {
    let waits = stop.complaint.contains("<document start>");
    let own = line::content(stop.text, stop.at);
    let above = line::above(stop.text, stop.at);
    let is_directive = |line: &Range<usize>| {
        line::start(stop.text, line.start) == line.start && stop.text[line.start..].starts_with('%')
    };
    let speaks_of_it = ["directive", "TAG", "tag"].iter().any(|word| stop.complaint.contains(word));
    Some(own)
        .filter(|line| speaks_of_it && is_directive(line))
        .or(Some(above).filter(|line| waits && is_directive(line)))
}

/// A character that nobody sees.
fn invisible(stop: &Stop<'_>) -> Mistake {
    let length = stop.text[stop.at..].chars().next().map_or(0, char::len_utf8);
    let words = said("an invisible character stands here", "remove it");
    (stop.at..stop.at + length, Words { instead: Some(String::new()), ..words })
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
    let words = words::of_yaml(stop.complaint, "", "\t");
    let end = |tab: usize| stop.text.len() - stop.text[tab..].trim_start_matches('\t').len();
    if let Some(tab) = leading {
        return (tab..end(tab), words);
    }
    let tab = rest.find('\t').map_or(stop.at, |tab| start + tab);
    (tab..end(tab), Words { help: Some("write a space".to_owned()), instead: Some(" ".to_owned()), ..words })
}

/// A quote that is never closed, text behind one that is, or a backslash in it.
fn quotes(stop: &Stop<'_>, before: &Before) -> Mistake {
    if stop.complaint.contains("trailing content") {
        return behind_quote(stop, before);
    }
    if stop.complaint.contains("while parsing a quoted scalar") {
        return escape(stop);
    }
    unclosed(stop.text, stop.at, before.bracket.is_some())
}

/// A quote at `at` that is not closed on its line.
fn unclosed(text: &str, at: usize, is_in_brackets: bool) -> Mistake {
    let range = at..line::end(text, at);
    let words = words::of_quotes(&text[range.clone()]);
    let words = words.unwrap_or_else(|| said("the quote is never closed", "close it"));
    // In brackets the end of the line is not where the quote belongs.
    let instead = words.instead.filter(|_| !is_in_brackets);
    (range, Words { instead, ..words })
}

/// Text behind a closing quote. When the text in quotes began on an earlier line, it was to end there.
fn behind_quote(stop: &Stop<'_>, before: &Before) -> Mistake {
    let text = stop.text;
    let end = line::value_from(text, stop.at, before.bracket.is_some()).end;
    let quote = before.quote.unwrap_or(stop.at);
    if line::start(text, quote) != line::start(text, stop.at) {
        return unclosed(text, quote, before.bracket.is_some());
    }
    match words::of_quotes(&text[quote..end]) {
        Some(words) => quoted_again(text, quote..end, words),
        None => {
            (stop.at..end, said("there is text behind the closing quote", "put the whole text in quotes"))
        }
    }
}

/// A value in quotes with the same quotes inside it, as in `'it's'`: the other ones mend it.
fn quoted_again(text: &str, range: Range<usize>, words: Words) -> Mistake {
    let written = &text[range.clone()];
    let mark = written.chars().next().unwrap_or('"');
    let other = if mark == '"' { '\'' } else { '"' };
    let inside = written[1..].strip_suffix(mark).filter(|inside| !inside.contains([other, '\\']));
    // `'a' 'b'` is rather two texts.
    let inside = inside.filter(|inside| !inside.contains(&format!("{mark} ")));
    let instead = inside.map(|inside| format!("{other}{inside}{other}")).or(words.instead);
    (range, Words { instead, ..words })
}

/// A backslash in double quotes that begins nothing YAML knows.
fn escape(stop: &Stop<'_>) -> Mistake {
    let found = if stop.complaint.contains("unknown escape") {
        backslash(stop.text, stop.at, |named| !"0abtnvfre \"/\\N_LPxuU\t\n\r".contains(named))
    } else {
        backslash(stop.text, stop.at, |named| "xuU".contains(named))
    };
    found.unwrap_or_else(|| phrase(stop))
}

/// A backslash that makes a character no page can hold of the letter behind it, as in `"\frac"`. The value in double
/// quotes begins at `start`.
pub fn control(text: &str, start: usize) -> Option<Mistake> {
    backslash(text, start, |named| "0abvfe".contains(named))
}

/// The first backslash from `start` whose letter is wrong.
fn backslash(text: &str, start: usize, is_wrong: impl Fn(char) -> bool) -> Option<Mistake> {
    let mut chars = text[start..].char_indices();
    while let Some((at, c)) = chars.next() {
        let named = if c == '\\' { chars.next().map(|(_, named)| named) } else { None };
        if let Some(named) = named.filter(|named| is_wrong(*named)) {
            let range = start + at..start + at + 1 + named.len_utf8();
            let message = format!("`\\{named}` is no text in double quotes");
            return Some((range, said(message, "write `\\\\` for a backslash, or use single quotes")));
        }
    }
    None
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
    let line = value..line::end(text, value);
    let is_slip = line::unspaced_colon(&text[line.clone()]).is_some() || text[line.clone()].contains('：');
    if is_slip && text[first..value].trim_matches([' ', '-']).is_empty() {
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
    let own = line::content(text, stop.at);
    if text[own.clone()].starts_with('-') && own.start < stop.at && stop.complaint.contains("expected key") {
        let range = line::value_from(text, own.start, false);
        return (range, said("a list stands here beside keys", "put it below a key that has no other value"));
    }
    match PHRASES.iter().find(|(phrase, ..)| stop.complaint.contains(phrase)) {
        Some((_, message, help)) => (range, said(*message, *help)),
        None => {
            let words = words::of_yaml(NOTHING_KNOWN, &text[range.clone()], "");
            (range, words)
        }
    }
}
