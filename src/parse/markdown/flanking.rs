//! Where the parser must be told that a run of `*` or `~~` may open and close, because it stands next to
//! Chinese.
//!
//! CommonMark lets `**` close behind punctuation only if space or punctuation follows. Chinese puts its
//! full stop inside and a Han character right behind. The amendments of
//! <https://github.com/tats-u/markdown-cjk-friendly> waive that next to a CJK character, which comes to
//! this: a run with a CJK character on one side and no space on the other may both open and close. The
//! parser grants that to a run between two letters, so a letter is put wherever there is none. This module
//! reads characters only; it does not know what is code, a link or a table, and need not, for the letters
//! come out again.

use std::ops::Range;

use super::super::cjk::{is_cjk, is_ideograph_variation, is_text_variation};
use super::standin::{Edit, StandIn};

/// Gives the edits, sorted by place, that make emphasis in `body` follow the CJK-friendly rule.
#[must_use]
pub fn edits(body: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    if body.is_ascii() {
        return edits;
    }
    let mut tables = Tables::default();
    let mut end = 0;
    for found in memchr::memchr2_iter(b'*', b'~', body.as_bytes()) {
        if found < end {
            continue;
        }
        let run = run_at(body.as_bytes(), found);
        end = run.end;
        if needs_letters(body, &run, &mut tables) {
            push_letters(body, run, &mut edits);
        }
    }
    edits
}

/// The run of equal characters at `start`, without the first if that is escaped.
fn run_at(bytes: &[u8], start: usize) -> Range<usize> {
    let length = bytes[start..].iter().take_while(|&&b| b == bytes[start]).count();
    let backslashes = bytes[..start].iter().rev().take_while(|&&b| b == b'\\').count();
    start + backslashes % 2..start + length
}

fn needs_letters(body: &str, run: &Range<usize>, tables: &mut Tables) -> bool {
    let bytes = body.as_bytes();
    let is_ascii_at = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(u8::is_ascii);
    if is_ascii_at(run.start.checked_sub(1)) && is_ascii_at(Some(run.end)) {
        return false;
    }
    let is_delimiter = match bytes.get(run.start) {
        Some(b'*') => !run.is_empty(),
        // One tilde follows another rule, and three fence off code.
        _ => run.len() == 2,
    };
    let mut before = body[..run.start].chars().rev();
    let (Some(previous), Some(next)) = (before.next(), body[run.end..].chars().next()) else {
        return false;
    };
    is_delimiter
        && !previous.is_whitespace()
        && !next.is_whitespace()
        && (is_cjk(next) || is_cjk_behind(previous, before.next()))
        && !(is_letter(previous) && is_letter(next))
        && !(previous == '>' && starts_quoted_line(&bytes[..run.start]))
        && !((previous == '|' || next == '|') && tables.hold(body, run.start))
}

/// Whether `last`, with the character before it, is the end of a CJK sequence.
fn is_cjk_behind(last: char, second_last: Option<char>) -> bool {
    if !is_text_variation(last) {
        return is_cjk(last) || is_ideograph_variation(last);
    }
    // Curly quotes are Western, but for the variant that asks for the full width.
    let is_wide_quote = |c| last == '\u{FE01}' && matches!(c, '‘' | '’' | '“' | '”');
    second_last.is_some_and(|c| is_cjk(c) || is_wide_quote(c))
}

/// Whether the parser surely takes `c` for a letter. A letter too many does no harm, so doubtful ones are
/// none.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{24B6}'..='\u{24E9}' | '\u{1F130}'..='\u{1F189}')
}

/// Whether the line that `before` ends in holds only markers of block quotes so far: then the run starts
/// its line, which counts as space.
fn starts_quoted_line(before: &[u8]) -> bool {
    let rest = before.iter().rev().find(|b| !matches!(b, b'>' | b' ' | b'\t'));
    rest.is_none_or(|b| matches!(b, b'\n' | b'\r'))
}

fn push_letters(body: &str, run: Range<usize>, edits: &mut Vec<Edit>) {
    let last = body[..run.start].chars().next_back();
    let next = body[run.end..].chars().next();
    let mut push = |at, what| edits.push(Edit { at, what });
    // A neighbouring run of another delimiter must go on seeing punctuation here.
    if last.is_some_and(is_delimiter) {
        push(run.start, StandIn::Punctuation);
    }
    if !last.is_some_and(is_letter) {
        push(run.start, StandIn::Letter);
    }
    if !next.is_some_and(is_letter) {
        push(run.end, StandIn::Letter);
    }
    if next.is_some_and(is_delimiter) {
        push(run.end, StandIn::Punctuation);
    }
}

fn is_delimiter(c: char) -> bool {
    matches!(c, '*' | '_' | '~')
}

/// Remembers the last block looked at, so that a table of many cells is not searched once for each of them.
#[derive(Default)]
struct Tables {
    block: Range<usize>,
    is_table: bool,
}

impl Tables {
    /// Whether `at` is in a table, whose bars end a cell and so count as space.
    fn hold(&mut self, body: &str, at: usize) -> bool {
        if !self.block.contains(&at) {
            let start = body[..at].rfind("\n\n").map_or(0, |blank| blank + 2);
            let end = body[at..].find("\n\n").map_or(body.len(), |blank| at + blank);
            self.is_table = body[start..end].lines().any(is_delimiter_row);
            self.block = start..end;
        }
        self.is_table
    }
}

fn is_delimiter_row(line: &str) -> bool {
    line.contains('-') && line.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b'>' | b' ' | b'\t' | b'\r'))
}
