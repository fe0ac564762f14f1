//! A run of text: what the parser gives in pieces, put together again, each byte still knowing where it was
//! written.
//!
//! This module knows nothing of Markdown beyond that an escape or an entity makes the text differ from its
//! source.

use std::ops::Range;

use pulldown_cmark::CowStr;

/// Text made of one piece or several.
pub struct Run<'a> {
    /// Where in the source the run was written, from the first piece to the last.
    pub span: Range<usize>,
    source: &'a str,
    /// The text and its pieces, if it is not simply what stands at `span`.
    joined: Option<Joined>,
}

struct Joined {
    text: String,
    pieces: Vec<Piece>,
}

struct Piece {
    /// Where in the joined text the piece starts.
    start: usize,
    /// Where in the source it was written.
    span: Range<usize>,
}

impl<'a> Run<'a> {
    /// Starts a run with `text`, written at `span` of `source`.
    pub fn new(source: &'a str, text: &str, span: Range<usize>) -> Self {
        let mut run = Self { span: span.clone(), source, joined: None };
        if source.get(span.clone()) != Some(text) {
            run.joined = Some(Joined { text: text.to_owned(), pieces: vec![Piece { start: 0, span }] });
        }
        run
    }

    /// Adds `text`, written at `span`, to the end.
    pub fn push(&mut self, text: &str, span: Range<usize>) {
        let is_next = self.span.end == span.start && self.source.get(span.clone()) == Some(text);
        if is_next && self.joined.is_none() {
            self.span.end = span.end;
            return;
        }
        let joined = self.joined.get_or_insert_with(|| Joined {
            text: self.source[self.span.clone()].to_owned(),
            pieces: vec![Piece { start: 0, span: self.span.clone() }],
        });
        joined.pieces.push(Piece { start: joined.text.len(), span: span.clone() });
        joined.text.push_str(text);
        self.span.end = self.span.end.max(span.end);
    }

    /// The text of the run.
    pub fn text(&self) -> &str {
        match &self.joined {
            Some(joined) => &joined.text,
            None => &self.source[self.span.clone()],
        }
    }

    /// Gives the part of the text at `range`, borrowed from the source where it stands there as it is.
    pub fn slice(&self, range: Range<usize>) -> CowStr<'a> {
        match &self.joined {
            Some(joined) => joined.text[range].to_owned().into(),
            None => CowStr::Borrowed(&self.source[self.span_of(range)]),
        }
    }

    /// Gives the whole text, borrowed from the source if it stands there as it is.
    pub fn into_text(self) -> CowStr<'a> {
        match self.joined {
            Some(joined) => joined.text.into(),
            None => CowStr::Borrowed(&self.source[self.span]),
        }
    }

    /// Says where in the source `range` of the text was written.
    pub fn span_of(&self, range: Range<usize>) -> Range<usize> {
        let Some(joined) = &self.joined else {
            return self.span.start + range.start..self.span.start + range.end;
        };
        let piece_at = |offset: usize| {
            let behind = joined.pieces.partition_point(|piece| piece.start <= offset);
            &joined.pieces[behind.saturating_sub(1)]
        };
        let within =
            |piece: &Piece, offset: usize| (piece.span.start + offset - piece.start).min(piece.span.end);
        let start = within(piece_at(range.start), range.start);
        let end = within(piece_at(range.end.saturating_sub(1)), range.end);
        start..end.max(start)
    }
}
