//! What a template sees: the contract with themes.
//!
//! Every field is filled for every page, so that a template never meets an undefined name. Links are
//! complete: a template writes `{{ item.href }}` and nothing more. `root` leads back to the root of the
//! site; paths of the theme's own files follow it: `{{ root }}{{ assets["bilayer.css"] }}`.

use std::collections::BTreeMap;

use serde::Serialize;

/// What is the same on all pages of a language. Templates know it as `site`.
#[derive(Debug, Serialize)]
pub struct SiteView<'a> {
    /// The book's title.
    pub title: &'a str,
    /// Its description; may be empty.
    pub description: &'a str,
    /// Its authors.
    pub authors: &'a [String],
    /// The language's tag, for `lang`.
    pub lang: &'a str,
    /// The language's folder.
    pub key: &'a str,
    /// `ltr` or `rtl`.
    pub direction: &'a str,
    /// The paths of the book's own style sheets.
    pub stylesheets: Vec<&'a str>,
    /// The path of the feed, when there is one.
    pub feed: Option<String>,
    /// The path of the list of tags, when there are tags.
    pub tags: Option<String>,
    /// The address of the repository, when the book names one.
    pub repository_url: Option<&'a str>,
    /// The program and its version.
    pub generator: &'a str,
}

/// One page. Templates know it as `page`.
#[derive(Debug, Hash, Serialize)]
pub struct PageView<'a> {
    /// `home`, `section`, `page`, `tags` or `tag`.
    pub kind: &'static str,
    /// The title.
    pub title: &'a str,
    /// One sentence; may be empty.
    pub description: &'a str,
    /// The path in the site.
    pub path: &'a str,
    /// The tag of the language of the text: not the page's own when it is not translated.
    pub lang: &'a str,
    /// Whether the text is shown in another language because a translation is missing.
    pub fallback: bool,
    /// The notice of that, in the page's language; empty when there is nothing to say.
    pub notice: String,
    /// The address that search engines should know, when the site's address is known.
    pub canonical: Option<String>,
    /// The page in all languages that have it, for search engines; empty when there is only one.
    pub alternates: Vec<Alternate<'a>>,
    /// The language switch.
    pub languages: Vec<LanguageLink<'a>>,
    /// The link to the home page.
    pub home: String,
    /// The sections above it, the home page first.
    pub breadcrumbs: Vec<Item<'a>>,
    /// The page before, in reading order.
    pub previous: Option<Item<'a>>,
    /// The page after.
    pub next: Option<Item<'a>>,
    /// The headings of the second and third level.
    pub contents: Vec<Entry>,
    /// The pages of a section, or those with a tag.
    pub children: Vec<Item<'a>>,
    /// How much it asks of a reader, in words; empty when nobody said.
    pub level: &'a str,
    /// Its tags.
    pub tags: Vec<Item<'a>>,
    /// What a reader can do afterwards.
    pub objectives: &'a [String],
    /// What to read first.
    pub requires: Vec<Item<'a>>,
    /// Reading time in words; empty on pages without a text of their own.
    pub minutes: String,
    /// The day of the last change.
    pub updated: Option<Day<'a>>,
    /// The address of its source, when the book says where that is.
    pub edit_url: Option<String>,
    /// Whether it has examples that the theme's script brings to life.
    pub live: bool,
    /// Whatever the author put into `extra`.
    pub extra: &'a BTreeMap<String, serde_json::Value>,
}

/// A link to another page.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Item<'a> {
    /// Its title.
    pub title: &'a str,
    /// One sentence about it; may be empty.
    pub description: &'a str,
    /// The link.
    pub href: String,
    /// The tag of the language it is written in, when that is not the page's own.
    pub lang: Option<&'a str>,
    /// The words for that, in the page's language.
    pub shown_in: String,
    /// How many pages it leads to, for tags; 0 elsewhere.
    pub count: usize,
}

/// A line of the menu.
#[derive(Debug, Serialize)]
pub struct MenuItem<'a> {
    /// The page.
    #[serde(flatten)]
    pub item: Item<'a>,
    /// Whether what lies below it is shown.
    pub open: bool,
    /// What lies below it.
    pub children: Vec<Self>,
}

/// A page in another language, for search engines.
#[derive(Debug, Hash, Serialize)]
pub struct Alternate<'a> {
    /// A language tag, or `x-default`.
    pub tag: &'a str,
    /// The whole address.
    pub url: String,
}

/// An entry of the language switch.
#[derive(Debug, Hash, Serialize)]
pub struct LanguageLink<'a> {
    /// The language's own name.
    pub name: &'a str,
    /// Its tag.
    pub lang: &'a str,
    /// Its folder, which is also what a reader's choice is remembered by.
    pub key: &'a str,
    /// The same page in it.
    pub href: String,
    /// Whether it is the page's own.
    pub current: bool,
}

/// A line of the page contents.
#[derive(Debug, Hash, Serialize)]
pub struct Entry {
    /// The id of the heading.
    pub id: String,
    /// Its text.
    pub title: String,
    /// 2 or 3.
    pub level: u8,
}

/// A day.
#[derive(Debug, Hash, Serialize)]
pub struct Day<'a> {
    /// `YYYY-MM-DD`.
    pub iso: &'a str,
    /// In words of the page's language.
    pub text: String,
}

/// A language on the pages that speak all of them: the root and `404.html`.
#[derive(Debug, Serialize)]
pub struct Greeting<'a> {
    /// The book's title in it.
    pub title: &'a str,
    /// Its description in it.
    pub description: &'a str,
    /// The language's own name.
    pub name: &'a str,
    /// Its tag.
    pub lang: &'a str,
    /// Its folder.
    pub key: &'a str,
    /// `ltr` or `rtl`.
    pub direction: &'a str,
    /// Its home page.
    pub href: String,
    /// The theme's words in it.
    pub t: &'a super::strings::Strings,
}
