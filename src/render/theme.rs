//! Templates, words and files of the theme, in layers.
//!
//! A file of the book wins over the theme's, that over its parent's, that over the one that comes with
//! the program.

use std::collections::BTreeMap;

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::strings::{self, Strings};
use super::templates::Templates;
use crate::config::Config;
use crate::data::{self, Codes};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::PerLang;
use crate::source::{BUILT_IN, Content, FileId, Sources, Span};

/// A theme, ready to render.
pub struct Theme {
    /// Its templates.
    pub templates: Templates,
    /// Its words in each language.
    pub strings: PerLang<Strings>,
    /// Where each of its files lies in the site: `bilayer.css` → `bilayer.0123456789abcdef.css`.
    pub assets: BTreeMap<String, String>,
    /// The paths of the style sheets that the book adds.
    pub stylesheets: Vec<String>,
    /// The files themselves: path in the site, source.
    pub files: BTreeMap<String, FileId>,
    /// The script of worked examples: its path in the site, and its text, joined of the theme's parts.
    pub script: (String, String),
}

/// `theme.toml`.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Manifest {
    name: Option<String>,
    description: Option<String>,
    license: Option<String>,
    parent: Option<String>,
}

/// A folder of the theme with the name its templates can be reached by.
struct Layer {
    prefix: String,
    name: String,
}

const CODES: Codes =
    Codes { unknown_key: Code::ThemeInvalid, duplicate_key: Code::ThemeInvalid, invalid: Code::ThemeInvalid };

/// Loads the theme that the configuration names. `None` when its templates cannot be used at all.
#[must_use]
pub fn load(sources: &Sources, config: &Config) -> (Option<Theme>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let layers = layers(sources, config, &mut diagnostics);
    let strings = PerLang::from_fn(config.languages.count(), |lang| {
        let language = &config.languages[lang];
        words(sources, &layers, [&language.key, &language.tag], &mut diagnostics)
    });
    let (mut assets, files) = static_files(sources, &layers);
    let script = script(sources, &layers);
    let path = format!("examples.{:016x}.js", xxh3_64(script.as_bytes()));
    assets.insert(SCRIPT.to_owned(), path.clone());
    let stylesheets = stylesheets(sources, config, &assets, &mut diagnostics);
    let folders = layers.iter().map(|layer| (layer.name.as_str(), layer.prefix.as_str())).collect::<Vec<_>>();
    let templates = Templates::compile(sources, &folders, &mut diagnostics);
    let theme = templates.map(|templates| Theme {
        templates,
        strings,
        assets,
        stylesheets,
        files,
        script: (path, script),
    });
    (theme, diagnostics)
}

/// The layers, strongest first.
fn layers(sources: &Sources, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Vec<Layer> {
    let mut layers = vec![Layer { prefix: String::new(), name: "site".to_owned() }];
    let asked_in = sources.find(crate::config::FILE);
    let mut next = Some((config.theme.clone(), place_of(sources, asked_in, &["output", "html", "theme"])));
    while let Some((name, place)) = next.take() {
        let prefix = format!("themes/{name}/");
        if layers.iter().any(|layer| layer.prefix == prefix) {
            diagnostics.push(stands_on_itself(&name, place));
            break;
        }
        if sources.below(&prefix).next().is_none() {
            diagnostics.extend((name != "default").then(|| no_theme(sources, &name, place)));
            break;
        }
        if let Some(file) = sources.find(&format!("{prefix}theme.toml")) {
            let (manifest, problems) = data::toml::<Manifest>(file, sources.text(file), CODES);
            diagnostics.extend(problems);
            let parent = manifest.and_then(|manifest| manifest.parent);
            next = parent.map(|parent| (parent, place_of(sources, Some(file), &["parent"])));
        }
        layers.push(Layer { prefix, name });
    }
    layers.push(Layer { prefix: BUILT_IN.to_owned(), name: "default".to_owned() });
    layers
}

/// Where a TOML file gives the value at `path`.
fn place_of(sources: &Sources, file: Option<FileId>, path: &[&str]) -> Option<Span> {
    let range = data::toml_place(sources.text(file?), path)?;
    Some(Span::new(file?, range.start, range.end))
}

fn no_theme(sources: &Sources, name: &str, place: Option<Span>) -> Diagnostic {
    let message = format!("there is no theme `{name}` in themes/");
    let diagnostic = Diagnostic { span: place, ..Diagnostic::nowhere(Code::ThemeMissing, message) };
    let known =
        sources.below("themes/").filter_map(|(_, file)| file.path.split('/').nth(1)).chain(["default"]);
    match (nearest(name, known), place) {
        (Some(near), Some(place)) => {
            diagnostic.help(format!("did you mean `{near}`?")).fix(place, format!("\"{near}\""))
        }
        _ => diagnostic.help(format!("put it in themes/{name}/, or take this line out")),
    }
}

fn stands_on_itself(name: &str, place: Option<Span>) -> Diagnostic {
    let message = format!("the theme `{name}` stands on itself");
    Diagnostic { span: place, ..Diagnostic::nowhere(Code::ThemeInvalid, message) }
        .help("name another theme as its parent, or take this line out")
}

fn words(
    sources: &Sources,
    layers: &[Layer],
    names: [&str; 2],
    diagnostics: &mut Vec<Diagnostic>,
) -> Strings {
    let primary = names[1].split('-').next().unwrap_or(names[1]);
    let of = |name: &str| {
        let files =
            layers.iter().filter_map(|layer| sources.find(&format!("{}strings/{name}.toml", layer.prefix)));
        files.collect::<Vec<_>>()
    };
    let mut found =
        [names[0], names[1], primary].into_iter().map(of).find(|files| !files.is_empty()).unwrap_or_default();
    if found.is_empty() {
        let message = format!("the theme has no words for `{}`", names[0]);
        let help = format!(
            "copy strings/en.toml to strings/{}.toml and translate it; English is used until then",
            names[0]
        );
        let missing = Diagnostic::nowhere(Code::StringsInvalid, message).help(help);
        diagnostics.push(Diagnostic { severity: crate::diagnostic::Severity::Warning, ..missing });
        found = of("en");
    }
    let mut strings = None;
    for file in found.into_iter().rev() {
        let (words, problems) = strings::read(file, sources.text(file), strings);
        diagnostics.extend(problems);
        strings = Some(words);
    }
    strings.expect("the program comes with English words")
}

/// Where the style sheets lie that the book adds, given as `custom.css` or `static/custom.css`.
fn stylesheets(
    sources: &Sources,
    config: &Config,
    assets: &BTreeMap<String, String>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let mut paths = Vec::new();
    for written in &config.additional_css {
        let name = written.trim_start_matches("./").trim_start_matches("static/");
        if let Some(path) = assets.get(name) {
            paths.push(path.clone());
            continue;
        }
        let problem =
            Diagnostic::nowhere(Code::ConfigInvalid, format!("there is no style sheet `{written}`"))
                .help(format!("put it at static/{name}, or take it out of `additional-css`"));
        let place =
            place_of(sources, sources.find(crate::config::FILE), &["output", "html", "additional-css"]);
        diagnostics.push(Diagnostic { span: place, ..problem });
    }
    paths
}

/// How templates ask for the script of worked examples.
const SCRIPT: &str = "examples.js";
/// How they ask for its style sheet, which a book without examples does not need.
pub const EXAMPLES_STYLE: &str = "examples.css";

/// The parts in `scripts/`, the strongest layer's of each name, as one script with a scope of its own. They define
/// functions; `start` is called at the end.
fn script(sources: &Sources, layers: &[Layer]) -> String {
    let mut parts = BTreeMap::new();
    for layer in layers.iter().rev() {
        let prefix = format!("{}scripts/", layer.prefix);
        for (id, file) in sources.below(&prefix).filter(|(_, file)| file.path.ends_with(".js")) {
            parts.insert(file.path[prefix.len()..].to_owned(), sources.text(id));
        }
    }
    let parts: Vec<_> = parts.into_values().collect();
    format!("(() => {{\n\"use strict\";\n{}\nstart();\n}})();\n", parts.join("\n"))
}

type StaticFiles = (BTreeMap<String, String>, BTreeMap<String, FileId>);

/// The files of `static/` in all layers. Style sheets and scripts carry a hash of their bytes in their
/// names, so that a browser may keep them for ever.
fn static_files(sources: &Sources, layers: &[Layer]) -> StaticFiles {
    let (mut assets, mut files) = StaticFiles::default();
    for layer in layers.iter().rev() {
        let prefix = format!("{}static/", layer.prefix);
        for (id, file) in sources.below(&prefix) {
            let name = &file.path[prefix.len()..];
            let path = fingerprinted(name, &file.content);
            if let Some(weaker) = assets.insert(name.to_owned(), path.clone()) {
                files.remove(&weaker);
            }
            files.insert(path, id);
        }
    }
    (assets, files)
}

fn fingerprinted(name: &str, content: &Content) -> String {
    match (content, name.rsplit_once('.')) {
        (Content::Text(text), Some((stem, extension @ ("css" | "js")))) => {
            format!("{stem}.{:016x}.{extension}", xxh3_64(text.as_bytes()))
        }
        _ => name.to_owned(),
    }
}
