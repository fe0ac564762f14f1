//! `book.toml` as meant: every default filled in, every mistake reported.
//!
//! Keys are mdBook's where mdBook has them. Nothing here says which command runs, and nothing reads
//! a file: it is a function of the text.

mod check;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::data::{self, Codes, Spanned};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::lang::{Lang, PerLang, Quotes};
use crate::source::Sources;
pub use units::UnitDefinition;

/// The name of the configuration file.
pub const FILE: &str = "book.toml";

/// A book's configuration, complete.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// The book's title where a language gives none.
    pub title: String,
    /// Its authors, for feeds and page heads.
    pub authors: Vec<String>,
    /// The declared languages.
    pub languages: PerLang<Language>,
    /// The language that translations are made from.
    pub source: Lang,
    /// Where the site is written, relative to the book.
    pub build_dir: String,
    /// Where the site will live; without it there are no canonical links, no sitemap and no feeds.
    pub site_url: Option<SiteUrl>,
    /// The theme's name: a folder below `themes/`, or `default`, which comes with the program.
    pub theme: String,
    /// The address of a page's source for "improve this page"; `{path}` stands for the file.
    pub edit_url_template: Option<String>,
    /// The address of the book's repository, for the header.
    pub repository_url: Option<String>,
    /// Style sheets of the book's `static/` folder that every page loads after the theme's own.
    pub additional_css: Vec<String>,
    /// Whether HTML in Markdown reaches the page.
    pub raw_html: bool,
    /// Whether straight quotes, dots and hyphens are set as books set them, where the language has that.
    pub smart_punctuation: bool,
    /// How differences between the languages are reported; `None` is not at all.
    pub drift: Option<Severity>,
    /// Units of the book's own, for worked examples.
    pub units: Vec<UnitDefinition>,
}

impl Config {
    /// What becomes of straight quotes in a language. Chinese, Japanese and Korean stay as typed: the rule of thumb
    /// looks for spaces around words, which they do not have.
    #[must_use]
    pub fn quotes(&self, lang: Lang) -> Quotes {
        let tag = self.languages[lang].tag.to_ascii_lowercase();
        let primary = tag.split('-').next().unwrap_or_default();
        let without_spaces = matches!(primary, "zh" | "ja" | "ko" | "yue" | "cmn" | "wuu" | "nan" | "hak");
        if self.smart_punctuation && !without_spaces { Quotes::Curly } else { Quotes::AsTyped }
    }
}

/// A declared language.
#[derive(Clone, Debug, Hash)]
pub struct Language {
    /// The folder below `content/` and the first part of the URL: `zh`.
    pub key: String,
    /// Its BCP 47 tag, for `lang` and `hreflang`: `zh-Hans`.
    pub tag: String,
    /// Its own name for itself: `简体中文`.
    pub name: String,
    /// The book's title in it.
    pub title: String,
    /// The book's description in it; may be empty.
    pub description: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// Names of tags in it, by tag.
    pub tags: BTreeMap<String, String>,
}

/// The address at which the site will live.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SiteUrl {
    /// Scheme and host, without a slash at the end: `https://example.org`.
    pub origin: String,
    /// The path, with a slash at both ends: `/l2/`.
    pub base: String,
}

impl SiteUrl {
    /// Reads an `http` or `https` address. `None` when it is not one, or has a query or fragment.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '?' | '#' | '\\');
        let valid = matches!(scheme, "http" | "https") && !host.is_empty() && rest.chars().all(plain);
        let path = path.trim_matches('/');
        let base = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        valid.then(|| Self { origin: format!("{scheme}://{host}"), base })
    }

    /// The whole address of a path below the site's root.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.base)
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    book: RawBook,
    languages: BTreeMap<String, Spanned<RawLanguage>>,
    build: RawBuild,
    output: RawOutput,
    check: RawCheck,
    units: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct RawBook {
    title: Option<String>,
    authors: Vec<String>,
    description: Option<String>,
    language: Option<String>,
    source_language: Option<String>,
}

impl RawBook {
    /// The language that translations are made from, when the book says so.
    fn source(&self) -> Option<&str> {
        self.source_language.as_deref().or(self.language.as_deref())
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct RawLanguage {
    tag: Option<String>,
    name: Option<String>,
    title: Option<String>,
    description: Option<String>,
    text_direction: Direction,
    tags: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum Direction {
    #[default]
    Ltr,
    Rtl,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct RawBuild {
    build_dir: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct RawOutput {
    html: RawHtml,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct RawHtml {
    site_url: Option<String>,
    theme: Option<String>,
    edit_url_template: Option<String>,
    git_repository_url: Option<String>,
    additional_css: Vec<String>,
    raw_html: Option<bool>,
    smart_punctuation: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct RawCheck {
    drift: Drift,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum Drift {
    Allow,
    #[default]
    Warn,
    Deny,
}

const CODES: Codes = Codes {
    unknown_key: Code::ConfigUnknownKey,
    duplicate_key: Code::ConfigInvalid,
    invalid: Code::ConfigInvalid,
};

/// Reads `book.toml`. A book without one, or with one that cannot be read, gets the defaults, so that
/// the rest of it can still be checked.
#[must_use]
pub fn read(sources: &Sources) -> (Config, Vec<Diagnostic>) {
    let Some(file) = sources.find(FILE) else {
        let missing = Diagnostic::nowhere(Code::ConfigInvalid, "there is no book.toml here")
            .help("`bilayer init` starts a book; or name the folder of one: `bilayer build DIR`");
        return (resolve(&Raw::default()), vec![missing]);
    };
    let (raw, mut diagnostics) = data::toml::<Raw>(file, sources.text(file), CODES);
    let mut raw = raw.unwrap_or_default();
    if !diagnostics.is_empty() {
        restore_languages(&mut raw, sources, sources.text(file));
    }
    let mut config = resolve(&raw);
    config.units = units::definitions(&raw.units, &config.languages);
    let more = check::problems(&raw, &config, file, sources.text(file), &diagnostics);
    diagnostics.extend(more);
    (config, diagnostics)
}

/// Declares the languages that a mistake in `text` has lost, or else all their pages would be missed: those
/// whose table does not fit, and where the text is not TOML, every folder of `content/`.
fn restore_languages(raw: &mut Raw, sources: &Sources, text: &str) {
    let is_toml = data::is_toml(text);
    let is_lost = |key: &String| !is_toml || data::toml_place(text, &["languages", key]).is_some();
    let folder = |path: &str| Some(path.strip_prefix("content/")?.split_once('/')?.0.to_owned());
    let folders: BTreeSet<_> = sources.below("content/").filter_map(|(_, file)| folder(&file.path)).collect();
    for key in folders.into_iter().filter(|key| is_folder_name(key) && is_lost(key)) {
        let last = usize::MAX..usize::MAX;
        raw.languages.entry(key).or_insert_with(|| Spanned::new(last, RawLanguage::default()));
    }
}

fn resolve(raw: &Raw) -> Config {
    let title = raw.book.title.clone().unwrap_or_else(|| "Untitled".to_owned());
    let mut languages = languages(raw, &title);
    let source = position(&languages, raw.book.source()).unwrap_or(0);
    // The book's description is in its source language; another language has its own or none.
    if languages[source].description.is_empty() {
        languages[source].description = raw.book.description.clone().unwrap_or_default();
    }
    let html = &raw.output.html;
    Config {
        title,
        authors: raw.book.authors.clone(),
        source: Lang::all(languages.len()).nth(source).expect("a declared language was chosen"),
        languages: PerLang::from_fn(languages.len(), |lang| languages[lang.index()].clone()),
        build_dir: raw.build.build_dir.clone().unwrap_or_else(|| "public".to_owned()),
        site_url: html.site_url.as_deref().and_then(SiteUrl::parse),
        theme: html.theme.clone().unwrap_or_else(|| "default".to_owned()),
        edit_url_template: html.edit_url_template.clone(),
        repository_url: html.git_repository_url.clone(),
        additional_css: html.additional_css.clone(),
        raw_html: html.raw_html.unwrap_or(true),
        smart_punctuation: html.smart_punctuation.unwrap_or(true),
        drift: match raw.check.drift {
            Drift::Allow => None,
            Drift::Warn => Some(Severity::Warning),
            Drift::Deny => Some(Severity::Error),
        },
        units: Vec::new(),
    }
}

/// How many languages a book can have: a [`Lang`] is a byte.
const MAX_LANGUAGES: usize = u8::MAX as usize;

/// The languages in the order of the file, at least one.
fn languages(raw: &Raw, title: &str) -> Vec<Language> {
    let make = |key: &str, raw: &RawLanguage| Language {
        key: key.to_owned(),
        tag: raw.tag.clone().unwrap_or_else(|| key.to_owned()),
        name: raw.name.clone().unwrap_or_else(|| own_name(key)),
        title: raw.title.clone().unwrap_or_else(|| title.to_owned()),
        description: raw.description.clone().unwrap_or_default(),
        direction: match raw.text_direction {
            Direction::Ltr => "ltr",
            Direction::Rtl => "rtl",
        },
        tags: raw.tags.clone(),
    };
    let mut declared: Vec<_> = raw
        .languages
        .iter()
        .filter(|(key, _)| is_folder_name(key))
        .map(|(key, language)| (language.span().start, make(key, language.get_ref())))
        .collect();
    declared.sort_by_key(|(start, _)| *start);
    declared.truncate(MAX_LANGUAGES);
    if declared.is_empty() {
        let key = raw.book.language.as_deref().unwrap_or("en");
        declared.push((0, make(key, &RawLanguage::default())));
    }
    declared.into_iter().map(|(_, language)| language).collect()
}

/// Where the language `key` stands among the declared ones; none when it is not declared or not said.
fn position(languages: &[Language], key: Option<&str>) -> Option<usize> {
    languages.iter().position(|language| Some(&*language.key) == key)
}

/// Whether `key` can be a language's folder.
#[must_use]
pub fn is_folder_name(key: &str) -> bool {
    !key.is_empty()
        && !matches!(key, "static" | "examples")
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// What a language calls itself, for the few that the default theme speaks or that are common in pairs.
fn own_name(key: &str) -> String {
    let name = match key {
        "en" => "English",
        "zh" => "简体中文",
        "ja" => "日本語",
        "ko" => "한국어",
        "de" => "Deutsch",
        "fr" => "Français",
        "es" => "Español",
        other => other,
    };
    name.to_owned()
}

/// Every setting as a line of TOML, with where it comes from.
#[must_use]
pub fn explain(config: &Config, sources: &Sources) -> Vec<String> {
    let text = sources.find(FILE).map_or("", |file| sources.text(file));
    let written = data::toml_keys(text);
    let mut lines = Vec::new();
    let mut line = |key: &str, value: String| {
        let origin = if written.contains(key) { FILE } else { "default" };
        lines.push(format!("{key} = {value}  # {origin}"));
    };
    let quoted = |text: &str| format!("{text:?}");
    line("book.title", quoted(&config.title));
    line("book.authors", format!("{:?}", config.authors));
    line("book.source-language", quoted(&config.languages[config.source].key));
    for language in config.languages.values() {
        let key = |name: &str| format!("languages.{}.{name}", language.key);
        line(&key("tag"), quoted(&language.tag));
        line(&key("name"), quoted(&language.name));
        line(&key("title"), quoted(&language.title));
        line(&key("description"), quoted(&language.description));
        line(&key("text-direction"), quoted(language.direction));
    }
    line("build.build-dir", quoted(&config.build_dir));
    let url = config.site_url.as_ref().map_or_else(String::new, |url| url.absolute(""));
    line("output.html.site-url", quoted(&url));
    line("output.html.theme", quoted(&config.theme));
    line("output.html.edit-url-template", quoted(config.edit_url_template.as_deref().unwrap_or("")));
    line("output.html.git-repository-url", quoted(config.repository_url.as_deref().unwrap_or("")));
    line("output.html.additional-css", format!("{:?}", config.additional_css));
    line("output.html.raw-html", config.raw_html.to_string());
    line("output.html.smart-punctuation", config.smart_punctuation.to_string());
    let drift = match config.drift {
        None => "allow",
        Some(Severity::Warning) => "warn",
        Some(Severity::Error) => "deny",
    };
    line("check.drift", quoted(drift));
    lines
}
