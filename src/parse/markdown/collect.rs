//! From the parser's events to ours: merged text, Chinese line breaks, links from bare addresses, leaked
//! markers.
//!
//! One pass over the events, in order. This module knows which events stand next to each other; it does not
//! decide how the text is parsed, and asks its neighbours what is Chinese, what is a formula and what is an
//! address.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::super::autolink;
use super::super::cjk::{is_full_width_mark, is_shared_mark, is_wide};
use super::Spanned;
use super::formula::is_formula;
use super::run::Run;

/// What to do with a pair of dollar signs that holds no formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    /// Report where it opens, so that the text can be parsed again without it.
    Report,
    /// Turn the whole of it into text.
    IntoText,
}

/// What the pass found.
#[derive(Default)]
pub struct Collected<'a> {
    /// The events, in order.
    pub events: Vec<Spanned<'a>>,
    /// Where `**` or `~~` stayed in the text although it stands between characters, or is one of several by
    /// a word.
    pub leaks: Vec<Range<usize>>,
    /// The dollar signs, by their place in the original, that open what is no formula.
    pub money: Vec<usize>,
}

/// Puts `events`, as the parser gives them for `source`, in order.
pub fn collect<'a>(
    source: &'a str,
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
    money: Money,
) -> Collected<'a> {
    let mut collector = Collector {
        source,
        money,
        has_addresses: memchr::memmem::find(source.as_bytes(), b"://").is_some(),
        collected: Collected {
            events: Vec::with_capacity(source.len() / BYTES_PER_EVENT),
            ..Collected::default()
        },
        run: None,
        held_break: None,
        open_break: None,
        last: None,
        leaks: Vec::new(),
        place: Place::default(),
    };
    for (event, span) in events {
        collector.take(event, span);
    }
    collector.finish_run();
    collector.finish_leaks();
    collector.collected
}

/// Few pages have more events than one for so many bytes.
const BYTES_PER_EVENT: usize = 20;

struct Collector<'a> {
    source: &'a str,
    money: Money,
    has_addresses: bool,
    collected: Collected<'a>,
    /// Text that is no event yet because more of it may follow.
    run: Option<Run<'a>>,
    /// A line break right behind the run, which may stand for nothing.
    held_break: Option<Range<usize>>,
    /// The index of a line break among the events, which may stand for nothing, if only inline tags follow
    /// it.
    open_break: Option<usize>,
    /// The character that a reader sees last, if the last visible thing is one.
    last: Option<char>,
    /// The markers that may be leaks, of the block so far.
    leaks: Vec<Leak>,
    place: Place,
}

/// A marker that stayed in the text, next to a character.
struct Leak {
    span: Range<usize>,
    /// Whether there is a character on the other side as well.
    is_between: bool,
}

/// What the next event is inside of.
#[derive(Default)]
struct Place {
    links: usize,
    is_code: bool,
    is_anchor: bool,
}

/// How an event stands to the line it is in.
enum Visibility {
    /// Shows nothing itself: what is before and what is behind it are neighbours.
    Through,
    /// Shows something that is no character of the text, or ends the line.
    Solid,
}

impl<'a> Collector<'a> {
    fn take(&mut self, event: Event<'a>, span: Range<usize>) {
        match event {
            Event::Text(text) => self.take_text(&text, span),
            Event::SoftBreak => {
                self.release_break();
                self.held_break = Some(span);
            }
            Event::InlineMath(content) => self.take_math(content, span),
            other => {
                self.release_break();
                self.finish_run();
                self.place.pass(&other);
                if let Visibility::Solid = visibility(&other) {
                    self.last = None;
                    self.open_break = None;
                }
                if ends_block(&other) {
                    self.finish_leaks();
                }
                self.push(other, span);
            }
        }
    }

    fn take_text(&mut self, text: &str, span: Range<usize>) {
        let Some(first) = text.chars().next() else {
            return;
        };
        let stands_for_nothing = self.last.is_some_and(|last| joins(last, first));
        if let Some(index) = self.open_break.take_if(|_| stands_for_nothing) {
            self.collected.events.remove(index);
        }
        if stands_for_nothing {
            self.held_break = None;
        }
        self.release_break();
        self.open_break = None;
        match &mut self.run {
            Some(run) => run.push(text, span),
            None => self.run = Some(Run::new(self.source, text, span)),
        }
        self.last = text.chars().next_back();
    }

    fn take_math(&mut self, content: CowStr<'a>, span: Range<usize>) {
        let behind = self.source[span.end..].chars().next();
        let before = self.source[..span.start].chars().next_back();
        let is_formula = is_formula(&content, before, behind);
        match self.money {
            Money::IntoText if !is_formula => {
                let source = self.source;
                return self.take_text(&source[span.clone()], span);
            }
            Money::Report if !is_formula => self.collected.money.push(span.start),
            _ => {}
        }
        self.release_break();
        self.finish_run();
        self.last = None;
        self.open_break = None;
        self.push(Event::InlineMath(content), span);
    }

    /// Lets a held line break stand, for now.
    fn release_break(&mut self) {
        if let Some(span) = self.held_break.take() {
            self.finish_run();
            self.open_break = Some(self.collected.events.len());
            self.push(Event::SoftBreak, span);
        }
    }

    fn finish_run(&mut self) {
        let Some(run) = self.run.take() else { return };
        if !self.place.is_code {
            self.note_leaks(&run);
        }
        let may_link = self.has_addresses && self.place.may_link();
        let addresses = if may_link { autolink::addresses(run.text()) } else { Vec::new() };
        if addresses.is_empty() {
            let span = run.span.clone();
            return self.push(Event::Text(run.into_text()), span);
        }
        let mut written = 0;
        for address in addresses {
            self.push_part(&run, written..address.start);
            written = address.end;
            self.push_link(&run, address);
        }
        self.push_part(&run, written..run.text().len());
    }

    fn push_link(&mut self, run: &Run<'a>, address: Range<usize>) {
        let span = run.span_of(address.clone());
        let tag = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: run.slice(address.clone()),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        self.push(Event::Start(tag), span.clone());
        self.push_part(run, address);
        self.push(Event::End(TagEnd::Link), span);
    }

    fn push_part(&mut self, run: &Run<'a>, part: Range<usize>) {
        if !part.is_empty() {
            let span = run.span_of(part.clone());
            self.push(Event::Text(run.slice(part)), span);
        }
    }

    fn push(&mut self, event: Event<'a>, span: Range<usize>) {
        self.collected.events.push((event, span));
    }

    fn note_leaks(&mut self, run: &Run<'a>) {
        let bytes = run.text().as_bytes();
        let mut end = 0;
        for start in memchr::memchr2_iter(b'*', b'~', bytes) {
            if start < end {
                continue;
            }
            end = start + bytes[start..].iter().take_while(|&&b| b == bytes[start]).count();
            let span = run.span_of(start..end);
            let is_as_written = self.source.as_bytes().get(span.clone()) == Some(&bytes[start..end]);
            if end - start >= 2 && is_as_written {
                self.leaks.extend(leak(self.source, span));
            }
        }
    }

    /// One marker with a space on one side may be meant; two of them in a text were to emphasise what is
    /// between.
    fn finish_leaks(&mut self) {
        let is_pair = self.leaks.len() > 1;
        let leaks = self.leaks.drain(..).filter(|leak| is_pair || leak.is_between);
        self.collected.leaks.extend(leaks.map(|leak| leak.span));
    }
}

impl Place {
    fn may_link(&self) -> bool {
        self.links == 0 && !self.is_code && !self.is_anchor
    }

    /// Follows the author into and out of what `event` opens or closes.
    fn pass(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => self.links += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => self.links -= 1,
            Event::Start(Tag::CodeBlock(_)) => self.is_code = true,
            Event::End(TagEnd::CodeBlock) => self.is_code = false,
            Event::InlineHtml(html) => self.is_anchor = is_anchor_behind(html).unwrap_or(self.is_anchor),
            // An `<a>` that is never closed must not reach into the next paragraph.
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell | TagEnd::Item) => {
                self.is_anchor = false
            }
            _ => {}
        }
    }
}

fn visibility(event: &Event<'_>) -> Visibility {
    use Tag::{Emphasis, Link, Strikethrough, Strong};
    match event {
        Event::Start(Emphasis | Strong | Strikethrough | Link { .. })
        | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)
        | Event::FootnoteReference(_)
        | Event::InlineHtml(_) => Visibility::Through,
        _ => Visibility::Solid,
    }
}

fn ends_block(event: &Event<'_>) -> bool {
    matches!(event, Event::Start(_) | Event::End(_)) && matches!(visibility(event), Visibility::Solid)
}

/// Whether a line break between these two stands for nothing. Full-width punctuation brings its own space,
/// whatever is on its other side. A quote or dash shared with Western text takes after the other.
fn joins(last: char, first: char) -> bool {
    if is_full_width_mark(last) || is_full_width_mark(first) {
        return true;
    }
    match (is_wide(last), is_wide(first)) {
        (true, true) => true,
        (true, false) => is_shared_mark(first),
        (false, true) => is_shared_mark(last),
        (false, false) => false,
    }
}

/// Whether an anchor of the author's own is open behind this tag, if the tag says anything about it.
fn is_anchor_behind(html: &str) -> Option<bool> {
    let name_end = html.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
    match html[..name_end].to_ascii_lowercase().as_str() {
        "<a" => Some(true),
        "</a" => Some(false),
        _ => None,
    }
}

fn leak(source: &str, span: Range<usize>) -> Option<Leak> {
    let (before, behind) = (&source[..span.start], &source[span.end..]);
    let is_escaped = before.bytes().rev().take_while(|&b| b == b'\\').count() % 2 == 1;
    let is_visible = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let sides = (is_visible(before.chars().next_back()), is_visible(behind.chars().next()));
    let is_candidate = !is_escaped && (sides.0 || sides.1);
    is_candidate.then_some(Leak { span, is_between: sides.0 && sides.1 })
}
