//! No two things at one address: pages, files and former paths.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::{Book, TopicId, front_place, route};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Lang;
use crate::source::{Sources, Span};

/// The kinds of thing that have an address.
enum What {
    /// What every site has.
    Fixed,
    AllTags,
    Tag(String),
    /// The page of the topic at this path.
    Page(String),
    File(String),
    /// A former path of the topic at this path.
    Alias(String),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed => f.write_str("a file that every site has"),
            Self::AllTags => f.write_str("the list of all tags"),
            Self::Tag(tag) => write!(f, "the tag `{tag}`"),
            Self::Page(path) => write!(f, "the page `{path}`"),
            Self::File(path) => write!(f, "the file {path}"),
            Self::Alias(path) => write!(f, "an alias of `{path}`"),
        }
    }
}

/// What lies at an address, for the message.
struct Taken {
    path: String,
    span: Option<Span>,
    what: What,
    /// Whether it lies there because another language's page says so: what is wrong with it is wrong there.
    inherited: bool,
}

/// The addresses that are taken, and what is wrong with them.
struct Addresses<'d> {
    /// By path in lower case: many disks take two names that differ only in case for one.
    taken: BTreeMap<String, Taken>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// Fills in the book's aliases and addresses, and reports every address that is taken twice.
pub fn check(book: &mut Book, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let mut addresses = Addresses { taken: BTreeMap::new(), diagnostics };
    let feeds = book.config.languages.values().map(|language| route::feed(&language.key));
    let files = ["index.html", "404.html", "sitemap.xml", "robots.txt"].map(str::to_owned);
    for path in files.into_iter().chain(feeds) {
        addresses.claim(Taken { path, span: None, what: What::Fixed, inherited: false });
    }
    tags(book, sources, &mut addresses);
    pages(book, sources, &mut addresses);
    for (path, &file) in &book.assets {
        let what = What::File(sources.path(file).to_owned());
        let taken = Taken { path: path.clone(), span: Some(Span::whole(file)), what, inherited: false };
        addresses.claim(taken);
    }
    aliases(book, sources, &mut addresses);
    addresses.check_folders();
    book.addresses = addresses.taken.into_keys().collect();
}

impl Addresses<'_> {
    /// Takes an address, or reports that it is taken. `false` when it was.
    fn claim(&mut self, by: Taken) -> bool {
        if !route::is_possible(&by.path) {
            self.diagnostics.extend((!by.inherited).then(|| impossible(&by)));
            return false;
        }
        let key = by.path.to_lowercase();
        let Some(other) = self.taken.get(&key) else {
            self.taken.insert(key, by);
            return true;
        };
        if other.inherited && by.inherited {
            return false;
        }
        let [address, others] = [&by, other].map(|taken| address(&taken.path));
        let message = if address == others {
            format!("`/{address}` is the address of {} and of {}", other.what, by.what)
        } else {
            let (what, by) = (&other.what, &by.what);
            format!("`/{others}`, the address of {what}, and `/{address}`, that of {by}, differ only in case")
        };
        let diagnostic = Diagnostic { span: by.span, ..Diagnostic::nowhere(Code::UrlConflict, message) }
            .help(match (&other.what, &by.what) {
                (What::Tag(_), What::Tag(_)) => "write the tag alike on all pages",
                (_, What::Alias(_)) => "take the alias out, or write another one",
                _ => "rename one of the two, or give one another slug",
            });
        self.diagnostics.push(match other.span {
            Some(span) => diagnostic.related(span, "the other one"),
            None => diagnostic,
        });
        false
    }

    /// Reports files that lie where others need a folder: a page at `a.html/` and a file `a.html`.
    fn check_folders(&mut self) {
        // Few names are those of files: only folders of such a name need a look.
        let names: HashSet<&str> =
            self.taken.keys().map(|path| path.rsplit('/').next().unwrap_or(path)).collect();
        for (path, needs) in &self.taken {
            let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
            let folders =
                folders.filter(|folder| names.contains(folder.rsplit('/').next().unwrap_or(folder)));
            for file in folders.filter_map(|folder| self.taken.get(folder)) {
                let (name, what) = (&file.path, &file.what);
                let message = format!("`/{name}`, {what}, lies where {} needs a folder", needs.what);
                let span = file.span.or(needs.span);
                let diagnostic = Diagnostic { span, ..Diagnostic::nowhere(Code::UrlConflict, message) };
                self.diagnostics.push(diagnostic.help("rename one of the two, or change its slug or alias"));
            }
        }
    }
}

/// An address as a reader types it, given the file that lies there.
fn address(path: &str) -> &str {
    path.strip_suffix("index.html").unwrap_or(path)
}

fn impossible(taken: &Taken) -> Diagnostic {
    let message = format!("the name of {} has a backslash or a control character in it", taken.what);
    let diagnostic = Diagnostic { span: taken.span, ..Diagnostic::nowhere(Code::SlugInvalid, message) };
    diagnostic.help("rename the file, or the folder it is in")
}

/// The lists of tags. Tags that differ only in case or marks would share one.
fn tags(book: &Book, sources: &Sources, addresses: &mut Addresses<'_>) {
    for (lang, tags) in book.tags.iter().filter(|(_, tags)| !tags.is_empty()) {
        let key = &book.config.languages[lang].key;
        let path = route::file_of(&route::tags(key, None));
        addresses.claim(Taken { path, span: None, what: What::AllTags, inherited: false });
        for (tag, topics) in tags {
            let declared = topics.first().and_then(|&id| declared_tag(book, sources, id, lang, tag));
            let (span, inherited) = declared.unzip();
            let inherited = inherited.unwrap_or(false);
            let path = route::file_of(&route::tags(key, Some(tag)));
            addresses.claim(Taken { path, span, what: What::Tag(tag.clone()), inherited });
        }
    }
}

/// Where a topic's page names a tag, and whether that is the page of another language.
fn declared_tag(book: &Book, sources: &Sources, id: TopicId, lang: Lang, tag: &str) -> Option<(Span, bool)> {
    let cards = [book.card(id, lang), book.card(id, book.config.source)];
    let mut documents = cards.iter().filter_map(|card| card.document);
    let at = documents.find(|&at| book.documents[at].front.tags.is_some())?;
    let is_own = book.card(id, lang).text == lang && book.card(id, lang).document == Some(at);
    Some((front_place(&book.documents[at], sources, "tags", tag), !is_own))
}

fn pages(book: &Book, sources: &Sources, addresses: &mut Addresses<'_>) {
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
            let what = What::Page(topic.path.clone());
            let path = route::file_of(&card.url);
            addresses.claim(Taken { path, span, what, inherited: card.text != lang });
        }
    }
}

fn aliases(book: &mut Book, sources: &Sources, addresses: &mut Addresses<'_>) {
    for id in book.topic_ids().collect::<Vec<_>>() {
        for lang in Lang::all(book.config.languages.count()) {
            for (at, alias) in declared(book, id, lang) {
                let span = front_place(&book.documents[at], sources, "aliases", &alias);
                let Some(path) = alias_path(&alias, &book.config.languages[lang].key) else {
                    addresses.diagnostics.push(not_a_path(&alias, span));
                    continue;
                };
                let what = What::Alias(book.topic(id).path.clone());
                let own = book.card(id, lang);
                let inherited = own.text != lang || own.document != Some(at);
                let file = route::file_of(&path);
                if addresses.claim(Taken { path: file, span: Some(span), what, inherited }) {
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
fn declared(book: &Book, id: TopicId, lang: Lang) -> Vec<(usize, String)> {
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
    let legal = !alias.contains(['?', '#', ':']);
    let from = if alias.starts_with('/') { "" } else { lang };
    let file = alias == "index.html" || alias.ends_with("/index.html");
    let folder = if file { &alias[..alias.len() - "index.html".len()] } else { alias };
    let path = route::join(from, folder).filter(|path| legal && route::is_possible(path))?;
    (!path.is_empty()).then(|| format!("{path}/"))
}
