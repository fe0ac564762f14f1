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
}

/// Fills in the book's aliases and reports every address that is taken twice.
pub fn check(book: &mut Book<'_>, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let mut taken: HashMap<String, Taken> = HashMap::new();
    for file in ["index.html", "404.html", "sitemap.xml", "robots.txt"] {
        taken.insert(file.to_owned(), Taken { span: None, what: "a file that every site has".to_owned() });
    }
    for (lang, tags) in book.tags.iter().filter(|(_, tags)| !tags.is_empty()) {
        let key = &book.config.languages[lang].key;
        let pages = tags.keys().map(|tag| Some(tag.as_str())).chain([None]);
        for tag in pages {
            let file = route::file_of(&route::tags(key, tag));
            taken.insert(file, Taken { span: None, what: "the list of a tag".to_owned() });
        }
    }
    for id in book.topic_ids() {
        for (lang, card) in book.topic(id).cards.iter() {
            let span = card.document.map(|at| Span::whole(book.documents[at].file));
            let what = format!("the page `{}` in {}", book.topic(id).path, book.config.languages[lang].key);
            claim(&mut taken, route::file_of(&card.url), Taken { span, what }, diagnostics);
        }
    }
    for (path, &file) in &book.assets {
        let what = format!("the file {}", sources.path(file));
        claim(&mut taken, path.clone(), Taken { span: Some(Span::whole(file)), what }, diagnostics);
    }
    aliases(book, sources, &mut taken, diagnostics);
}

/// Takes an address, or reports that it is taken. `false` when it was.
fn claim(
    taken: &mut HashMap<String, Taken>,
    path: String,
    by: Taken,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let Some(other) = taken.get(&path) else {
        taken.insert(path, by);
        return true;
    };
    let address = path.strip_suffix("index.html").unwrap_or(&path);
    let message = format!("`/{address}` is the address of {} and of {}", other.what, by.what);
    let diagnostic = Diagnostic { span: by.span, ..Diagnostic::nowhere(Code::UrlConflict, message) }
        .help("rename one of the two, or change its slug or alias");
    diagnostics.push(match other.span {
        Some(span) => diagnostic.related(span, "the other one"),
        None => diagnostic,
    });
    false
}

fn aliases(
    book: &mut Book<'_>,
    sources: &Sources,
    taken: &mut HashMap<String, Taken>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for id in book.topic_ids().collect::<Vec<_>>() {
        for lang in Lang::all(book.config.languages.count()) {
            for (at, alias) in declared(book, id, lang) {
                let Some(path) = alias_path(&alias, &book.config.languages[lang].key) else {
                    let place = front_place(&book.documents[at], sources, "aliases", &alias);
                    diagnostics.push(
                        Diagnostic::new(
                            Code::AliasInvalid,
                            place,
                            format!("`{alias}` is not a path of this site"),
                        )
                        .help("write a former path such as `old-name/`, or `/en/old-name/` for one language"),
                    );
                    continue;
                };
                let span = Some(front_place(&book.documents[at], sources, "aliases", &alias));
                let what = format!("an alias of `{}`", book.topic(id).path);
                if claim(taken, route::file_of(&path), Taken { span, what }, diagnostics) {
                    book.aliases.insert(path, (id, lang));
                }
            }
        }
    }
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
