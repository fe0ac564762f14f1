//! Markdown text to events: CommonMark with the usual extensions, right for Chinese.
//!
//! The parser underneath is pulldown-cmark. What it gets wrong for Chinese is put right on both sides of
//! it: before, by edits that make it read the text differently and that leave no trace; after, in one pass
//! over its events. This module knows the syntax of a page's body and nothing of front matter, of other
//! files or of HTML.

mod collect;
mod flanking;
mod formula;
mod run;
mod standin;

use std::ops::Range;

use crate::lang::Quotes;

use memchr::memmem;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use collect::{Collected, Money, collect};
use standin::{Edit, Prepared, StandIn};

/// Parses `body`, the text of a page behind its front matter. Never fails; spans are ranges of bytes of
/// `body`.
#[must_use]
pub fn events(body: &str, quotes: Quotes) -> Parsed<'_> {
    if is_too_deep(body) {
        return plain(body);
    }
    let mut edits = flanking::edits(body);
    add(&mut edits, container_colons(body), StandIn::Colon);
    for _ in 0..MONEY_ROUNDS {
        let collected = parse(body, &edits, quotes, Money::Report);
        if collected.money.is_empty() {
            return collected.into();
        }
        add(&mut edits, collected.money, StandIn::Dollar);
    }
    parse(body, &edits, quotes, Money::IntoText).into()
}

/// A page's body, parsed.
#[derive(Clone, Debug, Default)]
pub struct Parsed<'a> {
    /// The events, in order; adjacent text is one event.
    pub events: Vec<Spanned<'a>>,
    /// Where `**` or `~~` stands by a word and yet is no markup: most likely emphasis that did not work.
    pub leaks: Vec<Range<usize>>,
    /// Whether quotes and lists are nested deeper than any text needs; the events then are the whole body
    /// as one paragraph.
    pub too_deep: bool,
}

/// One event and where it was found: a range of bytes of the body.
pub type Spanned<'a> = (Event<'a>, Range<usize>);

/// Dollar signs are paired anew when some turn out to be money, which can bring up new false pairs; usually
/// one round does.
const MONEY_ROUNDS: usize = 8;

/// The most block quotes and list items that may open on one line. Beyond, the parser's time would grow
/// with the square.
const MAX_CONTAINERS: usize = 100;

fn options(quotes: Quotes) -> Options {
    let typography = match quotes {
        Quotes::AsTyped => Options::empty(),
        Quotes::Curly => Options::ENABLE_SMART_PUNCTUATION,
    };
    typography
        | Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
        | Options::ENABLE_DEFINITION_LIST
}

fn parse<'a>(body: &'a str, edits: &[Edit], quotes: Quotes, money: Money) -> Collected<'a> {
    // Most English pages need no edit, and then no way back.
    if edits.is_empty() {
        return collect(body, Parser::new_ext(body, options(quotes)).into_offset_iter(), money);
    }
    let prepared = Prepared::new(body, edits);
    let events = Parser::new_ext(prepared.text(), options(quotes)).into_offset_iter();
    collect(body, events.map(|event| prepared.original(event)), money)
}

impl<'a> From<Collected<'a>> for Parsed<'a> {
    fn from(collected: Collected<'a>) -> Self {
        Self { events: collected.events, leaks: collected.leaks, too_deep: false }
    }
}

fn add(edits: &mut Vec<Edit>, places: impl IntoIterator<Item = usize>, what: StandIn) {
    edits.extend(places.into_iter().map(|at| Edit { at, what }));
    edits.sort_by_key(|edit| edit.at);
}

/// Where `:::` begins a line: to the parser its first colon would make a definition of the line, with the
/// text before it as the term.
fn container_colons(body: &str) -> impl Iterator<Item = usize> {
    let bytes = body.as_bytes();
    let is_first = |&at: &usize| at == 0 || matches!(bytes[at - 1], b'\n' | b'\r' | b' ' | b'\t' | b'>');
    memmem::find_iter(bytes, ":::").filter(is_first)
}

fn is_too_deep(body: &str) -> bool {
    let mut start = 0;
    let ends = memchr::memchr2_iter(b'\n', b'\r', body.as_bytes()).chain([body.len()]);
    ends.into_iter().any(|end| {
        let line = &body[start..end];
        start = end + 1;
        line.len() > MAX_CONTAINERS && containers(line) > MAX_CONTAINERS
    })
}

/// How many block quotes, list items, definitions and footnotes open on `line`.
fn containers(line: &str) -> usize {
    let (mut count, mut rest) = (0, line.trim_start());
    while let Some(behind) = behind_marker(rest) {
        count += 1;
        rest = behind.trim_start();
    }
    if rest.is_empty() && is_rule(line) { 0 } else { count }
}

/// Whether `line` is a rule across the page, such as `- - -`, and so no list.
fn is_rule(line: &str) -> bool {
    let is_made_of = |mark| line.bytes().all(|b| b == mark || b.is_ascii_whitespace());
    is_made_of(b'-') || is_made_of(b'*')
}

fn behind_marker(line: &str) -> Option<&str> {
    if let Some(footnote) = line.strip_prefix("[^") {
        return footnote.split_once("]:").map(|(_, behind)| behind);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let behind = line.get(digits + 1..)?;
    let is_spaced = behind.is_empty() || behind.starts_with([' ', '\t']);
    let is_marker = match line.as_bytes()[digits] {
        b'>' | b':' => digits == 0,
        b'-' | b'*' | b'+' => digits == 0 && is_spaced,
        b'.' | b')' => digits > 0 && is_spaced,
        _ => false,
    };
    is_marker.then_some(behind)
}

fn plain(body: &str) -> Parsed<'_> {
    let span = 0..body.len();
    let events = [Event::Start(Tag::Paragraph), Event::Text(body.into()), Event::End(TagEnd::Paragraph)];
    let events = events.into_iter().map(|event| (event, span.clone())).collect();
    Parsed { events, leaks: Vec::new(), too_deep: true }
}

#[cfg(test)]
mod tests;
