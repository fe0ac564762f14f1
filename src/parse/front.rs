//! The front matter of a page: YAML between two lines of `---`.
//!
//! Reads it into a typed value, and says which keys another language's page inherits. Knows nothing of
//! other files: whether an id in `requires` exists is for `link` to say.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;

use crate::data::{self, Codes};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// What an author says about a page before its text. Absent keys are inherited from the page in the
/// source language where they do not depend on the language.
#[derive(Clone, Debug, Default, PartialEq, Hash, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FrontMatter {
    /// The page's title, its first heading.
    pub title: Option<String>,
    /// One sentence for lists and search engines.
    pub description: Option<String>,
    /// The place among siblings, lighter first, as in Hugo and Zola. Inherited.
    pub weight: Option<i64>,
    /// Tags by their ids. Inherited.
    pub tags: Option<Vec<String>>,
    /// How much the page asks of a reader: `beginner`, `intermediate`, `advanced`. Inherited.
    pub level: Option<Level>,
    /// Ids of topics to read first. Inherited.
    pub requires: Option<Vec<String>>,
    /// What a reader can do afterwards, as plain text.
    pub objectives: Option<Vec<String>>,
    /// Left out of the site unless drafts are asked for.
    pub draft: bool,
    /// When it was first published, `YYYY-MM-DD`. Inherited.
    pub date: Option<String>,
    /// When its substance last changed, `YYYY-MM-DD`. Inherited.
    pub updated: Option<String>,
    /// Former paths that lead here; those without a leading `/` are inherited.
    pub aliases: Option<Vec<String>>,
    /// The last part of the URL, where it should differ from the file's name.
    pub slug: Option<String>,
    /// The template, where it should differ from `page.html` or `section.html`. Inherited.
    pub template: Option<String>,
    /// Anything for a theme of one's own. Inherited.
    pub extra: Option<BTreeMap<String, serde_json::Value>>,
    /// Whether nothing of it could be read, so that nothing in it is missed.
    #[serde(skip)]
    pub unread: bool,
}

impl FrontMatter {
    /// The same without what only describes the page: what is left decides where it stands in the book and what
    /// leads to it.
    #[must_use]
    pub fn skeleton(&self) -> Self {
        Self {
            title: None,
            description: None,
            level: None,
            objectives: None,
            date: None,
            updated: None,
            template: None,
            extra: None,
            ..self.clone()
        }
    }
}

/// How much a page asks of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No knowledge needed.
    Beginner,
    /// The basics are taken as known.
    Intermediate,
    /// For those who know the field.
    Advanced,
}

const CODES: Codes = Codes {
    unknown_key: Code::FrontMatterUnknownKey,
    duplicate_key: Code::FrontMatterDuplicateKey,
    invalid: Code::FrontMatterInvalid,
};

/// The bytes of a page's YAML and those of its body.
pub type Parts = (Range<usize>, Range<usize>);

/// Divides a page into YAML and body. A text that does not begin with a line `---`
/// has no front matter. `Err` when the closing line is missing: the ranges then are what was most likely
/// meant, the lines that look like front matter and the rest.
pub fn split(text: &str) -> Result<Parts, Parts> {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" || !first.ends_with('\n') {
        return Ok((0..0, 0..text.len()));
    }
    let (start, rest) = (first.len(), &text[first.len()..]);
    let mut at = start;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Ok((start..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    let lines = rest.split_inclusive('\n').take_while(|line| looks_like_yaml(line));
    let end = start + lines.map(str::len).sum::<usize>();
    Err((start..end, end..text.len()))
}

/// Whether a line can stand in front matter: a key, a part of a list, or indented text.
fn looks_like_yaml(line: &str) -> bool {
    let key = line.split(':').next().unwrap_or_default();
    let is_key = key.len() < line.len() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let is_blank = line.trim().is_empty();
    !is_blank && (is_key || line.starts_with([' ', '\t']) || line.starts_with("- "))
}

/// Reads the front matter at `range` of `text`. What can be read is kept when a part is wrong.
#[must_use]
pub fn read(file: FileId, text: &str, range: Range<usize>) -> (FrontMatter, Vec<Diagnostic>) {
    let yaml = &text[range.clone()];
    let (front, mut diagnostics) = data::yaml::<FrontMatter>(file, text, range.clone(), CODES);
    let mut front = front.unwrap_or_else(|| FrontMatter { unread: true, ..FrontMatter::default() });
    if front.title.is_none() && !diagnostics.is_empty() {
        front.title = mistaken_title(text, yaml, &diagnostics);
    }
    for (key, date) in [("date", &mut front.date), ("updated", &mut front.updated)] {
        if date.as_deref().is_some_and(|date| !is_date(date)) {
            let message = format!("`{}` is not a date", date.take().unwrap_or_default());
            let place = place(file, yaml, range.start, key, "");
            diagnostics
                .push(Diagnostic::new(Code::DateInvalid, place, message).help("write it as `2026-11-22`"));
        }
    }
    if front.slug.as_deref().is_some_and(|slug| !is_slug(slug)) {
        let message = format!("`{}` cannot be a part of a URL", front.slug.take().unwrap_or_default());
        let place = place(file, yaml, range.start, "slug", "");
        diagnostics.push(
            Diagnostic::new(Code::SlugInvalid, place, message)
                .help("use letters, digits, `-`, `_` and `.`, for one part only, without slashes"),
        );
    }
    (front, diagnostics)
}

/// The title that a mistake in the front matter has lost: said once, it need not be missed as well.
fn mistaken_title(text: &str, yaml: &str, diagnostics: &[Diagnostic]) -> Option<String> {
    let fixes = || diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
    let misspelled = || {
        let fix = fixes().find(|fix| fix.text == "title")?;
        data::raw(yaml, text.get(fix.span.start as usize..fix.span.end as usize)?)
    };
    let in_a_line = || fixes().find_map(|fix| fix.text.strip_prefix("title: ")).map(str::to_owned);
    data::raw(yaml, "title").or_else(misspelled).or_else(in_a_line)
}

/// Where a value stands in the front matter at byte `offset`: the part of `key`'s value that reads
/// `part`, or all of it.
#[must_use]
pub fn place(file: FileId, yaml: &str, offset: usize, key: &str, part: &str) -> Span {
    let range = data::locate(yaml, key, part);
    Span::new(file, offset + range.start, offset + range.end)
}

fn is_slug(slug: &str) -> bool {
    let legal = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    !slug.is_empty() && !slug.starts_with('.') && slug.chars().all(legal)
}

/// Whether `text` is a day of the proleptic Gregorian calendar as `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    let number =
        |range: Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0);
    if !shape {
        return false;
    }
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_ends_at_the_second_line_of_hyphens() {
        assert_eq!(split("---\ntitle: A\n---\nText"), Ok((4..13, 17..21)));
        assert_eq!(split("---\r\ntitle: A\r\n---\r\nText"), Ok((5..15, 20..24)));
        assert_eq!(split("--- \ntitle: A\n---\nText"), Ok((5..14, 18..22)));
        assert_eq!(split("# No front matter"), Ok((0..0, 0..17)));
        assert_eq!(split("---\ntitle: never closed\n\nText: more"), Err((4..24, 24..35)));
    }

    #[test]
    fn dates_are_days_that_exist() {
        let good = ["2026-11-22", "2024-02-29", "2000-02-29"];
        let bad =
            ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "22.11.2026", "二〇二六年"];
        assert!(good.into_iter().all(is_date));
        assert!(!bad.into_iter().any(is_date));
    }
}
