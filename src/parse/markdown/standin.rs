//! Stand-ins: characters put into the text before it is parsed, and taken out of everything that comes
//! back.
//!
//! The parser is right for English and cannot be told otherwise, so the text it reads is edited where
//! Chinese needs another reading. Every edit is one character that the body does not contain, so that no
//! edit can be confused with what the author wrote. This module knows how to apply edits and to undo them;
//! why an edit is wanted is not its business.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, InlineStr, Tag};

/// What an edit does to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StandIn {
    /// Insert a character that the parser takes for a letter.
    Letter,
    /// Insert a character that the parser takes for punctuation.
    Punctuation,
    /// Put plain punctuation in the place of a dollar sign.
    Dollar,
    /// Put plain punctuation in the place of a colon.
    Colon,
}

/// One edit; edits are applied in the order of their places and, at one place, in the order given.
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// The byte of the original text at which the edit takes place.
    pub at: usize,
    /// What is done there.
    pub what: StandIn,
}

/// The text as the parser reads it, with the way back to the original.
pub struct Prepared<'a> {
    original: &'a str,
    text: Cow<'a, str>,
    marks: Marks,
    shifts: Vec<Shift>,
}

/// Behind the stand-in that starts at `start` of the prepared text, that text is `by` bytes longer than the
/// original.
struct Shift {
    start: usize,
    by: usize,
}

/// The four characters in use, in the order of [`StandIn`].
type Marks = [char; 4];

/// Every stand-in takes this many bytes.
const MARK_LEN: usize = 3;

/// Most spans hold fewer edits than this, which are counted faster than searched.
const NEAR: usize = 4;

/// Noncharacters: neither space nor punctuation, and no text should hold them.
const LETTERS: Range<u32> = 0xFDD0..0xFDF0;

/// Rare marks of medieval manuscripts that the parser knows as punctuation and gives no meaning.
const PUNCTUATION: Range<u32> = 0x2E43..0x2E50;

impl<'a> Prepared<'a> {
    /// Applies `edits`, sorted by place, to `original`. A text so odd that it holds every candidate is left
    /// unedited.
    pub fn new(original: &'a str, edits: &[Edit]) -> Self {
        let unedited = Self { original, text: Cow::Borrowed(original), marks: ['\0'; 4], shifts: Vec::new() };
        if edits.is_empty() {
            return unedited;
        }
        let Some(marks) = choose_marks(original) else {
            return unedited;
        };
        let mut text = String::with_capacity(original.len() + MARK_LEN * edits.len());
        let mut shifts = Vec::with_capacity(edits.len());
        let (mut copied, mut by) = (0, 0);
        for edit in edits {
            text.push_str(&original[copied..edit.at]);
            let replaced = usize::from(matches!(edit.what, StandIn::Dollar | StandIn::Colon));
            copied = edit.at + replaced;
            by += MARK_LEN - replaced;
            shifts.push(Shift { start: text.len(), by });
            text.push(marks[edit.what as usize]);
        }
        text.push_str(&original[copied..]);
        Self { original, text: Cow::Owned(text), marks, shifts }
    }

    /// The text to parse.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives `event`, parsed from [`Self::text`] with its span, as if it had been parsed from the original.
    pub fn original(&self, (event, span): (Event<'_>, Range<usize>)) -> (Event<'a>, Range<usize>) {
        let original_span = self.original_span(&span);
        let event = match event {
            // Most text is what stands at its span: the way back is found already.
            Event::Text(CowStr::Borrowed(text))
                if offset_within(&self.text, text) == Some(span.start) && text.len() == span.len() =>
            {
                Event::Text(CowStr::Borrowed(&self.original[original_span.clone()]))
            }
            other => self.original_event(other),
        };
        (event, original_span)
    }

    fn original_event(&self, event: Event<'_>) -> Event<'a> {
        match event {
            Event::Start(tag) => Event::Start(self.original_tag(tag)),
            Event::End(end) => Event::End(end),
            Event::Text(text) => Event::Text(self.original_str(text)),
            Event::Code(text) => Event::Code(self.original_str(text)),
            Event::InlineMath(text) => Event::InlineMath(self.original_str(text)),
            Event::DisplayMath(text) => Event::DisplayMath(self.original_str(text)),
            Event::Html(text) => Event::Html(self.original_str(text)),
            Event::InlineHtml(text) => Event::InlineHtml(self.original_str(text)),
            Event::FootnoteReference(text) => Event::FootnoteReference(self.original_str(text)),
            Event::SoftBreak => Event::SoftBreak,
            Event::HardBreak => Event::HardBreak,
            Event::Rule => Event::Rule,
            Event::TaskListMarker(done) => Event::TaskListMarker(done),
        }
    }

    fn original_tag(&self, tag: Tag<'_>) -> Tag<'a> {
        let text = |text| self.original_str(text);
        match tag {
            Tag::Heading { level, id, classes, attrs } => Tag::Heading {
                level,
                id: id.map(text),
                classes: classes.into_iter().map(text).collect(),
                attrs: attrs.into_iter().map(|(key, value)| (text(key), value.map(text))).collect(),
            },
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Tag::CodeBlock(CodeBlockKind::Fenced(text(info))),
            Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(text(label)),
            Tag::Link { link_type, dest_url, title, id } => {
                Tag::Link { link_type, dest_url: text(dest_url), title: text(title), id: text(id) }
            }
            Tag::Image { link_type, dest_url, title, id } => {
                Tag::Image { link_type, dest_url: text(dest_url), title: text(title), id: text(id) }
            }
            // The rest holds no text: this copies nothing.
            plain => plain.into_static(),
        }
    }

    /// A slice of the prepared text becomes the slice of the original that it was made from; other text is
    /// rewritten.
    fn original_str(&self, text: CowStr<'_>) -> CowStr<'a> {
        if let CowStr::Borrowed(slice) = text
            && let Some(start) = offset_within(&self.text, slice)
        {
            let span = self.original_span(&(start..start + slice.len()));
            return CowStr::Borrowed(&self.original[span]);
        }
        let unmarked = self.shifts.is_empty() || !text.contains(self.marks);
        match text {
            CowStr::Borrowed(constant) if unmarked => short(constant),
            CowStr::Boxed(owned) if unmarked => CowStr::Boxed(owned),
            CowStr::Inlined(inlined) if unmarked => CowStr::Inlined(inlined),
            marked => self.without_marks(&marked).into(),
        }
    }

    fn without_marks(&self, text: &str) -> String {
        let [letter, punctuation, dollar, colon] = self.marks;
        let original = |c| match c {
            _ if c == letter || c == punctuation => None,
            _ if c == dollar => Some('$'),
            _ if c == colon => Some(':'),
            _ => Some(c),
        };
        text.chars().filter_map(original).collect()
    }

    fn original_span(&self, span: &Range<usize>) -> Range<usize> {
        let before_start = self.shifts.partition_point(|shift| shift.start < span.start);
        let within =
            self.shifts[before_start..].iter().take(NEAR).take_while(|shift| shift.start < span.end).count();
        let before_end = match within {
            NEAR => self.shifts.partition_point(|shift| shift.start < span.end),
            few => before_start + few,
        };
        let shift = |before: usize| before.checked_sub(1).map_or(0, |last| self.shifts[last].by);
        span.start - shift(before_start)..span.end - shift(before_end)
    }
}

fn choose_marks(text: &str) -> Option<Marks> {
    let absent =
        |candidates: Range<u32>| candidates.filter_map(char::from_u32).filter(|&c| !text.contains(c));
    let letter = absent(LETTERS).next()?;
    let mut punctuation = absent(PUNCTUATION);
    Some([letter, punctuation.next()?, punctuation.next()?, punctuation.next()?])
}

fn offset_within(outer: &str, inner: &str) -> Option<usize> {
    let offset = inner.as_ptr().addr().checked_sub(outer.as_ptr().addr())?;
    (offset + inner.len() <= outer.len()).then_some(offset)
}

fn short<'a>(text: &str) -> CowStr<'a> {
    match InlineStr::try_from(text) {
        Ok(inline) => CowStr::Inlined(inline),
        Err(_) => CowStr::Boxed(text.into()),
    }
}
