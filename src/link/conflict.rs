//! No two things at one address: pages, files and former paths.

use std::collections::HashMap;

use super::{Book, TopicId, front_place, route};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Lang;
use crate::source::{Sources, Span};

/// What lies at an address, for the message.
struct Taken {
    span: Option<Span>,
    what: String,
    /// Whether it lies there because another language's page says so: what is wrong with it is wrong there.
    inherited: bool,
}

/// The addresses that are taken, and what is wrong with them.
struct Addresses<'d> {
    taken: HashMap<String, Taken>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// Fills in the book's aliases and reports every address that is taken twice.
pub fn check(book: &mut Book<'_>, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let mut addresses = Addresses { taken: HashMap::new(), diagnostics };
    let feeds = book.config.languages.values().map(|language| route::feed(&language.key));
    let files = ["index.html", "404.html", "sitemap.xml", "robots.txt"].map(str::to_owned);
    for file in files.into_iter().chain(feeds) {
        let what = "a file that every site has".to_owned();
        addresses.claim(file, Taken { span: None, what, inherited: false });
    }
    tags(book, sources, &mut addresses);
    pages(book, sources, &mut addresses);
    for (path, &file) in &book.assets {
        let what = format!("the file {}", sources.path(file));
        let taken = Taken { span: Some(Span::whole(file)), what, inherited: false };
        addresses.claim(path.clone(), taken);
    }
    aliases(book, sources, &mut addresses);
}

impl Addresses<'_> {
    /// Takes an address, or reports that it is taken. `false` when it was.
    fn claim(&mut self, path: String, by: Taken) -> bool {
        let Some(other) = self.taken.get(&path) else {
            self.taken.insert(path, by);
            return true;
        };
        if other.inherited && by.inherited {
            return false;
        }
        let address = path.strip_suffix("index.html").unwrap_or(&path);
        let message = format!("`/{address}` is the address of {} and of {}", other.what, by.what);
        let diagnostic = Diagnostic { span: by.span, ..Diagnostic::nowhere(Code::UrlConflict, message) }
            .help("rename one of the two, or change its slug or alias");
        self.diagnostics.push(match other.span {
            Some(span) => diagnostic.related(span, "the other one"),
            None => diagnostic,
        });
        false
    }
}

/// The lists of tags. Tags that differ only in case or marks would share one.
fn tags(book: &Book<'_>, sources: &Sources, addresses: &mut Addresses<'_>) {
    for (lang, tags) in book.tags.iter().filter(|(_, tags)| !tags.is_empty()) {
        let key = &book.config.languages[lang].key;
        let all = Taken { span: None, what: "the list of all tags".to_owned(), inherited: false };
        addresses.claim(route::file_of(&route::tags(key, None)), all);
        for (tag, topics) in tags {
            let declared = topics.first().and_then(|&id| declared_tag(book, sources, id, lang, tag));
            let (span, inherited) = declared.unzip();
            let inherited = inherited.unwrap_or(false);
            let taken = Taken { span, what: format!("the tag `{tag}`"), inherited };
            addresses.claim(route::file_of(&route::tags(key, Some(tag))), taken);
        }
    }
}

/// Where a topic's page names a tag, and whether that is the page of another language.
fn declared_tag(
    book: &Book<'_>,
    sources: &Sources,
    id: TopicId,
    lang: Lang,
    tag: &str,
) -> Option<(Span, bool)> {
    let cards = [book.card(id, lang), book.card(id, book.config.source)];
    let mut documents = cards.iter().filter_map(|card| card.document);
    let at = documents.find(|&at| book.documents[at].front.tags.is_some())?;
    let is_own = book.card(id, lang).text == lang && book.card(id, lang).document == Some(at);
    Some((front_place(&book.documents[at], sources, "tags", tag), !is_own))
}

fn pages(book: &Book<'_>, sources: &Sources, addresses: &mut Addresses<'_>) {
    for id in book.topic_ids() {
        let topic = book.topic(id);
        for (lang, card) in topic.cards.iter() {
            let span = card.document.map(|at| {
                let document = &book.documents[at];
                match &document.front.slug {
                    Some(slug) => front_place(document, sources, "slug", slug),
                    None => Span::whole(document.file),
                }
            });
            let what = format!("the page `{}`", topic.path);
            addresses.claim(route::file_of(&card.url), Taken { span, what, inherited: card.text != lang });
        }
    }
}

fn aliases(book: &mut Book<'_>, sources: &Sources, addresses: &mut Addresses<'_>) {
    for id in book.topic_ids().collect::<Vec<_>>() {
        for lang in Lang::all(book.config.languages.count()) {
            for (at, alias) in declared(book, id, lang) {
                let span = front_place(&book.documents[at], sources, "aliases", &alias);
                let Some(path) = alias_path(&alias, &book.config.languages[lang].key) else {
                    addresses.diagnostics.push(not_a_path(&alias, span));
                    continue;
                };
                let what = format!("an alias of `{}`", book.topic(id).path);
                let own = book.card(id, lang);
                let inherited = own.text != lang || own.document != Some(at);
                if addresses.claim(route::file_of(&path), Taken { span: Some(span), what, inherited }) {
                    book.aliases.insert(path, (id, lang));
                }
            }
        }
    }
}

fn not_a_path(alias: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::AliasInvalid, span, format!("`{alias}` is not a path of this site"))
        .help("write a former path such as `old-name/`, or `/en/old-name/` for one language")
}

/// The aliases of a topic in a language with the document that declares them: its own; and those of
/// the original that do not name a language, where it has none.
fn declared(book: &Book<'_>, id: TopicId, lang: Lang) -> Vec<(usize, String)> {
    let card = book.card(id, lang);
    let source = book.card(id, book.config.source).document;
    let own = card.document.filter(|_| card.text == lang);
    let of = |at: usize| book.documents[at].front.aliases.clone();
    if let Some((at, aliases)) = own.and_then(|at| Some((at, of(at)?))) {
        return aliases.into_iter().map(|alias| (at, alias)).collect();
    }
    let inherited = source.and_then(|at| Some((at, of(at)?)));
    let Some((at, aliases)) = inherited else { return Vec::new() };
    aliases.into_iter().filter(|alias| !alias.starts_with('/')).map(|alias| (at, alias)).collect()
}

/// The path in the site that an alias means. `None` when it leaves the site or is not a path.
fn alias_path(alias: &str, lang: &str) -> Option<String> {
    let legal = !alias.contains(['?', '#', '\\', ':', '\0']) && !alias.chars().any(char::is_control);
    let from = if alias.starts_with('/') { "" } else { lang };
    let path = route::join(from, alias.trim_end_matches("index.html")).filter(|_| legal)?;
    (!path.is_empty()).then(|| format!("{path}/"))
}
