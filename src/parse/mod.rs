//! One source file to one [`Document`].
//!
//! A document holds what the rest of the book needs to know of a page: front matter, headings, links,
//! length. The text itself is parsed again when the page is rendered: that costs less than keeping ten
//! thousand pages of events in memory. Nothing here knows of any other file.

pub mod autolink;
pub mod blocks;
pub mod cjk;
pub mod front;
pub mod ids;
pub mod markdown;
pub mod stored;
mod unpaired;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

use crate::diagnostic::{Code, Diagnostic};
use crate::digest::Digest;
use crate::lang::{Length, Quotes};
use crate::source::{FileId, Span};
use front::FrontMatter;
use markdown::Parsed;

/// The id in a fence that puts an example on a page: the last word behind `example`, empty if there is none. None for
/// another fence. `written` is what stands behind the ticks.
#[must_use]
pub fn example_of_fence(written: &str) -> Option<&str> {
    let mut words = written.split_whitespace();
    (words.next() == Some("example")).then(|| words.next_back().unwrap_or_default())
}

/// What a code span or a link's destination that begins with `=` refers to: `fee.total` of `= fee.total`.
#[must_use]
pub fn reference(written: &str) -> &str {
    written.trim_start_matches('=').trim()
}

/// What one file says, without its text.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub file: FileId,
    /// Its front matter.
    pub front: FrontMatter,
    /// The bytes of the front matter.
    pub yaml: Range<usize>,
    /// What becomes of its straight quotes.
    pub quotes: Quotes,
    /// The bytes of the Markdown.
    pub body: Range<usize>,
    /// The title, when front matter gives none and the text begins with a heading of the first level.
    pub heading_title: Option<String>,
    /// The headings in order, without one that serves as title.
    pub headings: Vec<Heading>,
    /// Links and images in order.
    pub links: Vec<Link>,
    /// Ids that raw HTML gives to places in the page.
    pub anchors: Vec<String>,
    /// The ids of the examples that the text speaks of, sorted, as they are written.
    pub examples: Vec<String>,
    /// How much there is to read.
    pub length: Length,
    /// The ids that its headings have by themselves, in the same order.
    pub heading_ids: Arc<[String]>,
    /// The digest of all that decides how the book hangs together, places apart: headings, anchors, and the front
    /// matter but for what only describes the page.
    pub skeleton: Digest,
}

/// A heading of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// The id that the author gave: `## Exits {#exits}`.
    pub id: Option<String>,
    /// Its place.
    pub span: Span,
}

/// A link or image of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it points at, as written.
    pub dest: String,
    /// Whether it is an image.
    pub image: bool,
    /// Its place, markup included.
    pub span: Span,
}

/// Reads a file. What can be read is kept when a part is wrong.
#[must_use]
pub fn parse(file: FileId, text: &str, quotes: Quotes) -> (Document, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let (yaml, body) = front::split(text).unwrap_or_else(|ranges| {
        let place = Span::new(file, 0, "---".len());
        diagnostics.push(
            Diagnostic::new(Code::FrontMatterInvalid, place, "the front matter is never closed")
                .label("it begins here")
                .help("put a line `---` behind its last line"),
        );
        ranges
    });
    let (mut front, problems) = front::read(file, text, yaml.clone());
    front.unread |= !diagnostics.is_empty();
    diagnostics.extend(problems);
    let parsed = markdown::events(&text[body.clone()], quotes);
    let mut facts = Facts::new(file, &text[body.clone()], body.start);
    facts.collect(&parsed);
    diagnostics.extend(facts.problems(&parsed));
    let heading_title = front.title.is_none().then(|| facts.take_title()).flatten();
    let headings = || facts.headings.iter().map(|heading| (heading.level, &heading.text, &heading.id));
    let skeleton = Digest::of_value(&(front.skeleton(), headings().collect::<Vec<_>>(), &facts.anchors));
    let document = Document {
        file,
        heading_ids: ids::own(&facts.headings).into(),
        skeleton,
        front,
        yaml,
        quotes,
        body,
        heading_title,
        headings: facts.headings,
        links: facts.links,
        anchors: facts.anchors,
        examples: facts.examples.into_iter().collect(),
        length: facts.length,
    };
    (document, diagnostics)
}

/// How many more places a diagnostic shows: a line may hold thousands.
const MAX_RELATED: usize = 3;

/// The facts of one text, gathered in one pass over its events.
struct Facts<'a> {
    file: FileId,
    body: &'a str,
    /// Where the body begins in the file.
    offset: usize,
    headings: Vec<Heading>,
    links: Vec<Link>,
    anchors: Vec<String>,
    examples: BTreeSet<String>,
    length: Length,
    missing_alt: Vec<Span>,
    in_code: bool,
    in_heading: bool,
    /// The image that is open, and whether it has had text.
    image: Option<(Span, bool)>,
}

impl<'a> Facts<'a> {
    fn new(file: FileId, body: &'a str, offset: usize) -> Self {
        Self {
            file,
            body,
            offset,
            headings: Vec::new(),
            links: Vec::new(),
            anchors: Vec::new(),
            examples: BTreeSet::new(),
            length: Length::default(),
            missing_alt: Vec::new(),
            in_code: false,
            in_heading: false,
            image: None,
        }
    }

    /// The place of a part of the body, without the line ends behind it.
    fn span(&self, range: &Range<usize>) -> Span {
        let length = self.body.get(range.clone()).map_or(range.len(), |text| text.trim_end().len());
        Span::new(self.file, self.offset + range.start, self.offset + range.start + length)
    }

    fn collect(&mut self, parsed: &Parsed<'_>) {
        for (event, range) in &parsed.events {
            match event {
                Event::Start(tag) => self.open(tag, range),
                Event::End(tag) => self.close(*tag),
                Event::Text(text) => self.text(text),
                Event::Code(code) => {
                    self.refer(code);
                    self.text(code);
                }
                Event::InlineMath(latex) | Event::DisplayMath(latex) => self.shown(latex),
                Event::Html(html) | Event::InlineHtml(html) => self.anchors.extend(ids(html)),
                Event::SoftBreak | Event::HardBreak if self.in_heading => self.heading_text(" "),
                _ => {}
            }
        }
    }

    fn open(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let span = self.span(range);
        match tag {
            Tag::Heading { level, id, .. } => {
                let id = id.as_ref().map(ToString::to_string);
                self.in_heading = true;
                self.headings.push(Heading { level: *level as u8, text: String::new(), id, span });
            }
            Tag::Link { link_type: LinkType::Email, .. } => {}
            Tag::Link { dest_url, .. } => {
                self.refer(dest_url);
                self.links.push(Link { dest: dest_url.to_string(), image: false, span });
            }
            Tag::Image { dest_url, .. } => {
                self.links.push(Link { dest: dest_url.to_string(), image: true, span });
                self.image = Some((span, false));
            }
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                if let CodeBlockKind::Fenced(info) = kind
                    && let Some(id) = example_of_fence(info)
                {
                    self.examples.insert(id.to_owned());
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.in_heading = false,
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::Image => {
                self.missing_alt.extend(self.image.take().filter(|(_, text)| !text).map(|(span, _)| span))
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.in_code {
            self.length.add(text);
        }
        self.shown(text);
    }

    /// Notes the example that `= fee.total`, or the destination of a link of that form, speaks of.
    fn refer(&mut self, written: &str) {
        if written.starts_with('=') {
            let id = reference(written).split('.').next().unwrap_or_default().trim();
            self.examples.insert(id.to_owned());
        }
    }

    /// Text or a formula: part of a heading or of the description of an image, if one is open.
    fn shown(&mut self, text: &str) {
        if let Some((_, has_text)) = &mut self.image {
            *has_text = true;
        }
        if self.in_heading {
            self.heading_text(text);
        }
    }

    fn heading_text(&mut self, text: &str) {
        if let Some(heading) = self.headings.last_mut() {
            heading.text.push_str(text);
        }
    }

    /// Takes a first-level heading with which the body begins out of the list.
    fn take_title(&mut self) -> Option<String> {
        let before = self.body.len() - self.body.trim_start().len() + self.offset;
        let first =
            self.headings.first().filter(|first| first.level == 1 && first.span.start as usize == before)?;
        let title = first.text.clone();
        self.headings.remove(0);
        Some(title)
    }

    fn problems(&self, parsed: &Parsed<'_>) -> Vec<Diagnostic> {
        let alt = self.missing_alt.iter().map(|&span| {
            Diagnostic::new(Code::ImageAltMissing, span, "the image has no description")
                .help("say what it shows between the brackets: `![The bridge holds the coins](bridge.svg)`")
        });
        let deep = parsed.too_deep.then(|| {
            Diagnostic::new(Code::NestingTooDeep, self.deep_line(), "quotes or lists are nested too deep")
                .help("take the marks away; the page is shown as plain text until then")
        });
        let pairs = unpaired::problems(self.body, &parsed.events, |range| self.span(range));
        alt.chain(self.leaks(parsed)).chain(deep).chain(pairs).chain(self.same_ids()).collect()
    }

    /// Marks that are no markup; those on one line most likely belong together.
    fn leaks(&self, parsed: &Parsed<'_>) -> Vec<Diagnostic> {
        let is_same_line = |a: &Range<usize>, b: &Range<usize>| {
            self.body.get(a.end..b.start).is_some_and(|between| !between.contains('\n'))
        };
        let lines = parsed.leaks.chunk_by(is_same_line);
        let problem = |leaks: &[Range<usize>]| {
            let (first, others) = leaks.split_first()?;
            let mark = self.body.get(first.clone()).unwrap_or_default();
            let message = format!("`{mark}` stays on the page as it is");
            let diagnostic = Diagnostic::new(Code::EmphasisLiteral, self.span(first), message)
                .label("this opens or closes nothing")
                .help(
                    "put the marks next to the words they are about, in pairs; `\\*` is the character itself",
                );
            Some(
                others
                    .iter()
                    .take(MAX_RELATED)
                    .fold(diagnostic, |d, other| d.related(self.span(other), "nor does this")),
            )
        };
        lines.filter_map(problem).collect()
    }

    /// The marks at the start of the line that is nested too deep.
    fn deep_line(&self) -> Span {
        let mut start = 0;
        for line in self.body.split_inclusive('\n') {
            if markdown::events(line, Quotes::AsTyped).too_deep {
                let marks = line.find(char::is_alphabetic).unwrap_or(line.len());
                return self.span(&(start..start + marks));
            }
            start += line.len();
        }
        self.span(&(0..0))
    }

    /// Ids that the author gave to more than one heading.
    fn same_ids(&self) -> Vec<Diagnostic> {
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        let given = self.headings.iter().filter_map(|heading| Some((heading.id.as_deref()?, heading.span)));
        let mut diagnostics = Vec::new();
        for (id, span) in given {
            let start = span.start as usize - self.offset;
            let text = &self.body[start..span.end as usize - self.offset];
            let at = text.rfind(&format!("#{id}")).map_or(start, |at| start + at);
            let place = self.span(&(at..(at + 1 + id.len()).min(self.body.len())));
            if let Some(earlier) = first.get(id) {
                let message = format!("the id `{id}` is given to two headings");
                diagnostics.push(
                    Diagnostic::new(Code::AnchorDuplicate, place, message)
                        .related(*earlier, "first given here")
                        .help("change one of them, and the links that mean it"),
                );
            } else {
                first.insert(id, place);
            }
        }
        diagnostics
    }
}

/// The values of `id` and `name` attributes in a piece of HTML, in quotes of either kind or in none.
fn ids(html: &str) -> Vec<String> {
    let lower = html.to_ascii_lowercase();
    let after = |attribute: &'static str| {
        let lower = lower.as_str();
        lower.match_indices(attribute).filter_map(move |(at, _)| {
            let spaced = lower[..at].ends_with(char::is_whitespace);
            let value = html[at + attribute.len()..].trim_start().strip_prefix('=')?.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let value = match quote {
                Some(quote) => value[1..].split(quote).next(),
                None => value.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next(),
            };
            value.filter(|value| spaced && !value.is_empty()).map(str::to_owned)
        })
    };
    after("id").chain(after("name")).collect()
}
