//! From a topic, or a tag, to the view that its template sees.

use std::collections::BTreeMap;

use super::view::{Alternate, Day, Entry, Item, LanguageLink, PageView};
use super::{Page, Renderer};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::link::{Card, TopicId, route};
use crate::output::Sink;
use crate::parse::front::Level;

const NOTHING: &BTreeMap<String, serde_json::Value> = &BTreeMap::new();

/// The view of a topic's page.
pub fn topic<'a>(renderer: &'a Renderer<'_>, id: TopicId, lang: Lang, contents: Vec<Entry>) -> PageView<'a> {
    let book = renderer.book;
    let topic = book.topic(id);
    let card = &topic.cards[lang];
    let from = card.url.as_str();
    let strings = &renderer.theme.strings[lang];
    let document = card.document.map(|at| &book.documents[at]);
    let (previous, next) = neighbours(renderer, id, lang);
    let item = |id: TopicId| item(renderer, id, lang, from);
    let fallback = card.text != lang;
    let shown_in = &book.config.languages[card.text].name;
    PageView {
        kind: if topic.parent.is_none() {
            "home"
        } else if topic.section {
            "section"
        } else {
            "page"
        },
        title: &card.title,
        description: &card.description,
        path: &card.url,
        lang: &book.config.languages[card.text].tag,
        fallback,
        notice: if fallback { strings.not_translated.replace("{language}", shown_in) } else { String::new() },
        canonical: absolute(renderer, &book.card(id, card.text).url),
        alternates: alternates(renderer, id),
        languages: language_links(renderer, lang, from, |other| book.card(id, other).url.clone()),
        home: home(renderer, lang, from),
        breadcrumbs: ancestors(renderer, id).into_iter().map(item).collect(),
        previous: previous.map(item),
        next: next.map(item),
        contents,
        children: topic.children[lang].iter().map(|&child| item(child)).collect(),
        level: level(renderer, card, lang),
        tags: card.tags.iter().map(|tag| tag_item(renderer, tag, lang, from)).collect(),
        objectives: document.and_then(|document| document.front.objectives.as_deref()).unwrap_or_default(),
        requires: card.requires.iter().map(|&required| item(required)).collect(),
        minutes: document.map_or_else(String::new, |document| {
            strings.minutes.replace("{n}", &document.length.minutes().to_string())
        }),
        updated: card
            .updated
            .as_deref()
            .or(card.date.as_deref())
            .map(|iso| Day { iso, text: strings.format_date(iso) }),
        edit_url: document.and_then(|document| edit_url(renderer, renderer.sources.path(document.file))),
        live: false,
        extra: &card.extra,
    }
}

/// Writes the page that lists all tags of a language.
pub fn tags(renderer: &Renderer<'_>, lang: Lang, sink: &dyn Sink) -> Vec<Diagnostic> {
    let path = route::tags(&renderer.config().languages[lang].key, None);
    let children = renderer.book.tags[lang].keys().map(|tag| tag_item(renderer, tag, lang, &path)).collect();
    let title = &renderer.theme.strings[lang].all_tags;
    write_list(renderer, list(renderer, "tags", title, &path, lang, children), lang, sink)
}

/// Writes the page that lists the pages with a tag.
pub fn tag(renderer: &Renderer<'_>, lang: Lang, tag: &str, sink: &dyn Sink) -> Vec<Diagnostic> {
    let path = route::tags(&renderer.config().languages[lang].key, Some(tag));
    let title = renderer.theme.strings[lang].tagged.replace("{tag}", tag_name(renderer, tag, lang));
    let topics = renderer.book.tags[lang].get(tag).map_or(&[][..], Vec::as_slice);
    let children = topics.iter().map(|&id| item(renderer, id, lang, &path)).collect();
    write_list(renderer, list(renderer, "tag", &title, &path, lang, children), lang, sink)
}

fn write_list(renderer: &Renderer<'_>, view: PageView<'_>, lang: Lang, sink: &dyn Sink) -> Vec<Diagnostic> {
    let page = Page { view, lang, section: None, content: String::new() };
    renderer.page("section.html", page, sink)
}

/// The view of a page that only lists others.
fn list<'a>(
    renderer: &'a Renderer<'_>,
    kind: &'static str,
    title: &'a str,
    path: &'a str,
    lang: Lang,
    children: Vec<Item<'a>>,
) -> PageView<'a> {
    let languages = &renderer.config().languages;
    PageView {
        kind,
        title,
        description: "",
        path,
        lang: &languages[lang].tag,
        fallback: false,
        notice: String::new(),
        canonical: absolute(renderer, path),
        alternates: Vec::new(),
        languages: language_links(renderer, lang, path, |other| {
            let same = path
                .split_once('/')
                .map_or_else(String::new, |(_, rest)| format!("{}/{rest}", languages[other].key));
            let exists = renderer.book.addresses.contains(&route::file_of(&same).to_lowercase());
            let all = route::tags(&languages[other].key, None);
            if exists {
                same
            } else if renderer.book.tags[other].is_empty() {
                renderer.book.card(renderer.book.home(), other).url.clone()
            } else {
                all
            }
        }),
        home: home(renderer, lang, path),
        breadcrumbs: vec![item(renderer, renderer.book.home(), lang, path)],
        previous: None,
        next: None,
        contents: Vec::new(),
        children,
        level: "",
        tags: Vec::new(),
        objectives: &[],
        requires: Vec::new(),
        minutes: String::new(),
        updated: None,
        edit_url: None,
        live: false,
        extra: NOTHING,
    }
}

/// A link to a topic.
pub fn item<'a>(renderer: &'a Renderer<'_>, id: TopicId, lang: Lang, from: &str) -> Item<'a> {
    let card = renderer.book.card(id, lang);
    let other = (card.text != lang).then(|| &renderer.config().languages[card.text]);
    Item {
        title: &card.title,
        description: &card.description,
        href: route::href(from, &card.url, renderer.style),
        lang: other.map(|language| language.tag.as_str()),
        shown_in: other.map_or_else(String::new, |language| {
            renderer.theme.strings[lang].shown_in.replace("{language}", &language.name)
        }),
        count: 0,
    }
}

fn tag_item<'a>(renderer: &'a Renderer<'_>, tag: &'a str, lang: Lang, from: &str) -> Item<'a> {
    let path = route::tags(&renderer.config().languages[lang].key, Some(tag));
    Item {
        title: tag_name(renderer, tag, lang),
        description: "",
        href: route::href(from, &path, renderer.style),
        lang: None,
        shown_in: String::new(),
        count: renderer.book.tags[lang].get(tag).map_or(0, Vec::len),
    }
}

fn tag_name<'a>(renderer: &'a Renderer<'_>, tag: &'a str, lang: Lang) -> &'a str {
    renderer.config().languages[lang].tags.get(tag).map_or(tag, String::as_str)
}

fn home(renderer: &Renderer<'_>, lang: Lang, from: &str) -> String {
    let book = renderer.book;
    route::href(from, &book.card(book.home(), lang).url, renderer.style)
}

/// The sections above a topic, the home page first.
fn ancestors(renderer: &Renderer<'_>, id: TopicId) -> Vec<TopicId> {
    let above = |id: &TopicId| renderer.book.topic(*id).parent;
    let mut ancestors: Vec<_> = std::iter::successors(above(&id), above).collect();
    ancestors.reverse();
    ancestors
}

/// The topics before and after one in reading order.
fn neighbours(renderer: &Renderer<'_>, id: TopicId, lang: Lang) -> (Option<TopicId>, Option<TopicId>) {
    let order = &renderer.book.orders[lang];
    let at = renderer.positions[lang][id.index()];
    (at.checked_sub(1).map(|before| order[before]), order.get(at + 1).copied())
}

fn absolute(renderer: &Renderer<'_>, path: &str) -> Option<String> {
    Some(route::absolute(renderer.config().site_url.as_ref()?, path))
}

/// The languages that have the page, with the original as the default; none when there is only one.
pub fn alternates<'a>(renderer: &'a Renderer<'_>, id: TopicId) -> Vec<Alternate<'a>> {
    let book = renderer.book;
    let topic = book.topic(id);
    let own = topic.cards.iter().filter(|(lang, card)| card.is_own(*lang));
    let alternates: Vec<_> = own
        .filter_map(|(lang, card)| {
            Some((
                lang,
                Alternate { tag: &book.config.languages[lang].tag, url: absolute(renderer, &card.url)? },
            ))
        })
        .collect();
    if alternates.len() < 2 {
        return Vec::new();
    }
    let original = alternates.iter().find(|(lang, _)| *lang == book.config.source);
    let default = original.map(|(_, original)| Alternate { tag: "x-default", url: original.url.clone() });
    alternates.into_iter().map(|(_, alternate)| alternate).chain(default).collect()
}

fn language_links<'a>(
    renderer: &'a Renderer<'_>,
    lang: Lang,
    from: &str,
    path: impl Fn(Lang) -> String,
) -> Vec<LanguageLink<'a>> {
    let link = |(other, language): (Lang, &'a crate::config::Language)| LanguageLink {
        name: &language.name,
        lang: &language.tag,
        key: &language.key,
        href: route::href(from, &path(other), renderer.style),
        current: other == lang,
    };
    renderer.config().languages.iter().map(link).collect()
}

fn level<'a>(renderer: &'a Renderer<'_>, card: &Card, lang: Lang) -> &'a str {
    let strings = &renderer.theme.strings[lang];
    match card.level {
        None => "",
        Some(Level::Beginner) => &strings.level_beginner,
        Some(Level::Intermediate) => &strings.level_intermediate,
        Some(Level::Advanced) => &strings.level_advanced,
    }
}

fn edit_url(renderer: &Renderer<'_>, file: &str) -> Option<String> {
    let mut path = String::new();
    route::encode(file, &mut path);
    Some(renderer.config().edit_url_template.as_ref()?.replace("{path}", &path))
}
