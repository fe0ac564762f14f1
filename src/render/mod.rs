//! Pages and the files around them.
//!
//! Takes the linked book and a theme, and gives HTML: one call a page, in any order, on any thread. What
//! goes into a page is a [`view`]; where it goes is a path of `link::route`. Nothing here touches the disk.

pub mod body;
pub mod code;
pub mod example;
mod feed;
mod fence;
mod footnote;
pub mod html;
mod image;
pub mod item;
pub mod made_from;
mod math;
mod page;
mod sidebar;
mod site;
pub mod strings;
mod table;
mod templates;
pub mod theme;
mod trouble;
pub mod view;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tera::{Context, Value};

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::digest::Digest;
use crate::evaluate::format::Numerals;
use crate::evaluate::unit::Units;
use crate::evaluate::worked::Examples;
use crate::lang::{Lang, PerLang};
use crate::link::resolve::Links;
use crate::link::route::{self, LinkStyle};
use crate::link::{self, Book, TopicId};
use crate::memo::Store;
use crate::output::Sink;
use crate::source::{Content, FileId, Sources, Span};
use body::{Place, Shared};
use code::Highlighter;
use example::Tally;
use item::Item;
use math::Math;
use sidebar::Sidebars;
use theme::Theme;
use view::{PageView, SiteView};

/// The program and its version, for pages and feeds.
pub const GENERATOR: &str = concat!("bilayer ", env!("CARGO_PKG_VERSION"));

/// Renders the pages of one build.
pub struct Renderer<'a> {
    book: &'a Book,
    sources: &'a Sources,
    inputs: Inputs<'a>,
    theme: &'a Theme,
    tools: &'a Tools,
    style: LinkStyle,
    /// What is the same on every page of a language, ready for templates.
    sites: PerLang<Value>,
    words: PerLang<Value>,
    keys: body::Keys,
    /// The digest of what all pages are made from.
    common: Digest,
    numerals: PerLang<Numerals>,
    examples: &'a Examples,
    counts_numbers: bool,
    assets: Value,
    sidebars: Sidebars,
    /// The place of each topic in the reading order of each language.
    positions: PerLang<Vec<usize>>,
}

/// What sets code and formulas: the same for every book, and not quickly made; so each is made when it is first needed.
pub struct Tools {
    highlighter: LazyLock<Highlighter>,
    math: LazyLock<Math>,
}

impl Default for Tools {
    fn default() -> Self {
        Self { highlighter: LazyLock::new(Highlighter::new), math: LazyLock::new(Math::new) }
    }
}

/// What pages are made of.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The book.
    pub book: &'a Book,
    /// The texts.
    pub sources: &'a Sources,
    /// The links of each document of the book, in the same order.
    pub links: &'a [Links],
    /// The worked examples.
    pub worked: Worked<'a>,
    /// Where rendered texts are kept.
    pub store: &'a dyn Store,
}

/// The examples of a book, worked.
#[derive(Clone, Copy)]
pub struct Worked<'a> {
    /// The examples by id.
    pub examples: &'a Examples,
    /// The units they speak in.
    pub units: &'a Units,
}

/// What a caller may choose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How links name pages.
    pub links: LinkStyle,
    /// Whether the numbers in prose are counted.
    pub counts_numbers: bool,
}

impl<'a> Renderer<'a> {
    /// Prepares what pages share.
    #[must_use]
    pub fn new(inputs: Inputs<'a>, theme: &'a Theme, tools: &'a Tools, options: Options) -> Self {
        let Inputs { book, sources, worked, .. } = inputs;
        let Options { links: style, counts_numbers } = options;
        let count = book.config.languages.count();
        let site = |lang| Value::from_serializable(&site_view(book, theme, lang, style));
        let words = |lang| Value::from_serializable(&theme.strings[lang]);
        Self {
            book,
            sources,
            inputs,
            theme,
            tools,
            style,
            sites: PerLang::from_fn(count, site),
            words: PerLang::from_fn(count, words),
            keys: keys(book, theme),
            common: common(book, theme),
            numerals: PerLang::from_fn(count, |lang| theme.strings[lang].numerals()),
            examples: worked.examples,
            counts_numbers,
            assets: Value::from_serializable(&theme.assets),
            sidebars: Sidebars::default(),
            positions: PerLang::from_fn(count, |lang| positions(&book.orders[lang])),
        }
    }

    /// Problems of the theme that no page shows: files for which the site has no place.
    #[must_use]
    pub fn problems(&self) -> Vec<Diagnostic> {
        let files = self.theme.files.iter().filter(|(path, _)| self.is_misplaced(path));
        files.map(|(path, &file)| misplaced(path, file)).collect()
    }

    /// Renders an item into `sink`; what was found wrong, and what its numbers rest on.
    pub fn render(&self, item: Item<'_>, sink: &dyn Sink) -> (Vec<Diagnostic>, Tally) {
        let diagnostics = match item {
            Item::Topic(id, lang) => return self.topic(id, lang, sink),
            Item::Tags(lang) => page::tags(self, lang, sink),
            Item::Tag(lang, tag) => page::tag(self, lang, tag, sink),
            Item::Root => Vec::from_iter(site::root(self, sink)),
            Item::NotFound => Vec::from_iter(site::not_found(self, sink)),
            item => {
                self.put(item, sink);
                Vec::new()
            }
        };
        (diagnostics, Tally::default())
    }

    /// Writes an item in which nothing can be wrong.
    fn put(&self, item: Item<'_>, sink: &dyn Sink) {
        match item {
            Item::Alias(path) => site::alias(self, path, sink),
            Item::Sitemap => site::sitemaps(self, sink),
            Item::Robots => site::robots(self, sink),
            Item::Feed(lang) => feed::write(self, lang, sink),
            Item::Script => sink.put(&self.theme.script.0, self.theme.script.1.as_bytes()),
            Item::Theme(path) => self.copy(path, self.theme.files.get(path), sink),
            Item::Asset(path) => self.copy(path, self.book.assets.get(path), sink),
            Item::Topic(..) | Item::Tags(_) | Item::Tag(..) | Item::Root | Item::NotFound => {}
        }
    }

    fn copy(&self, path: &str, file: Option<&FileId>, sink: &dyn Sink) {
        match file.map(|&file| &self.sources.file(file).content) {
            Some(Content::Text(text)) => sink.put(path, text.as_bytes()),
            Some(Content::Asset { disk, .. }) => sink.copy(path, disk),
            None => {}
        }
    }

    fn config(&self) -> &'a Config {
        &self.book.config
    }

    fn topic(&self, id: TopicId, lang: Lang, sink: &dyn Sink) -> (Vec<Diagnostic>, Tally) {
        let card = self.book.card(id, lang);
        let mut diagnostics = Vec::new();
        let body = self.place(id, lang).map(|place| body::recall(self.shared(), &place, self.inputs.store));
        let mut tally = Tally::default();
        let (html, contents, is_live) = body.map_or_else(Default::default, |body| {
            diagnostics.extend(body.diagnostics);
            tally = body.tally;
            (body.html, body.contents, body.is_live)
        });
        let view = PageView { live: is_live, ..page::topic(self, id, lang, contents) };
        let template = self.template(id, lang, &mut diagnostics);
        let section = self.book.top_section(id);
        let page = Page { view, lang, section, content: html };
        diagnostics.extend(self.page(template, page, sink));
        // A text that stands in for a translation is counted where it is at home.
        (diagnostics, if card.text == lang { tally } else { Tally::default() })
    }

    /// The page that the text of a topic is rendered for; none for a folder without an index.
    fn place(&self, id: TopicId, lang: Lang) -> Option<Place<'_>> {
        let card = self.book.card(id, lang);
        let document = card.document?;
        Some(Place {
            document,
            links: self.inputs.links.get(document).map_or(&[], |links| links.resolved.as_slice()),
            topic: id,
            lang,
            text: card.text,
            path: &card.url,
            strings: &self.theme.strings[lang],
        })
    }

    fn shared(&self) -> Shared<'_> {
        Shared {
            book: self.book,
            sources: self.sources,
            highlighter: &self.tools.highlighter,
            math: &self.tools.math,
            style: self.style,
            examples: self.examples,
            units: self.inputs.worked.units,
            numerals: &self.numerals,
            counts_numbers: self.counts_numbers,
            theme: self.theme,
            words: &self.words,
            keys: &self.keys,
        }
    }

    /// The template that a page asks for, or the usual one.
    fn template(&self, id: TopicId, lang: Lang, diagnostics: &mut Vec<Diagnostic>) -> &str {
        let topic = self.book.topic(id);
        let usual = if topic.section { "section.html" } else { "page.html" };
        let Some(asked) = topic.cards[lang].template.as_deref() else { return usual };
        if self.theme.templates.has(asked) {
            return asked;
        }
        diagnostics.push(self.no_template(id, lang, asked));
        usual
    }

    /// The problem of a template that is not there, at the page that asks for it.
    fn no_template(&self, id: TopicId, lang: Lang, asked: &str) -> Diagnostic {
        let cards = [self.book.card(id, lang), self.book.card(id, self.config().source)];
        let documents = cards.iter().filter_map(|card| card.document).map(|at| &self.book.documents[at]);
        let place = documents
            .filter(|document| document.front.template.as_deref() == Some(asked))
            .map(|document| link::front_place(document, self.sources, "template", asked))
            .next();
        let message = format!("there is no template `{asked}`");
        let missing = Diagnostic { span: place, ..Diagnostic::nowhere(Code::TemplateMissing, message) };
        match (nearest(asked, self.theme.templates.names()), place) {
            (Some(name), Some(place)) => missing.help(format!("did you mean `{name}`?")).fix(place, name),
            _ => missing.help(format!("put it at templates/{asked}")),
        }
    }

    fn page(&self, template: &str, page: Page<'_>, sink: &dyn Sink) -> Vec<Diagnostic> {
        let path = page.view.path.to_owned();
        let mut context = self.context(page.lang, &path);
        let (sidebar, problem) = sidebar::of(self, page.lang, page.section, &path);
        context.insert_value("page", Value::from_serializable(&page.view));
        context.insert_value("content", Value::safe_string(&page.content));
        context.insert_value("sidebar", Value::safe_string(&sidebar));
        let mut diagnostics = Vec::from_iter(problem);
        match self.theme.templates.render(template, &context) {
            Ok(html) => sink.put(&route::file_of(&path), &html),
            Err(problem) => diagnostics.push(*problem),
        }
        diagnostics
    }

    /// What every page of a language knows, for the page at `path`.
    fn context(&self, lang: Lang, path: &str) -> Context {
        let mut context = Context::new();
        context.insert_value("site", self.sites[lang].clone());
        context.insert_value("t", self.words[lang].clone());
        context.insert_value("assets", self.assets.clone());
        context.insert_value("root", Value::normal_string(&route::root_of(path)));
        context
    }
}

/// The problem of a theme's file that cannot lie at `path` in the site.
fn misplaced(path: &str, file: FileId) -> Diagnostic {
    let message = format!("the site has no place for the theme's file `{path}`");
    Diagnostic::new(Code::UrlConflict, Span::whole(file), message)
        .help("rename it: the book has something there, or no file of a site can have that name")
}

/// A page on its way to a template.
struct Page<'a> {
    view: PageView<'a>,
    lang: Lang,
    section: Option<TopicId>,
    content: String,
}

fn site_view<'a>(book: &'a Book, theme: &'a Theme, lang: Lang, style: LinkStyle) -> SiteView<'a> {
    let language = &book.config.languages[lang];
    SiteView {
        title: &language.title,
        description: &language.description,
        authors: &book.config.authors,
        lang: &language.tag,
        key: &language.key,
        direction: language.direction,
        stylesheets: theme.stylesheets.iter().map(String::as_str).collect(),
        feed: feed::is_wanted(book, lang).then(|| route::feed(&language.key)),
        tags: (!book.tags[lang].is_empty())
            .then(|| route::rooted_href("", &route::tags(&language.key, None), style)),
        repository_url: book.config.repository_url.as_deref(),
        generator: GENERATOR,
    }
}

/// The digest of what all pages are made from.
fn common(book: &Book, theme: &Theme) -> Digest {
    let words: Vec<_> = theme.strings.values().collect();
    let has_tags: Vec<_> = book.tags.values().map(BTreeMap::is_empty).collect();
    let has_feed: Vec<_> = book.tags.iter().map(|(lang, _)| feed::is_wanted(book, lang)).collect();
    let files = (&theme.assets, &theme.stylesheets);
    Digest::of_value(&(&*book.config, theme.templates.digest, words, files, has_tags, has_feed))
}

/// Digests of what many texts are made from.
fn keys(book: &Book, theme: &Theme) -> body::Keys {
    let config = &book.config;
    let tags: Vec<_> = config.languages.values().map(|language| &language.tag).collect();
    body::Keys {
        words: PerLang::from_fn(config.languages.count(), |lang| Digest::of_value(&theme.strings[lang])),
        figures: Digest::of_value(&(theme.templates.digest, &config.units, tags)),
    }
}

/// The inverse of an order: for each topic, where it stands.
fn positions(order: &[TopicId]) -> Vec<usize> {
    let mut positions = vec![0; order.len()];
    for (at, id) in order.iter().enumerate() {
        positions[id.index()] = at;
    }
    positions
}
