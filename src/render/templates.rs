//! The templates of a theme, in layers.
//!
//! A name such as `page.html` means the strongest layer's file. Each layer's own file can be reached by the
//! theme's name, so that one block can be overridden: `{% extends "default/page.html" %}`. A file that is hidden
//! by a stronger one and named by nobody is not even compiled: it may not fit what hides it. The only room that
//! knows the errors of the template crate.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use tera::{Context, ErrorKind, Tera};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Content, FileId, Sources, Span};

/// Compiled templates.
pub struct Templates {
    tera: Tera,
    files: Files,
    /// The names by which pages ask for them.
    names: BTreeSet<String>,
    /// Where each line of each file begins, for errors that give a line.
    lines: BTreeMap<String, Vec<usize>>,
}

/// Full name, such as `default/page.html`, to source.
type Files = BTreeMap<String, FileId>;

impl Templates {
    /// Compiles the templates of `layers`, each given by its name and its folder, strongest first. `None` when
    /// one of them has a mistake; each is reported.
    pub fn compile(
        sources: &Sources,
        layers: &[(&str, &str)],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let (files, names) = needed(sources, layers);
        let lines =
            files.iter().map(|(name, &file)| (name.clone(), line_starts(sources.text(file)))).collect();
        let mut templates = Self { tera: Tera::new(), files, names, lines };
        let mut left = templates.files.clone();
        let before = diagnostics.len();
        loop {
            match compile(sources, layers, &left) {
                Ok(tera) if diagnostics.len() == before => {
                    templates.tera = tera;
                    return Some(templates);
                }
                Ok(_) => return None,
                Err(error) => {
                    diagnostics.push(templates.problem(&error));
                    // Without the culprit, the mistakes of others show.
                    let culprit = place(&error).map(|place| place.name)?;
                    left.remove(&culprit)?;
                }
            }
        }
    }

    /// Renders a template. The problem is the template's, at its place.
    ///
    /// # Errors
    /// When the template names a field that is not there, or does with one what cannot be done.
    pub fn render(&self, template: &str, context: &Context) -> Result<String, Box<Diagnostic>> {
        self.tera.render(template, context).map_err(|error| Box::new(self.problem(&error)))
    }

    /// Whether there is a template of that name.
    #[must_use]
    pub fn has(&self, template: &str) -> bool {
        self.tera.contains_template(template)
    }

    /// The names by which pages ask for templates.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    fn problem(&self, error: &tera::Error) -> Diagnostic {
        let message = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => report.message().to_owned(),
            _ => {
                error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
            }
        };
        let message = message.trim().trim_end_matches('.').replace('\n', " ");
        let span = place(error).and_then(|place| {
            let file = *self.files.get(&place.name)?;
            let range = place.range.clone().unwrap_or_else(|| self.offset(&place));
            Some(Span::new(file, range.start, range.end))
        });
        Diagnostic { span, ..Diagnostic::nowhere(Code::TemplateInvalid, message) }
    }

    fn offset(&self, place: &Place) -> Range<usize> {
        let lines = self.lines.get(&place.name).map_or(&[][..], Vec::as_slice);
        let start =
            lines.get(place.line.wrapping_sub(1)).map_or(0, |start| start + place.column.saturating_sub(1));
        start..start + 1
    }
}

fn compile(sources: &Sources, layers: &[(&str, &str)], files: &Files) -> tera::TeraResult<Tera> {
    let mut tera = Tera::new();
    tera.set_fallback_prefixes(layers.iter().map(|(name, _)| format!("{name}/")))?;
    tera.add_raw_templates(files.iter().map(|(name, &file)| (name.as_str(), sources.text(file))))?;
    Ok(tera)
}

/// The files that are to be compiled: the strongest of each name, and those that a template asks for by its
/// full name. With them the names by which pages ask.
fn needed(sources: &Sources, layers: &[(&str, &str)]) -> (Files, BTreeSet<String>) {
    let mut all = Files::new();
    let (mut files, mut names) = (Files::new(), BTreeSet::new());
    for (layer, folder) in layers {
        let prefix = format!("{folder}templates/");
        for (id, file) in sources.below(&prefix).filter(|(_, file)| matches!(file.content, Content::Text(_)))
        {
            let name = &file.path[prefix.len()..];
            let full = format!("{layer}/{name}");
            // The theme on disk and the one that comes with the program may both be called `default`.
            all.entry(full.clone()).or_insert(id);
            if names.insert(name.to_owned()) {
                files.insert(full, id);
            }
        }
    }
    loop {
        let texts: Vec<_> = files.values().map(|&file| sources.text(file)).collect();
        let named = |full: &str| {
            let quoted = [format!("\"{full}\""), format!("'{full}'")];
            texts.iter().any(|text| quoted.iter().any(|name| text.contains(name)))
        };
        let more: Files = all
            .iter()
            .filter(|(full, _)| !files.contains_key(*full) && named(full))
            .map(|(full, &id)| (full.clone(), id))
            .collect();
        if more.is_empty() {
            return (files, names);
        }
        files.extend(more);
    }
}

/// Where an error is.
struct Place {
    name: String,
    range: Option<Range<usize>>,
    /// Line and column from 1, for errors that give no range.
    line: usize,
    column: usize,
}

fn place(error: &tera::Error) -> Option<Place> {
    if let ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) = error.kind() {
        let range = Some(report.span().range.clone());
        return Some(Place { name: report.filename().to_owned(), range, line: 0, column: 0 });
    }
    let text = error.to_string();
    let (_, rest) = text.split_once("--> ")?;
    let mut parts = rest.lines().next()?.trim().rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some(Place { name: parts.next()?.to_owned(), range: None, line, column })
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect()
}
