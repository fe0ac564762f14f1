//! What is wrong with a template: the template crate's errors as diagnostics.
//!
//! An error comes as a report with a place, as a text that holds several reports, or as the names of two
//! templates. Knows these shapes and the files behind the names; compiles and renders nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use tera::{Error, ErrorKind};

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::{FileId, Sources, Span};

/// Full name of a template, such as `default/page.html`, to source.
pub type Files = BTreeMap<String, FileId>;

/// The most names that a help lists.
const MAX_NAMES: usize = 20;

const IN_TEMPLATES: &str = "put it into templates/";

/// What an error of one template, while rendering, is about.
pub fn rendering(error: &Error, files: &Files) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let place = files.get(report.filename()).map(|&file| span(file, report.span().range.clone()));
            undefined(report.message(), place).unwrap_or_else(|| problem(report.message(), place))
        }
        _ => problem(error.to_string().lines().next().unwrap_or_default(), None),
    }
}

/// What an error of a set of templates is about: there may be several mistakes in one.
pub fn compiling(error: &Error, files: &Files, sources: &Sources) -> Vec<Diagnostic> {
    let named = |template: &str, word: &str| {
        let file = *files.get(template)?;
        let at = sources.text(file).find(word)?;
        Some(span(file, at..at + word.len()))
    };
    match error.kind() {
        ErrorKind::SyntaxError(_) | ErrorKind::RenderingError(_) => vec![rendering(error, files)],
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("there is no template `{parent}` to extend");
            let place = named(current, parent);
            vec![suggest(problem(&message, place), place, near_template(parent, files), IN_TEMPLATES)]
        }
        ErrorKind::CircularExtend { tpl, .. } => {
            let message = format!("`{tpl}` extends itself");
            vec![
                problem(&message, named(tpl, "extends"))
                    .help("extend a template of another theme: `default/…`"),
            ]
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            let message = format!("`{tpl}` includes itself: {}", include_chain.join(" → "));
            vec![problem(&message, named(tpl, "include")).help("take one of these `include`s out")]
        }
        _ => reports(&error.to_string(), files, sources),
    }
}

/// The reports in a text: each a line `error: …` and a line `--> template:line:column`.
fn reports(text: &str, files: &Files, sources: &Sources) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for report in text.split("error: ").filter(|report| !report.trim().is_empty()) {
        let mut lines = report.lines();
        let message = lines.next().unwrap_or_default();
        let place = lines.next().and_then(|line| line.trim().strip_prefix("--> "));
        let marks = report.lines().find(|line| line.trim_end().ends_with('^'));
        let width = marks.map_or(1, |line| line.chars().filter(|&c| c == '^').count());
        let place = place.and_then(|place| offset(place, width, files, sources));
        diagnostics.push(unknown(message, place, files).unwrap_or_else(|| problem(message, place)));
    }
    diagnostics
}

/// The place `template:line:column`, both from 1 and in characters, and as many characters from there.
fn offset(place: &str, width: usize, files: &Files, sources: &Sources) -> Option<Span> {
    let mut parts = place.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse::<usize>().ok()?, parts.next()?.parse::<usize>().ok()?);
    let file = *files.get(parts.next()?)?;
    let text = sources.text(file);
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let mut chars = text.get(start..)?.char_indices().map(|(at, _)| start + at).skip(column.checked_sub(1)?);
    let from = chars.next()?;
    Some(span(file, from..chars.nth(width.saturating_sub(1)).unwrap_or(text.len())))
}

/// The problem of a name that no template has, while rendering.
fn undefined(message: &str, place: Option<Span>) -> Option<Diagnostic> {
    let (name, rest) = message.split_once('`')?.1.split_once('`')?;
    let known = rest.trim_start().strip_prefix("is not defined")?.trim_start_matches(['.', ' ']);
    let known = known.split_once(": ").map_or("", |(_, names)| names);
    // The crate gives them in the order of a hash map.
    let mut known: Vec<_> = known.split(", ").filter(|name| !name.is_empty()).collect();
    known.sort_unstable();
    let diagnostic = problem(&format!("`{name}` is not defined"), place);
    let part =
        place.map(|place| Span { start: place.end.saturating_sub(length(name)).max(place.start), ..place });
    let shown: Vec<_> = known.iter().take(MAX_NAMES).copied().collect();
    let help = match shown.is_empty() {
        true => "`{% if %}` asks whether it is there".to_owned(),
        false => format!("there are: {}", shown.join(", ")),
    };
    Some(suggest(diagnostic, part, nearest(name, known), &help))
}

/// The problem of a filter, test, function, block or template that does not exist, at compile time.
fn unknown(message: &str, place: Option<Span>, files: &Files) -> Option<Diagnostic> {
    if let Some(rest) = message.strip_prefix("Unknown ") {
        let diagnostic = problem(&format!("there is no {rest}"), place);
        let template = rest.strip_prefix("template `").map(|rest| rest.trim_end_matches('`'));
        return Some(match template {
            Some(name) => suggest(diagnostic, None, near_template(name, files), IN_TEMPLATES),
            None => diagnostic.help("the manual of Tera lists what there is"),
        });
    }
    let (name, _) = message.strip_prefix("Block ")?.split_once(" is not defined in any parent template")?;
    let diagnostic =
        problem(&format!("there is no block {name} in the template that this one extends"), place);
    Some(diagnostic.help("define the block there too, or take it out here"))
}

/// The template whose name, with that of its theme or without, is nearly this one.
fn near_template<'f>(name: &str, files: &'f Files) -> Option<&'f str> {
    let short = files.keys().filter_map(|full| full.split_once('/')).map(|(_, short)| short);
    nearest(name, short.chain(files.keys().map(String::as_str)))
}

fn suggest(diagnostic: Diagnostic, place: Option<Span>, near: Option<&str>, otherwise: &str) -> Diagnostic {
    match (near, place) {
        (Some(near), Some(place)) => diagnostic.help(format!("did you mean `{near}`?")).fix(place, near),
        (Some(near), None) => diagnostic.help(format!("did you mean `{near}`?")),
        (None, _) => diagnostic.help(otherwise),
    }
}

/// A problem in the crate's words, as one of our sentences.
fn problem(message: &str, place: Option<Span>) -> Diagnostic {
    let message = message.trim().trim_end_matches('.').replace('\n', " ");
    let mut chars = message.chars();
    let message = chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect());
    Diagnostic { span: place, ..Diagnostic::nowhere(Code::TemplateInvalid, message) }
}

fn span(file: FileId, range: Range<usize>) -> Span {
    Span::new(file, range.start, range.end)
}

fn length(name: &str) -> u32 {
    u32::try_from(name.len()).unwrap_or(u32::MAX)
}
