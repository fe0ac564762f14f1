//! The templates of a theme, in layers.
//!
//! A name such as `page.html` means the strongest layer's file. Each layer's own file can be reached by the
//! theme's name, so that one block can be overridden: `{% extends "default/page.html" %}`. A file that is hidden
//! by a stronger one and named by nobody is not even compiled: it may not fit what hides it. What is wrong with
//! one is said by `trouble`.

use std::collections::BTreeSet;

use tera::{Context, ErrorKind, Tera};

use super::trouble::{self, Files};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::source::{Content, Sources};

/// Room for a page of usual size, so that it need not grow.
const PAGE_BYTES: usize = 32 * 1024;

/// Compiled templates.
pub struct Templates {
    tera: Tera,
    files: Files,
    /// The names by which pages ask for them.
    names: BTreeSet<String>,
    /// Tells these templates from all others.
    pub digest: Digest,
}

impl Templates {
    /// Compiles the templates of `layers`, each given by its name and its folder, strongest first. `None` when
    /// one of them has a mistake; each is reported.
    pub fn compile(
        sources: &Sources,
        layers: &[(&str, &str)],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let (files, names) = needed(sources, layers);
        let error = match compile(sources, layers, &files) {
            Ok(tera) => {
                let texts: Vec<_> =
                    files.iter().map(|(name, &file)| (name, sources.file(file).digest)).collect();
                let digest = Digest::of_value(&(texts, &names));
                return Some(Self { tera, files, names, digest });
            }
            Err(error) => error,
        };
        // Each by itself first: a template that cannot be read is also one that others miss.
        let alone = |(name, &file): (&String, &_)| {
            let error = Tera::new().add_raw_templates([(name.as_str(), sources.text(file))]).err();
            error.filter(|error| matches!(error.kind(), ErrorKind::SyntaxError(_)))
        };
        let mistakes: Vec<_> = files.iter().filter_map(alone).collect();
        let errors = if mistakes.is_empty() { vec![error] } else { mistakes };
        diagnostics.extend(errors.iter().flat_map(|error| trouble::compiling(error, &files, sources)));
        None
    }

    /// Renders a template. The problem is the template's, at its place.
    ///
    /// # Errors
    /// When the template names a field that is not there, or does with one what cannot be done.
    pub fn render(&self, template: &str, context: &Context) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut page = Vec::with_capacity(PAGE_BYTES);
        match self.tera.render_to(template, context, &mut page) {
            Ok(()) => Ok(page),
            Err(error) => Err(Box::new(trouble::rendering(&error, &self.files))),
        }
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
