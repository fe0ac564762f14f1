//! A diagnostic as the overlay of the preview shows it: like the terminal's, with the source taken apart around the
//! place, so that the browser can set it.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Sources, Span};

/// How many lines of source are shown.
const LINES: usize = 3;
/// How many characters of a line are shown before and after the place: Chinese paragraphs are often one line.
const AROUND: usize = 60;
/// How many characters of a place are shown.
const MARKED: usize = 200;

/// A diagnostic as the overlay's script reads it.
#[derive(Debug, Serialize)]
pub struct Problem<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    source: Vec<Line>,
    label: &'a str,
    help: Option<&'a str>,
    fix: Option<&'a str>,
    explain: &'static str,
    here: bool,
}

#[derive(Debug, PartialEq, Serialize)]
struct Line {
    number: usize,
    before: String,
    marked: String,
    after: String,
}

/// Describes a diagnostic; `here` is whether it is one of the page that is shown.
#[must_use]
pub fn problem<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic, here: bool) -> Problem<'a> {
    let position = diagnostic.span.map(|span| sources.position(span.file, span.start));
    // The start of a file stands for the file as a whole: no text of it is meant.
    let marked = diagnostic.span.filter(|span| span.end > 0);
    Problem {
        code: diagnostic.code.name(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        file: diagnostic.span.map(|span| sources.path(span.file)),
        line: position.map(|(line, _)| line),
        column: position.map(|(_, column)| column),
        source: marked.map_or_else(Vec::new, |span| lines(sources, span)),
        label: &diagnostic.label,
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(|fix| fix.text.as_str()),
        explain: first_paragraph(diagnostic.code.explanation()),
        here,
    }
}

/// The lines that hold a place.
fn lines(sources: &Sources, span: Span) -> Vec<Line> {
    let text = sources.text(span.file);
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.floor_char_boundary(span.end as usize).max(start);
    let (first, _) = sources.position(span.file, span.start);
    let mut from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let mut lines = Vec::new();
    for number in (first..).take(LINES) {
        let to = text[from..].find('\n').map_or(text.len(), |at| from + at);
        let (mark, stop) = (start.clamp(from, to), end.clamp(from, to));
        lines.push(Line {
            number,
            before: last(&text[from..mark]),
            marked: first_of(&text[mark..stop], MARKED),
            after: first_of(&text[stop..to], AROUND),
        });
        from = to + 1;
        if from > text.len() || from >= end {
            break;
        }
    }
    lines
}

fn first_of(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.trim_end_matches('\r').to_owned(),
    }
}

fn last(text: &str) -> String {
    match text.char_indices().rev().nth(AROUND) {
        Some((at, dropped)) => format!("…{}", &text[at + dropped.len_utf8()..]),
        None => text.to_owned(),
    }
}

/// What the page of a code says first, behind its heading.
fn first_paragraph(page: &'static str) -> &'static str {
    let is_text = |paragraph: &&str| !paragraph.is_empty() && !paragraph.starts_with(['#', '`']);
    page.split("\n\n").map(str::trim).find(is_text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::File;

    /// The lines around the part of `text` between `[` and `]`, each as `number|before[marked]after`.
    fn shown(text: &str) -> String {
        let (start, end) = (text.find('[').expect("it begins"), text.find(']').expect("it ends") - 1);
        let sources = Sources::new(vec![File::text("a.md", text.replace(['[', ']'], ""))]);
        let span = Span::new(sources.find("a.md").expect("there"), start, end);
        let lines = lines(&sources, span);
        let line = |line: &Line| format!("{}|{}[{}]{}", line.number, line.before, line.marked, line.after);
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_place_is_taken_out_of_its_line() {
        assert_eq!(shown("first\n见**[「区块」]**的定义\nlast"), "2|见**[「区块」]**的定义");
        assert_eq!(shown("[a]"), "1|[a]");
        assert_eq!(shown("a[]"), "1|a[]");
    }

    #[test]
    fn a_place_of_several_lines_is_shown_line_by_line() {
        assert_eq!(shown("a [b\nc] d\ne"), "1|a [b]\n2|[c] d");
        assert_eq!(shown("[a\nb\nc\nd]"), "1|[a]\n2|[b]\n3|[c]");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let long = format!("{}[字]{}", "前".repeat(100), "后".repeat(100));
        assert_eq!(shown(&long), format!("1|…{}[字]{}…", "前".repeat(60), "后".repeat(60)));
    }

    #[test]
    fn every_code_says_something() {
        for code in Code::ALL {
            assert!(!first_paragraph(code.explanation()).is_empty(), "{}", code.name());
        }
    }
}
