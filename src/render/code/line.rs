//! One line of code through its grammar.
//!
//! Joins syntect's parser, the class table and the HTML writer, and asks the memo first. Knows
//! nothing of blocks or of the names of languages.

use std::rc::Rc;

use syntect::parsing::{ParseState, ParsingError, SyntaxSet};

use super::class::{ClassStack, ClassTable};
use super::html::LineWriter;
use super::memo::{LineMemo, State};

/// Highlights lines; shared by all threads.
pub(super) struct LineHighlighter {
    syntaxes: SyntaxSet,
    table: ClassTable,
}

impl LineHighlighter {
    /// Takes the grammars to highlight with.
    pub(super) fn new(syntaxes: SyntaxSet) -> LineHighlighter {
        LineHighlighter { syntaxes, table: ClassTable::new() }
    }

    /// The state before the first line, none for a number that is no syntax.
    pub(super) fn start(&self, syntax: u16, memo: &mut LineMemo) -> Option<Rc<State>> {
        let reference = self.syntaxes.syntaxes().get(usize::from(syntax))?;
        let state = State::new(syntax, ParseState::new(reference), ClassStack::default(), 0);
        Some(memo.intern(state, true))
    }

    /// Appends a line's HTML, with the line ending it has, and gives the state after it. On an
    /// error nothing is appended.
    pub(super) fn highlight(
        &self,
        state: &Rc<State>,
        line: &str,
        memo: &mut LineMemo,
        out: &mut String,
    ) -> Result<Rc<State>, ParsingError> {
        let text = line.strip_suffix('\n').unwrap_or(line);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let ending = &line[text.len()..];
        let key = memo.key(state, text);
        if let Some((html, next)) = key.and_then(|key| memo.recall(key)) {
            out.push_str(html);
            out.push_str(ending);
            return Ok(next);
        }
        let start = out.len();
        let next = memo.intern(self.parse(state, text, out)?, key.is_some());
        if let Some(key) = key {
            memo.remember(key, &out[start..], &next);
        }
        out.push_str(ending);
        Ok(next)
    }

    fn parse(&self, state: &State, text: &str, out: &mut String) -> Result<State, ParsingError> {
        // The grammars expect every line to end so, the last one too.
        let line = [text, "\n"].concat();
        let mut parse = state.parse.clone();
        let mut classes = state.classes.clone();
        let mut writer = LineWriter::new(text, out);
        let mut at = 0;
        for (next, op) in &parse.parse_line(&line, &self.syntaxes)? {
            // Captures behind the match they belong to make places go back at times.
            if *next > at {
                writer.add(at, *next, classes.top());
                at = *next;
            }
            classes.apply(op, &self.table);
        }
        writer.add(at, text.len(), classes.top());
        writer.finish();
        Ok(State::new(state.syntax, parse, classes, state.age + text.len() + 1))
    }
}
