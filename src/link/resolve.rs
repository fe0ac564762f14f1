//! Where a link leads.
//!
//! Links between pages are relative paths to `.md` files, as on GitHub, with an anchor if wanted; the
//! same file is found in whichever language the reader is in. Images and downloads are found beside the
//! page, else beside the original, else at the site's root.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Book, TopicId, route, split_path};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::{Lang, is_slug_of};
use crate::parse::{Document, Link, front};
use crate::source::{FileId, Sources, Span};

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Another site, or nothing that could be found: left as written.
    AsWritten,
    /// A place in the same page.
    Here {
        /// The id of the place; empty for the top.
        anchor: String,
    },
    /// A page of the book.
    Page {
        /// The topic.
        topic: TopicId,
        /// The language, when the link names one other than the page's own.
        lang: Option<Lang>,
        /// The id of a place in it; empty for the top.
        anchor: String,
    },
    /// A file that is copied.
    Asset {
        /// Its path in the site.
        path: String,
    },
}

/// A link of a document with what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The byte of the file at which the link begins.
    pub start: u32,
    /// Where it leads.
    pub target: Target,
}

/// The links of a document.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The document they were resolved for; none before they are.
    pub document: Option<Arc<Document>>,
    /// The links in order.
    pub resolved: Vec<Resolved>,
    /// What is wrong with them.
    pub problems: Vec<Diagnostic>,
}

/// How many broken links of one page get a suggestion: each costs a look at its neighbours.
const SUGGESTIONS: usize = 5;

/// Resolves every link of a document, in order, and reports those that lead nowhere.
#[must_use]
pub fn document(book: &Book, sources: &Sources, at: usize) -> Links {
    let document = &book.documents[at];
    let mut links = Links { document: Some(Arc::clone(document)), ..Links::default() };
    let path = sources.path(document.file);
    let Some((lang, topic, _)) = split_path(path, &book.config) else { return links };
    let Some(topic) = book.find(topic) else { return links };
    let from = From { book, sources, document, at, lang, topic, folder: folder_of(path) };
    for link in &document.links {
        let target = from.target(link).unwrap_or_else(|problem| {
            links.problems.push(from.describe(link, problem, links.problems.len() < SUGGESTIONS));
            Target::AsWritten
        });
        links.resolved.push(Resolved { start: link.span.start, target });
    }
    links
}

/// Why a link leads nowhere.
enum Problem {
    /// No such page or file; the path that was looked for, relative to `content/`.
    NoFile(String),
    /// The path leaves `content/`.
    Outside,
    /// The page is there, the place in it is not.
    NoAnchor { document: usize, anchor: String },
    /// The page is a draft.
    Draft(FileId),
}

/// Where a link's destination is written.
#[derive(Clone, Copy)]
struct Written {
    /// The bytes of it, or of the whole link.
    span: Span,
    /// Whether it is the destination, so that it can be replaced: not when the link only refers to it.
    exact: bool,
}

impl Written {
    /// Adds a suggestion to a diagnostic, as a change where that can be made.
    fn suggest(self, diagnostic: Diagnostic, shown: &str, text: impl Into<String>) -> Diagnostic {
        let diagnostic = diagnostic.help(format!("did you mean `{shown}`?"));
        if self.exact { diagnostic.fix(self.span, text) } else { diagnostic }
    }
}

/// The page that a link stands in.
struct From<'b> {
    book: &'b Book,
    sources: &'b Sources,
    document: &'b Document,
    at: usize,
    lang: Lang,
    topic: TopicId,
    /// Its folder, relative to `content/`: `zh/rollups`.
    folder: &'b str,
}

impl From<'_> {
    fn target(&self, link: &Link) -> Result<Target, Problem> {
        let dest = link.dest.as_str();
        // `[2.02%](=il.loss)` is no link but a number that is held to an example.
        if is_external(dest) || dest.starts_with('=') {
            return Ok(Target::AsWritten);
        }
        let (path, anchor) = dest.split_once('#').unwrap_or((dest, ""));
        let anchor = route::decode(anchor);
        let path = route::decode(path.split('?').next().unwrap_or(path));
        if path.is_empty() {
            return self.anchor(self.at, anchor).map(|anchor| Target::Here { anchor });
        }
        if let Some(rooted) = path.strip_prefix('/') {
            return self.rooted(rooted, anchor);
        }
        let full = route::join(self.folder, &path).ok_or(Problem::Outside)?;
        if full.ends_with(".md") {
            self.page(&full, anchor)
        } else {
            self.asset(&full).ok_or(Problem::NoFile(full))
        }
    }

    fn page(&self, full: &str, anchor: String) -> Result<Target, Problem> {
        let content = format!("content/{full}");
        let (lang, path, _) =
            split_path(&content, &self.book.config).ok_or_else(|| Problem::NoFile(full.to_owned()))?;
        let Some(topic) =
            self.book.find(path).filter(|&topic| self.book.card(topic, lang).document.is_some())
        else {
            let draft = self.book.drafts.get(&(lang, path.to_owned()));
            return Err(draft.map_or_else(|| Problem::NoFile(full.to_owned()), |&file| Problem::Draft(file)));
        };
        if topic == self.topic && lang == self.lang {
            return self.anchor(self.at, anchor).map(|anchor| Target::Here { anchor });
        }
        let anchor = match self.book.card(topic, lang).document {
            Some(document) => self.anchor(document, anchor)?,
            None => anchor,
        };
        Ok(Target::Page { topic, lang: (lang != self.lang).then_some(lang), anchor })
    }

    /// A path from the site's root: a file, a page's URL, or a source file.
    fn rooted(&self, path: &str, anchor: String) -> Result<Target, Problem> {
        let path = route::join("", path).ok_or(Problem::Outside)?;
        if self.book.assets.contains_key(&path) {
            return Ok(Target::Asset { path });
        }
        if path.ends_with(".md") {
            return self.page(&path, anchor);
        }
        let url = format!("{}/", path.trim_end_matches("index.html").trim_end_matches('/'));
        let Some((topic, lang)) = self.book.page_at(&url) else {
            return self.made(path, url);
        };
        let anchor =
            self.book.card(topic, lang).document.map_or(Ok(String::new()), |at| self.anchor(at, anchor))?;
        Ok(Target::Page { topic, lang: Some(lang), anchor })
    }

    /// A file that is made for the site, such as the feed or the list of tags.
    fn made(&self, path: String, url: String) -> Result<Target, Problem> {
        let is_made = |file: &str| self.book.addresses.contains(&file.to_lowercase());
        if is_made(&path) {
            return Ok(Target::Asset { path });
        }
        let url = if url == "/" { String::new() } else { url };
        if is_made(&route::file_of(&url)) {
            Ok(Target::Asset { path: url })
        } else {
            Err(Problem::NoFile(path))
        }
    }

    fn asset(&self, full: &str) -> Option<Target> {
        let source = &self.book.config.languages[self.book.config.source].key;
        let (_, rest) = full.split_once('/').unwrap_or(("", full));
        let beside_original = format!("{source}/{rest}");
        let path = [full, &beside_original].into_iter().find(|path| self.book.assets.contains_key(*path))?;
        Some(Target::Asset { path: path.to_owned() })
    }

    /// The id that an anchor means in a page: an id as it is, or what a translated heading would have
    /// been called by itself.
    fn anchor(&self, document: usize, anchor: String) -> Result<String, Problem> {
        let ids = &self.book.heading_ids[document];
        let target = &self.book.documents[document];
        if self.book.has_anchor(document, &anchor) {
            return Ok(anchor);
        }
        let translated = target.headings.iter().position(|heading| is_slug_of(&anchor, &heading.text));
        translated.map(|at| ids[at].clone()).ok_or(Problem::NoAnchor { document, anchor })
    }

    fn describe(&self, link: &Link, problem: Problem, suggest: bool) -> Diagnostic {
        let written = self.written(link);
        match problem {
            Problem::NoFile(full) if link.image => self.no_image(link, written, &full, suggest),
            Problem::NoFile(full) => self.no_page(link, written, &full, suggest),
            Problem::Outside => {
                let message = format!("`{}` leads out of the book", link.dest);
                Diagnostic::new(Code::LinkBroken, written.span, message)
                    .help("link to a file below `content/`")
            }
            Problem::Draft(file) => to_draft(&link.dest, written.span, file, self.sources),
            Problem::NoAnchor { document, anchor } => self.no_anchor(written, document, &anchor, suggest),
        }
    }

    fn no_image(&self, link: &Link, written: Written, full: &str, suggest: bool) -> Diagnostic {
        let message = format!("there is no image `{}`", link.dest);
        let diagnostic = Diagnostic::new(Code::ImageMissing, written.span, message);
        let near = if suggest { self.near_file(link, full) } else { None };
        match near {
            Some(path) => written.suggest(diagnostic, &path, path.as_str()),
            None => diagnostic.help("put it beside the page, or in content/static/ and write `/name.svg`"),
        }
    }

    fn no_page(&self, link: &Link, written: Written, full: &str, suggest: bool) -> Diagnostic {
        let message = format!("there is no page or file `{}`", link.dest);
        let diagnostic = Diagnostic::new(Code::LinkBroken, written.span, message);
        let near = if suggest { self.near(full).or_else(|| self.near_file(link, full)) } else { None };
        match near {
            Some(path) => {
                let anchor =
                    link.dest.split_once('#').map_or(String::new(), |(_, anchor)| format!("#{anchor}"));
                written.suggest(diagnostic, &path, format!("{path}{anchor}"))
            }
            None => diagnostic
                .help("link to another page by the path of its file, such as `../channels/lightning.md`"),
        }
    }

    /// The file to copy whose path is nearly that of a link, as the page would write it.
    fn near_file(&self, link: &Link, full: &str) -> Option<String> {
        let languages = &self.book.config.languages;
        let (own, source) = (&languages[self.lang].key, &languages[self.book.config.source].key);
        let beside = |path: &str| {
            let (folder, rest) =
                path.split_once('/').filter(|(folder, _)| folder == own || folder == source)?;
            let file = *self.book.assets.get(path)?;
            let is_root = !self.sources.path(file).starts_with(&format!("content/{folder}/"));
            (!is_root).then(|| route::relative(self.folder, &format!("{own}/{rest}")))
        };
        let as_written = |path: &String| beside(path).unwrap_or_else(|| format!("/{path}"));
        let files: BTreeSet<String> = self.book.assets.keys().map(as_written).collect();
        let typed = match link.dest.starts_with('/') {
            true => format!("/{full}"),
            false => route::relative(self.folder, full),
        };
        nearest(&typed, files.iter().map(String::as_str)).map(str::to_owned)
    }

    /// A page with the same name elsewhere, or one in the same folder with nearly the same name.
    fn near(&self, full: &str) -> Option<String> {
        let (_, path) = full.split_once('/')?;
        let path = path.trim_end_matches('/').trim_end_matches(".md").trim_end_matches(".html");
        let path = path.trim_end_matches("/index");
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let topics = || self.book.topics.iter().filter(|topic| !topic.path.is_empty());
        let named = topics().find(|topic| topic.path == path || topic.path.rsplit('/').next() == Some(name));
        let in_folder = || {
            let siblings = topics()
                .filter(|topic| topic.path.rsplit_once('/').map_or("", |(folder, _)| folder) == folder);
            let near = nearest(path, siblings.map(|topic| topic.path.as_str()))?;
            topics().find(|topic| topic.path == near)
        };
        let topic = named.or_else(in_folder)?;
        let lang = &self.book.config.languages[self.lang].key;
        let file = if topic.section {
            format!("{lang}/{}/index.md", topic.path)
        } else {
            format!("{lang}/{}.md", topic.path)
        };
        Some(route::relative(self.folder, &file))
    }

    fn no_anchor(&self, written: Written, document: usize, anchor: &str, suggest: bool) -> Diagnostic {
        let path = self.sources.path(self.book.documents[document].file);
        let ids = self.book.heading_ids[document].iter().map(String::as_str);
        let written = self.behind_hash(written);
        let message = format!("{path} has no heading `#{anchor}`");
        let diagnostic = Diagnostic::new(Code::AnchorBroken, written.span, message);
        match nearest(anchor, ids.clone().filter(|_| suggest)) {
            Some(id) => written.suggest(diagnostic, &format!("#{id}"), id),
            None => {
                let known: Vec<_> = ids.take(12).map(|id| format!("#{id}")).collect();
                let known = if known.is_empty() {
                    "it has no headings; leave the anchor out".to_owned()
                } else {
                    format!("its headings are: {}", known.join(" "))
                };
                diagnostic.help(known)
            }
        }
    }

    /// The part of a destination that names a place in the page.
    fn behind_hash(&self, written: Written) -> Written {
        let Span { file, start, end } = written.span;
        let text = self.sources.text(file).get(start as usize..end as usize).unwrap_or_default();
        match text.find('#').filter(|_| written.exact) {
            Some(at) => Written { span: Span::new(file, start as usize + at + 1, end as usize), ..written },
            None => written,
        }
    }

    fn written(&self, link: &Link) -> Written {
        let text = self.sources.text(self.document.file);
        let (start, end) = (link.span.start as usize, link.span.end as usize);
        let at = text.get(start..end).and_then(|written| written.rfind(&link.dest));
        match at.filter(|_| !link.dest.is_empty()) {
            Some(at) => {
                let span = Span::new(link.span.file, start + at, start + at + link.dest.len());
                Written { span, exact: true }
            }
            None => Written { span: link.span, exact: false },
        }
    }
}

/// The problem of a link or prerequisite, `written` at `place`, that leads to the draft in `file`.
pub fn to_draft(written: &str, place: Span, file: FileId, sources: &Sources) -> Diagnostic {
    let text = sources.text(file);
    let (yaml, _) = front::split(text).unwrap_or_else(|likely| likely);
    let mark = front::place(file, &text[yaml.clone()], yaml.start, "draft", "");
    // The original may carry the mark, for which its translations wait.
    let mark = if mark.start == mark.end { Span::whole(file) } else { mark };
    Diagnostic::new(Code::LinkToDraft, place, format!("`{written}` is a draft"))
        .related(mark, "it is not published yet")
        .help("build with `--drafts`, take the mark off, or take the link out")
}

/// Whether a destination has a scheme (RFC 3986) or names a host.
#[must_use]
pub fn is_external(dest: &str) -> bool {
    if dest.starts_with("//") {
        return true;
    }
    let Some((scheme, _)) = dest.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn folder_of(path: &str) -> &str {
    let path = path.strip_prefix("content/").unwrap_or(path);
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
