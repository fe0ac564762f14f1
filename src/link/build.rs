//! Pairing the languages and putting the tree in order.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Book, Card, Options, Topic, TopicId, missing_home, split_path};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::{Lang, PerLang};
use crate::parse::Document;
use crate::source::{Content, FileId, Sources, Span};

/// The documents of one topic, before it is a topic.
struct Pair {
    section: bool,
    documents: PerLang<Option<usize>>,
}

/// How many translations without an original get a suggestion: each costs a look at all originals.
const SUGGESTIONS: usize = 20;

/// Collects what the book is made of.
pub struct Builder<'a, 's> {
    sources: &'s Sources,
    config: &'a Arc<Config>,
    options: Options,
    pairs: BTreeMap<String, Pair>,
    drafts: HashMap<(Lang, String), FileId>,
    /// What was found wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a, 's> Builder<'a, 's> {
    /// A builder that has seen nothing yet.
    pub fn new(sources: &'s Sources, config: &'a Arc<Config>, options: Options) -> Self {
        Self {
            sources,
            config,
            options,
            pairs: BTreeMap::new(),
            drafts: HashMap::new(),
            diagnostics: Vec::new(),
        }
    }

    fn none(&self) -> PerLang<Option<usize>> {
        PerLang::from_fn(self.config.languages.count(), |_| None)
    }

    /// Sorts the documents into topics and gives back those that are shown.
    pub fn pair(&mut self, documents: Vec<Arc<Document>>) -> Vec<Arc<Document>> {
        let drafts = self.drafts_of(&documents);
        let mut shown: Vec<Arc<Document>> = Vec::with_capacity(documents.len());
        let mut files: HashMap<(Lang, &str), FileId> = HashMap::with_capacity(documents.len());
        for document in documents {
            let path = self.sources.path(document.file);
            let Some((lang, topic, section)) = split_path(path, self.config) else { continue };
            // `fees.md` and `fees/index.md` are one page, also while one of them is a draft.
            if let Some(other) = files.insert((lang, topic), document.file) {
                self.diagnostics.push(written_twice(topic, document.file, other));
            }
            if drafts.contains(topic) || (document.front.draft && !self.options.drafts) {
                self.drafts.insert((lang, topic.to_owned()), document.file);
                continue;
            }
            self.add(lang, topic, section, shown.len());
            shown.push(document);
        }
        self.add_missing_sections();
        shown
    }

    /// Topics whose page in the source language is a draft: their translations wait for it.
    fn drafts_of(&self, documents: &[Arc<Document>]) -> BTreeSet<String> {
        if self.options.drafts {
            return BTreeSet::new();
        }
        let of_source = |document: &Arc<Document>| {
            split_path(self.sources.path(document.file), self.config)
                .filter(|(lang, ..)| *lang == self.config.source && document.front.draft)
        };
        documents.iter().filter_map(of_source).map(|(_, topic, _)| topic.to_owned()).collect()
    }

    fn add(&mut self, lang: Lang, topic: &str, section: bool, index: usize) {
        let pair = match self.pairs.get_mut(topic) {
            Some(pair) => pair,
            None => {
                let documents = self.none();
                self.pairs.entry(topic.to_owned()).or_insert(Pair { section, documents })
            }
        };
        pair.section |= section;
        pair.documents[lang].get_or_insert(index);
    }

    /// Every folder is a section, with an index or without.
    fn add_missing_sections(&mut self) {
        let mut folders = BTreeSet::from([String::new()]);
        for path in self.pairs.keys() {
            for folder in path.match_indices('/').map(|(at, _)| &path[..at]) {
                if !folders.contains(folder) {
                    folders.insert(folder.to_owned());
                }
            }
        }
        let count = self.config.languages.count();
        let drafts: BTreeSet<&str> = self.drafts.keys().map(|(_, topic)| topic.as_str()).collect();
        let mut missing = Vec::new();
        for folder in folders {
            let known = self.pairs.get(&folder).is_some_and(|pair| pair.section);
            let none = PerLang::from_fn(count, |_| None);
            self.pairs.entry(folder.clone()).or_insert(Pair { section: true, documents: none }).section =
                true;
            if known || drafts.contains(folder.as_str()) {
                continue;
            }
            missing.push(if folder.is_empty() {
                missing_home(self.config)
            } else {
                self.missing_index(&folder)
            });
        }
        self.diagnostics.append(&mut missing);
    }

    fn missing_index(&self, folder: &str) -> Diagnostic {
        let key = &self.config.languages[self.config.source].key;
        Diagnostic::nowhere(Code::SectionIndexMissing, format!("the folder `{folder}` has no index.md"))
            .help(format!("write content/{key}/{folder}/index.md with at least a title"))
    }

    /// Makes the book out of what was paired.
    pub fn book(&mut self, documents: Vec<Arc<Document>>) -> Book {
        let pairs = std::mem::take(&mut self.pairs);
        let by_path: HashMap<String, TopicId> =
            pairs.keys().enumerate().map(|(index, path)| (path.clone(), TopicId::at(index))).collect();
        let count = self.config.languages.count();
        let source = self.config.source;
        let originals: Vec<String> = pairs
            .iter()
            .filter(|(_, pair)| pair.documents[source].is_some())
            .map(|(path, _)| path.clone())
            .collect();
        self.report_strays(&pairs, &originals, &documents);
        let mut topics: Vec<Topic> = Vec::with_capacity(pairs.len());
        for (path, pair) in pairs {
            let parent = parent_path(&path).map(|parent| by_path[parent]);
            for &index in pair.documents.values().flatten() {
                self.check_title(&documents[index]);
            }
            let url = parent.map(|parent| &topics[parent.index()]);
            let cards = cards(self.config, &path, &pair.documents, url, &documents);
            let children = PerLang::from_fn(count, |_| Vec::new());
            topics.push(Topic { path, section: pair.section, parent, children, cards });
        }
        Book {
            config: Arc::clone(self.config),
            documents,
            by_url: by_url(&topics),
            topics,
            orders: PerLang::from_fn(count, |_| Vec::new()),
            heading_ids: Vec::new(),
            tags: PerLang::from_fn(count, |_| BTreeMap::new()),
            assets: self.assets(),
            aliases: BTreeMap::new(),
            addresses: BTreeSet::new(),
            by_path,
            drafts: std::mem::take(&mut self.drafts),
        }
    }

    /// Reports translations without an original. Where there is no original at all, that is the mistake.
    fn report_strays(
        &mut self,
        pairs: &BTreeMap<String, Pair>,
        originals: &[String],
        documents: &[Arc<Document>],
    ) {
        let is_stray = |path: &String| !originals.is_empty() && originals.binary_search(path).is_err();
        let mut suggestions = SUGGESTIONS;
        for (path, pair) in pairs.iter().filter(|(path, _)| is_stray(path)) {
            let translation = pair.documents.iter().find_map(|(lang, index)| Some((lang, (*index)?)));
            if let Some((lang, index)) = translation {
                let known = originals.iter().map(String::as_str).filter(|_| suggestions > 0);
                let near = nearest(path, known);
                suggestions = suggestions.saturating_sub(1);
                self.diagnostics.push(self.stray(path, pair.section, near, (lang, documents[index].file)));
            }
        }
    }

    fn stray(
        &self,
        path: &str,
        section: bool,
        near: Option<&str>,
        (lang, file): (Lang, FileId),
    ) -> Diagnostic {
        let languages = &self.config.languages;
        let name = |lang: Lang, path: &str| match (path, section) {
            ("", _) => format!("content/{}/index.md", languages[lang].key),
            (path, true) => format!("content/{}/{path}/index.md", languages[lang].key),
            (path, false) => format!("content/{}/{path}.md", languages[lang].key),
        };
        let original = name(self.config.source, path);
        let help = match near.filter(|near| !near.is_empty()) {
            Some(near) => format!("did you mean {}? Otherwise write {original}", name(lang, near)),
            None => format!("write {original}, or move this page to the path of its original"),
        };
        Diagnostic::new(Code::TranslationWithoutSource, Span::whole(file), "this page has no original")
            .help(help)
    }

    fn check_title(&mut self, document: &Document) {
        if has_title(document) {
            return;
        }
        let is_toml = self.sources.text(document.file).starts_with("+++");
        let help = match document.yaml.is_empty() {
            true if is_toml => {
                "front matter is YAML between two lines of `---`; TOML between `+++` is not read"
            }
            true => "begin the file with the lines `---`, `title: …`, `---`, or with a heading `# …`",
            false => "add a line `title: …` to its front matter",
        };
        let place = Span::whole(document.file);
        self.diagnostics.push(Diagnostic::new(Code::TitleMissing, place, "the page has no title").help(help));
    }

    /// Images and downloads: those beside the pages, and those in `content/static/`, which lie at the root.
    fn assets(&mut self) -> BTreeMap<String, FileId> {
        let beside = self.config.languages.values().map(|language| format!("content/{}/", language.key));
        let folders: Vec<_> = beside.chain(["content/static/".to_owned()]).collect();
        let mut assets = BTreeMap::new();
        for folder in &folders {
            let prefix = if folder == "content/static/" { "content/static/" } else { "content/" };
            let files =
                self.sources.below(folder).filter(|(_, file)| matches!(file.content, Content::Asset { .. }));
            for (id, file) in files {
                let path = file.path.strip_prefix(prefix).unwrap_or(&file.path);
                let Some(other) = assets.insert(path.to_owned(), id) else { continue };
                let message = format!("`/{path}` is the address of two files");
                self.diagnostics.push(
                    Diagnostic::new(Code::UrlConflict, Span::whole(id), message)
                        .related(Span::whole(other), "the other one")
                        .help("rename one of the two"),
                );
            }
        }
        assets
    }
}

/// Whether a page has a title, or what would be one could not be read.
fn has_title(document: &Document) -> bool {
    let title = document.front.title.as_deref().or(document.heading_title.as_deref());
    document.front.unread || title.is_some_and(|title| !title.trim().is_empty())
}

/// What is to be known of a topic in each language, of which it has these documents.
fn cards(
    config: &Config,
    path: &str,
    own: &PerLang<Option<usize>>,
    parent: Option<&Topic>,
    documents: &[Arc<Document>],
) -> PerLang<Card> {
    let source = own[config.source].map(|index| &*documents[index]);
    let original = own.iter().find_map(|(lang, index)| index.map(|index| (lang, index)));
    let fallback = own[config.source].map(|index| (config.source, index)).or(original);
    PerLang::from_fn(config.languages.count(), |lang| {
        let shown = own[lang].map(|index| (lang, index)).or(fallback);
        let slug = shown.and_then(|(_, index)| documents[index].front.slug.as_deref());
        let url = match parent {
            None => format!("{}/", config.languages[lang].key),
            Some(parent) => format!("{}{}/", parent.cards[lang].url, slug.unwrap_or(last_part(path))),
        };
        let (text, document) = (shown.map_or(lang, |(text, _)| text), shown.map(|(_, index)| index));
        card(path, url, text, document, source, documents)
    })
}

/// Takes what describes the pages anew from the documents at these positions, whose skeletons are the same as before.
/// Not, when one of them has no title: that is to be reported.
pub fn describe(book: &mut Book, changed: &[usize]) -> bool {
    if !changed.iter().all(|&at| has_title(&book.documents[at])) {
        return false;
    }
    for at in 0..book.topics.len() {
        let topic = &book.topics[at];
        if !topic.cards.values().any(|card| card.document.is_some_and(|document| changed.contains(&document)))
        {
            continue;
        }
        let own = PerLang::from_fn(book.config.languages.count(), |lang| {
            topic.cards[lang].document.filter(|_| topic.cards[lang].text == lang)
        });
        let parent = topic.parent.map(|parent| book.topic(parent));
        let new = cards(&book.config, &topic.path, &own, parent, &book.documents);
        for (old, new) in book.topics[at].cards.values_mut().zip(new.into_values()) {
            let requires = std::mem::take(&mut old.requires);
            *old = Card { requires, ..new };
        }
    }
    true
}

fn card(
    path: &str,
    url: String,
    text: Lang,
    document: Option<usize>,
    source: Option<&Document>,
    documents: &[Arc<Document>],
) -> Card {
    let own = document.map(|index| &documents[index]);
    let front = own.map(|own| &own.front);
    let base = source.map(|source| &source.front);
    /// A key of the page itself, or else of the page in the source language.
    macro_rules! inherited {
        ($key:ident) => {
            front.and_then(|front| front.$key.clone()).or_else(|| base.and_then(|base| base.$key.clone()))
        };
    }
    let heading = own.and_then(|own| own.heading_title.clone());
    Card {
        title: front
            .and_then(|front| front.title.clone())
            .or(heading)
            .unwrap_or_else(|| super::title_of(path)),
        description: front.and_then(|front| front.description.clone()).unwrap_or_default(),
        url,
        text,
        document,
        weight: inherited!(weight),
        tags: inherited!(tags).unwrap_or_default(),
        level: inherited!(level),
        requires: Vec::new(),
        date: inherited!(date),
        updated: inherited!(updated),
        template: inherited!(template),
        extra: inherited!(extra).unwrap_or_default(),
    }
}

fn written_twice(topic: &str, file: FileId, other: FileId) -> Diagnostic {
    let topic = if topic.is_empty() { "index" } else { topic };
    Diagnostic::new(Code::UrlConflict, Span::whole(file), format!("`{topic}` is written twice"))
        .related(Span::whole(other), "the other file for the same page")
        .help("keep one of the two files")
}

/// The page at each address; of two at one address, which is reported, the first.
fn by_url(topics: &[Topic]) -> HashMap<String, (TopicId, Lang)> {
    let mut by_url = HashMap::with_capacity(topics.len() * 2);
    for (index, topic) in topics.iter().enumerate() {
        for (lang, card) in topic.cards.iter() {
            by_url.entry(card.url.clone()).or_insert((TopicId::at(index), lang));
        }
    }
    by_url
}

/// The path of the section that a path lies in; none for the home page.
fn parent_path(path: &str) -> Option<&str> {
    (!path.is_empty()).then(|| path.rfind('/').map_or("", |at| &path[..at]))
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Fills in what lies below each section, and the reading order: a section, then what is in it.
pub fn order(book: &mut Book) {
    for lang in Lang::all(book.config.languages.count()) {
        let mut children: Vec<Vec<TopicId>> = vec![Vec::new(); book.topics.len()];
        for id in book.topic_ids() {
            if let Some(parent) = book.topic(id).parent {
                children[parent.index()].push(id);
            }
        }
        for (index, mut below) in children.into_iter().enumerate() {
            below.sort_by_key(|&id| (book.card(id, lang).weight.unwrap_or(i64::MAX), id));
            book.topics[index].children[lang] = below;
        }
        let mut order = Vec::with_capacity(book.topics.len());
        let mut ahead = vec![book.home()];
        while let Some(id) = ahead.pop() {
            order.push(id);
            ahead.extend(book.topic(id).children[lang].iter().rev());
        }
        book.orders[lang] = order;
    }
}

/// Lists the topics of each tag in reading order.
pub fn collect_tags(book: &mut Book) {
    for lang in Lang::all(book.config.languages.count()) {
        let mut tags: BTreeMap<String, Vec<TopicId>> = BTreeMap::new();
        for &id in &book.orders[lang] {
            for tag in &book.card(id, lang).tags {
                match tags.get_mut(tag) {
                    Some(topics) => topics.push(id),
                    None => drop(tags.insert(tag.clone(), vec![id])),
                }
            }
        }
        book.tags[lang] = tags;
    }
}
