//! An Atom feed (RFC 4287) of each language: the pages that changed last.

use std::fmt::Write as _;

use super::html::{attribute, text};
use super::{GENERATOR, Renderer};
use crate::lang::Lang;
use crate::link::{Book, Card, TopicId, route};
use crate::output::Sink;

/// How many pages a feed lists.
const ENTRIES: usize = 30;

/// Whether a language has a feed: the site's address is known and a page says when it changed.
pub fn is_wanted(book: &Book, lang: Lang) -> bool {
    book.config.site_url.is_some() && book.orders[lang].iter().any(|&id| entry(book, id, lang).is_some())
}

/// Writes the feed of a language, if it has one.
pub fn write(renderer: &Renderer<'_>, lang: Lang, sink: &dyn Sink) {
    if let Some(feed) = feed(renderer, lang) {
        sink.put(&route::feed(&renderer.config().languages[lang].key), feed.as_bytes());
    }
}

/// A page with the day it last changed; none for one that is not in this language or gives no date.
fn entry(book: &Book, id: TopicId, lang: Lang) -> Option<(&str, &Card)> {
    let card = book.card(id, lang);
    let day = card.changed()?;
    card.is_own(lang).then_some((day, card))
}

fn feed(renderer: &Renderer<'_>, lang: Lang) -> Option<String> {
    let book = renderer.book;
    let url = book.config.site_url.as_ref()?;
    let mut entries: Vec<_> = book.orders[lang].iter().filter_map(|&id| entry(book, id, lang)).collect();
    entries.sort_by(|(a, _), (b, _)| b.cmp(a));
    entries.truncate(ENTRIES);
    let (latest, _) = entries.first()?;
    let language = &book.config.languages[lang];
    let address = |path: &str| attribute(&route::absolute(url, path)).into_owned();
    let home = address(&format!("{}/", language.key));
    let own = address(&route::feed(&language.key));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <title>{}</title>\n<id>{home}</id>\n<link href=\"{home}\"/>\n<link rel=\"self\" href=\"{own}\"/>\n\
         <updated>{latest}T00:00:00Z</updated>\n<generator>{GENERATOR}</generator>\n",
        attribute(&language.tag),
        text(&language.title),
    );
    let authors = if book.config.authors.is_empty() {
        std::slice::from_ref(&language.title)
    } else {
        &book.config.authors
    };
    for author in authors {
        let _ = writeln!(xml, "<author><name>{}</name></author>", text(author));
    }
    for (day, card) in entries {
        let link = address(&card.url);
        let _ = writeln!(
            xml,
            "<entry><title>{}</title><id>{link}</id><link href=\"{link}\"/><updated>{day}T00:00:00Z</updated><summary>{}</summary></entry>",
            text(&card.title),
            text(&card.description),
        );
    }
    xml.push_str("</feed>\n");
    Some(xml)
}
