//! All documents to one [`Book`]: languages paired, the tree in order, every URL known.
//!
//! A [`Topic`] is a subject; a [`Card`] is that subject in one language, and says all that other pages
//! may know of it. A language without a page of its own shows the original one: the card says so.
//! `route` alone spells URLs; `resolve` alone says where a link leads.

mod build;
mod conflict;
mod heading;
mod requires;
pub mod resolve;
pub mod route;
pub mod undeclared;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash as _;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::digest::{Digest, Digester};
use crate::lang::{Lang, PerLang};
use crate::parse::Document;
use crate::parse::front::Level;
use crate::source::{FileId, Sources, Span};

/// A topic: its position in [`Book::topics`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicId(u32);

impl TopicId {
    /// The topic at position `index`.
    fn at(index: usize) -> Self {
        Self(u32::try_from(index).expect("a book has fewer than four billion topics"))
    }

    /// Its position in [`Book::topics`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The whole book, paired and linked.
#[derive(Debug)]
pub struct Book {
    /// The configuration it was linked with.
    pub config: Arc<Config>,
    /// Every document that is shown.
    pub documents: Vec<Arc<Document>>,
    /// The topics, sorted by path; the first one is the home page.
    pub topics: Vec<Topic>,
    /// The topics in reading order, for each language.
    pub orders: PerLang<Vec<TopicId>>,
    /// The ids of each document's headings, as they stand in the page; same order as `documents`.
    pub heading_ids: Vec<Arc<[String]>>,
    /// The topics of each tag, for each language, in reading order.
    pub tags: PerLang<BTreeMap<String, Vec<TopicId>>>,
    /// Files that are copied: path in the site, source.
    pub assets: BTreeMap<String, FileId>,
    /// Former paths and where they lead.
    pub aliases: BTreeMap<String, (TopicId, Lang)>,
    /// The paths of all files of the site that are not the theme's, in lower case.
    pub addresses: BTreeSet<String>,
    by_path: HashMap<String, TopicId>,
    /// The page at each address.
    by_url: HashMap<String, (TopicId, Lang)>,
    drafts: HashMap<(Lang, String), FileId>,
}

/// A subject, in all languages.
#[derive(Debug)]
pub struct Topic {
    /// The path below the language folder, without `.md`: `rollups/zk-rollups`; a section is its
    /// folder's path, the home page is empty.
    pub path: String,
    /// Whether it is a folder with an index, and so may have topics below it.
    pub section: bool,
    /// The section it belongs to; none for the home page.
    pub parent: Option<TopicId>,
    /// What lies directly below it, in order, for each language.
    pub children: PerLang<Vec<TopicId>>,
    /// The topic in each language.
    pub cards: PerLang<Card>,
}

/// A topic in one language: what other pages may know of it.
#[derive(Clone, Debug)]
pub struct Card {
    /// The title.
    pub title: String,
    /// One sentence about it; may be empty.
    pub description: String,
    /// The path in the site: `zh/rollups/zk-rollups/`.
    pub url: String,
    /// The language of the text that is shown: another one where a translation is missing.
    pub text: Lang,
    /// The document that is shown; none for a folder without an index.
    pub document: Option<usize>,
    /// The place among siblings.
    pub weight: Option<i64>,
    /// Tags by their ids.
    pub tags: Vec<String>,
    /// How much it asks of a reader.
    pub level: Option<Level>,
    /// Topics to read first.
    pub requires: Vec<TopicId>,
    /// When it was first published.
    pub date: Option<String>,
    /// When its substance last changed.
    pub updated: Option<String>,
    /// The template it asks for.
    pub template: Option<String>,
    /// Anything for a theme.
    pub extra: BTreeMap<String, serde_json::Value>,
}

impl Card {
    /// Whether the topic has a page of its own in `lang`, the language of this card.
    #[must_use]
    pub fn is_own(&self, lang: Lang) -> bool {
        self.text == lang && self.document.is_some()
    }

    /// The day of the last change, as far as the author says.
    #[must_use]
    pub fn changed(&self) -> Option<&str> {
        self.updated.as_deref().or(self.date.as_deref())
    }
}

impl Book {
    /// A topic by its id.
    #[must_use]
    pub fn topic(&self, id: TopicId) -> &Topic {
        &self.topics[id.index()]
    }

    /// What is known of a topic in a language.
    #[must_use]
    pub fn card(&self, id: TopicId, lang: Lang) -> &Card {
        &self.topic(id).cards[lang]
    }

    /// The topic at `path`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<TopicId> {
        self.by_path.get(path).copied()
    }

    /// The page at `url`, the path of a folder of the site: `zh/rollups/`.
    #[must_use]
    pub fn page_at(&self, url: &str) -> Option<(TopicId, Lang)> {
        self.by_url.get(url).copied()
    }

    /// The digest of all that decides where a link leads, and what is said of one that leads nowhere.
    #[must_use]
    pub fn targets(&self, sources: &Sources) -> Digest {
        let mut digester = Digester::default();
        self.config.hash(&mut digester);
        for topic in &self.topics {
            (&topic.path, topic.section).hash(&mut digester);
            topic.cards.values().for_each(|card| (&card.url, card.text, card.document).hash(&mut digester));
        }
        for (document, ids) in self.documents.iter().zip(&self.heading_ids) {
            (document.file, &document.anchors, ids).hash(&mut digester);
        }
        let drafts: BTreeMap<_, _> =
            self.drafts.iter().map(|(page, &file)| (page, sources.file(file).digest)).collect();
        (&self.addresses, &self.assets, drafts).hash(&mut digester);
        digester.finish128()
    }

    /// All topic ids, in order of path.
    pub fn topic_ids(&self) -> impl Iterator<Item = TopicId> + use<> {
        (0..self.topics.len()).map(TopicId::at)
    }

    /// The home page.
    #[must_use]
    pub const fn home(&self) -> TopicId {
        TopicId(0)
    }

    /// The section of the first level that a topic is or lies in; none for the home page.
    #[must_use]
    pub fn top_section(&self, id: TopicId) -> Option<TopicId> {
        let parent = self.topic(id).parent?;
        if parent == self.home() { Some(id) } else { self.top_section(parent) }
    }

    /// Whether a document has a place of that id: a heading, or one that raw HTML makes. The top has the empty id.
    #[must_use]
    pub fn has_anchor(&self, document: usize, id: &str) -> bool {
        let in_html =
            || self.config.raw_html && self.documents[document].anchors.iter().any(|anchor| anchor == id);
        id.is_empty() || self.heading_ids[document].iter().any(|known| known == id) || in_html()
    }
}

/// What is left out of, or let into, the book.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether drafts are built.
    pub drafts: bool,
}

/// Makes the book. Every problem is reported and the rest goes on: a book is always made.
#[must_use]
pub fn link(
    sources: &Sources,
    config: &Arc<Config>,
    documents: Vec<Arc<Document>>,
    options: Options,
) -> (Book, Vec<Diagnostic>) {
    let mut builder = build::Builder::new(sources, config, options);
    let documents = builder.pair(documents);
    let mut book = builder.book(documents);
    let mut diagnostics = builder.diagnostics;
    heading::assign(&mut book, &mut diagnostics);
    requires::resolve(&mut book, sources, &mut diagnostics);
    build::order(&mut book);
    build::collect_tags(&mut book);
    conflict::check(&mut book, sources, &mut diagnostics);
    (book, diagnostics)
}

pub use build::describe;

/// A place in a document's front matter: the value of `key`, or the `part` of it.
#[must_use]
pub fn front_place(document: &Document, sources: &Sources, key: &str, part: &str) -> Span {
    let yaml = &sources.text(document.file)[document.yaml.clone()];
    crate::parse::front::place(document.file, yaml, document.yaml.start, key, part)
}

/// What a content file's path says: language folder, and topic path with whether it is an index.
#[must_use]
pub fn split_path<'a>(path: &'a str, config: &Config) -> Option<(Lang, &'a str, bool)> {
    let rest = path.strip_prefix("content/")?.strip_suffix(".md")?;
    let (folder, rest) = rest.split_once('/')?;
    let lang = config.languages.iter().find(|(_, language)| language.key == folder)?.0;
    Some(match rest.strip_suffix("index") {
        Some("") => (lang, "", true),
        Some(section) if section.ends_with('/') => (lang, section.trim_end_matches('/'), true),
        _ => (lang, rest, false),
    })
}

fn missing_home(config: &Config) -> Diagnostic {
    let key = &config.languages[config.source].key;
    Diagnostic::nowhere(Code::HomeMissing, format!("there is no content/{key}/index.md"))
        .help("every book needs a home page; `bilayer init` writes one")
}

/// A title for a path that has none: `wider-economy` becomes `Wider economy`.
#[must_use]
pub fn title_of(path: &str) -> String {
    let words = path.rsplit('/').next().unwrap_or(path).replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
