//! A page's Markdown to HTML.
//!
//! Takes the events of the text, exchanges those that need more than the Markdown crate's own HTML (links,
//! headings, code, formulas, alerts, footnotes, images), and lets that crate write the rest. Knows the book
//! for where links lead, and nothing of templates.

mod examples;
mod kept;
mod links;

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, Tag, TagEnd, html};
use tera::Value;

pub use kept::{Keys, key, recall};

use super::code::Highlighter;
use super::example::{Figures, Tally, Tied};
use super::fence::Fence;
use super::footnote::Footnotes;
use super::html::{attribute, text};
use super::image::Image;
use super::math::{Math, Problem};
use super::strings::Strings;
use super::table::Table;
use super::theme::Theme;
use super::view::Entry;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::format::Numerals;
use crate::evaluate::unit::Units;
use crate::evaluate::worked::Examples;
use crate::lang::{Lang, PerLang};
use crate::link::resolve::{Resolved, Target};
use crate::link::route::LinkStyle;
use crate::link::{Book, TopicId};
use crate::parse::{Document, markdown};
use crate::source::{Sources, Span};

/// What all pages of a build share.
#[derive(Clone, Copy)]
pub struct Shared<'a> {
    /// The book.
    pub book: &'a Book,
    /// The texts.
    pub sources: &'a Sources,
    /// Highlights code.
    pub highlighter: &'a Highlighter,
    /// Sets formulas.
    pub math: &'a Math,
    /// How links name pages.
    pub style: LinkStyle,
    /// The worked examples.
    pub examples: &'a Examples,
    /// The book's units.
    pub units: &'a Units,
    /// How each language writes numbers.
    pub numerals: &'a PerLang<Numerals>,
    /// Whether the numbers in prose are counted.
    pub counts_numbers: bool,
    /// The theme, for figures.
    pub theme: &'a Theme,
    /// Its words in each language, ready for templates.
    pub words: &'a PerLang<Value>,
    /// Digests of what many texts are made from.
    pub keys: &'a Keys,
}

/// The page that a text is rendered for: its own, or that of a language it is not translated into.
pub struct Place<'a> {
    /// The document's position in the book.
    pub document: usize,
    /// The document's links.
    pub links: &'a [Resolved],
    /// The topic.
    pub topic: TopicId,
    /// The language of the page.
    pub lang: Lang,
    /// The language of the text, which is another where it stands in for a translation.
    pub text: Lang,
    /// The path of the page in the site.
    pub path: &'a str,
    /// The theme's words in that language.
    pub strings: &'a Strings,
}

/// Names and values, as the Markdown crate gives them.
type Attributes<'a> = Vec<(CowStr<'a>, Option<CowStr<'a>>)>;

/// A rendered text.
pub struct Body {
    /// The HTML.
    pub html: String,
    /// The headings of the second and third level.
    pub contents: Vec<Entry>,
    /// Whether it has examples that a script brings to life.
    pub is_live: bool,
    /// Its numbers.
    pub tally: Tally,
    /// What was found wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders a document.
#[must_use]
pub fn render(shared: Shared<'_>, place: &Place<'_>) -> Body {
    let document = &shared.book.documents[place.document];
    let text = &shared.sources.text(document.file)[document.body.clone()];
    let parsed = markdown::events(text, document.quotes);
    let fences = examples::fences(&parsed.events, document, text);
    let figures = Figures::new(shared, place, document.file, &fences);
    let mut writer = Writer::new(shared, place, document, figures, parsed.events.len());
    let mut events = parsed.events.into_iter().peekable();
    if document.heading_title.is_some() {
        while events.next().is_some_and(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_)))) {}
    }
    for (event, range) in events {
        writer.event(event, range);
    }
    writer.finish(text.len())
}

struct Writer<'a> {
    shared: Shared<'a>,
    place: &'a Place<'a>,
    document: &'a Document,
    /// Where the body begins in its file.
    offset: usize,
    out: Vec<Event<'a>>,
    footnotes: Footnotes<'a>,
    table: Table,
    heading: usize,
    contents: Vec<Entry>,
    /// The code block that is open.
    code: Option<Fence>,
    /// The image that is open.
    image: Option<Image>,
    /// The tied number that is open.
    tied: Option<Tied<'a>>,
    /// The page's examples.
    figures: Figures<'a>,
    /// Values in the open heading: as written, and as shown.
    shown: Vec<(String, String)>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Writer<'a> {
    fn new(
        shared: Shared<'a>,
        place: &'a Place<'a>,
        document: &'a Document,
        figures: Figures<'a>,
        events: usize,
    ) -> Self {
        Self {
            shared,
            place,
            document,
            offset: document.body.start,
            out: Vec::with_capacity(events),
            footnotes: Footnotes::default(),
            table: Table::default(),
            heading: 0,
            contents: Vec::new(),
            code: None,
            image: None,
            tied: None,
            figures,
            shown: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    fn finish(mut self, bytes: usize) -> Body {
        self.footnotes.append(&mut self.out, self.place.strings);
        let mut html = String::with_capacity(bytes * 2);
        html::push_html(&mut html, self.out.into_iter());
        let (data, is_live) = self.figures.finish();
        html.push_str(&data);
        self.diagnostics.append(&mut self.figures.diagnostics);
        Body {
            html,
            contents: self.contents,
            is_live,
            tally: self.figures.tally,
            diagnostics: self.diagnostics,
        }
    }

    fn push(&mut self, event: Event<'a>) {
        self.footnotes.target(&mut self.out).push(event);
    }

    fn html(&mut self, html: String) {
        self.push(Event::InlineHtml(html.into()));
    }

    /// The place of a part of the body, without the line ends behind it.
    fn span(&self, range: &Range<usize>) -> Span {
        let body = &self.shared.sources.text(self.document.file)[self.document.body.clone()];
        let length = body.get(range.clone()).map_or(range.len(), |text| text.trim_end().len());
        Span::new(self.document.file, self.offset + range.start, self.offset + range.start + length)
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        if self.image.is_some()
            && let Event::Code(code) = &event
            && code.starts_with("= ")
        {
            let shown = self.shown_value(code, &range);
            return self.image.iter_mut().for_each(|image| image.alt.push_str(&shown));
        }
        if let Some(image) = &mut self.image
            && !(image.depth == 0 && matches!(event, Event::End(TagEnd::Image)))
        {
            return image.describe(&event);
        }
        if let Some(tied) = &mut self.tied
            && !matches!(event, Event::End(TagEnd::Link))
        {
            if let Event::Text(text) | Event::Code(text) = &event {
                tied.typed.push_str(text);
            }
            return;
        }
        match event {
            Event::Start(tag) => self.open(tag, &range),
            Event::End(tag) => self.close(tag, &range),
            Event::Text(text) if self.code.is_some() => {
                if let Some(fence) = &mut self.code {
                    fence.code.push_str(&text);
                }
            }
            Event::Text(text) if self.shared.counts_numbers => {
                self.figures.count(&text, self.span(&range));
                self.push(Event::Text(text));
            }
            Event::Code(code) if code.starts_with("= ") => self.value(&code, &range),
            Event::InlineMath(latex) => self.math(&latex, false, &range),
            Event::DisplayMath(latex) => self.math(&latex, true, &range),
            Event::FootnoteReference(label) => {
                let html = self.footnotes.refer(&label);
                self.html(html);
            }
            Event::Html(_) | Event::InlineHtml(_) if !self.shared.book.config.raw_html => {
                // A block is reported where it begins, not once for each of its lines.
                if matches!(event, Event::InlineHtml(_)) {
                    self.drop_html(&range);
                }
            }
            Event::TaskListMarker(done) => self.task(done),
            other => self.push(other),
        }
    }

    fn open(&mut self, tag: Tag<'a>, range: &Range<usize>) {
        match tag {
            Tag::Heading { level, classes, attrs, .. } => {
                let id = self.shared.book.heading_ids[self.place.document].get(self.heading);
                let id = id.map(|id| id.clone().into());
                let attrs = self.attributes(attrs, range);
                self.open_heading(Tag::Heading { level, id, classes, attrs });
            }
            Tag::Link { dest_url, .. } if dest_url.starts_with('=') => {
                let reference = self.reference(&dest_url, range);
                self.tied = Some(Tied { reference, at: self.span(range), typed: String::new() });
            }
            Tag::Link { link_type, dest_url, title, id } => {
                let dest_url = self.destination(dest_url, link_type, range);
                self.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Tag::Image { dest_url, title, .. } => self.open_image(&dest_url, &title, range),
            Tag::CodeBlock(kind) => self.code = Some(Fence::open(&kind)),
            Tag::BlockQuote(Some(kind)) => {
                let (class, title) = alert(kind, self.place.strings);
                self.html(format!(
                    "<div class=\"alert {class}\" role=\"note\"><p class=\"alert-title\">{}</p>\n",
                    text(title)
                ));
            }
            Tag::Table(_) => {
                let label = attribute(&self.place.strings.table);
                let table = self.table.open(&tag).unwrap_or_default();
                self.html(format!(
                    "<div class=\"table\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\">{table}"
                ));
            }
            Tag::FootnoteDefinition(label) => self.footnotes.open(&label),
            Tag::HtmlBlock if !self.shared.book.config.raw_html => self.drop_html(range),
            other => match self.table.open(&other) {
                Some(html) => self.html(html),
                None => self.push(Event::Start(other)),
            },
        }
    }

    fn close(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Heading(_) => self.close_heading(tag),
            TagEnd::Image => self.close_image(),
            TagEnd::CodeBlock => self.close_code(range),
            TagEnd::Link if self.tied.is_some() => {
                let html = self.tied.take().map(|tied| self.figures.tied(&tied)).unwrap_or_default();
                self.html(html);
            }
            TagEnd::BlockQuote(Some(_)) => self.html("</div>\n".to_owned()),
            TagEnd::FootnoteDefinition => self.footnotes.close(),
            other => match self.table.close(other) {
                Some(html) => self.html(if other == TagEnd::Table {
                    format!("{html}</div>\n")
                } else {
                    html.to_owned()
                }),
                None => self.push(Event::End(other)),
            },
        }
    }

    /// The attributes that an author gives to a heading; in a book that takes no raw HTML there are none: `onclick`
    /// would run code.
    fn attributes(&mut self, written: Attributes<'a>, range: &Range<usize>) -> Attributes<'a> {
        if self.shared.book.config.raw_html || written.is_empty() {
            return written;
        }
        let message = format!("the attribute `{}` is left out: this book takes no HTML", written[0].0);
        self.diagnostics.push(
            Diagnostic::new(Code::HtmlDropped, self.span(range), message)
                .help("a heading may have an id and classes: `## Exits {#exits .wide}`"),
        );
        Vec::new()
    }

    fn open_heading(&mut self, tag: Tag<'a>) {
        if let Some(heading) = self.document.headings.get(self.heading)
            && (2..=3).contains(&heading.level)
        {
            let id = self.shared.book.heading_ids[self.place.document][self.heading].clone();
            self.contents.push(Entry { id, title: heading.text.clone(), level: heading.level });
        }
        self.push(Event::Start(tag));
    }

    fn close_heading(&mut self, tag: TagEnd) {
        let ids = &self.shared.book.heading_ids[self.place.document];
        if let (Some(id), Some(heading)) = (ids.get(self.heading), self.document.headings.get(self.heading)) {
            let mut title = heading.text.clone();
            for (written, shown) in self.shown.drain(..) {
                title = title.replacen(&written, &shown, 1);
            }
            if let Some(entry) = self.contents.last_mut().filter(|entry| entry.id == *id) {
                entry.title.clone_from(&title);
            }
            let label = self.place.strings.link_to_heading.replace("{heading}", &title);
            let link = format!(
                " <a class=\"anchor\" href=\"#{}\" aria-label=\"{}\"></a>",
                attribute(id),
                attribute(&label)
            );
            self.html(link);
        }
        self.heading += 1;
        self.push(Event::End(tag));
    }

    fn open_image(&mut self, written: &str, title: &str, range: &Range<usize>) {
        let target = self.target(range);
        let size = target.and_then(|target| links::pixels(self.shared, target));
        let src = match target {
            None | Some(Target::AsWritten) => self.checked(written.to_owned().into(), range).to_string(),
            Some(target) => self.href(target),
        };
        self.image = Some(Image { src, title: title.to_owned(), size, alt: String::new(), depth: 0 });
    }

    fn close_image(&mut self) {
        if let Some(image) = self.image.take() {
            self.html(image.html());
        }
    }

    fn close_code(&mut self, range: &Range<usize>) {
        let Some(fence) = self.code.take() else { return };
        if fence.is_example {
            let html = self.figures.figure();
            return self.html(html);
        }
        let language = self.shared.highlighter.language(&fence.token);
        if language.is_none() && !fence.token.is_empty() {
            let problem = self.unknown_language(&fence.token, range);
            self.diagnostics.push(problem);
        }
        self.html(fence.html(self.shared.highlighter, language, self.place.strings));
    }

    fn unknown_language(&self, token: &str, range: &Range<usize>) -> Diagnostic {
        let span = self.span(range);
        let written =
            self.shared.sources.text(self.document.file).get(span.start as usize..span.end as usize);
        let at = written
            .and_then(|written| written.find(token))
            .map_or(span.start as usize, |at| span.start as usize + at);
        let place = Span::new(self.document.file, at, (at + token.len()).min(span.end as usize));
        let diagnostic =
            Diagnostic::new(Code::CodeLanguageUnknown, place, format!("no syntax is known for `{token}`"));
        match self.shared.highlighter.suggest(token) {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")).fix(place, name),
            None => diagnostic.help("the code is shown plain; write `text` to say that this is meant"),
        }
    }

    fn math(&mut self, latex: &str, display: bool, range: &Range<usize>) {
        match self.shared.math.html(latex, display) {
            Ok(html) => self.html(html),
            Err(problem) => {
                let diagnostic = self.bad_math(latex, &problem, range);
                self.diagnostics.push(diagnostic);
                self.html(format!("<code>{}</code>", text(latex)));
            }
        }
    }

    fn bad_math(&self, latex: &str, problem: &Problem, range: &Range<usize>) -> Diagnostic {
        let body = &self.shared.sources.text(self.document.file)[self.document.body.clone()];
        let written = body.get(range.clone()).unwrap_or_default();
        // In a quote or list the formula is written with the marks of those, and its bytes cannot be counted.
        let start = written.find(latex).filter(|_| problem.range.start < latex.trim_end().len());
        let place = start.map_or(range.clone(), |at| {
            let start = range.start + at + problem.range.start;
            start..start + problem.range.len().max(1)
        });
        let help = match problem.message.contains("Unknown command") {
            true => "check its spelling; words go into `\\text{…}`, an amount of money is written `\\$5`",
            false => "every `{` needs its `}`, every `\\begin` its `\\end`, every `\\left` its `\\right`",
        };
        let mut words = problem.message.trim_end_matches('.').replace('"', "`");
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Diagnostic::new(Code::MathInvalid, self.span(&place), words).help(help)
    }

    fn task(&mut self, done: bool) {
        let (label, checked) = match done {
            true => (&self.place.strings.task_done, " checked"),
            false => (&self.place.strings.task_open, ""),
        };
        let label = attribute(label);
        self.html(format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\">\n"));
    }
}

fn alert(kind: BlockQuoteKind, strings: &Strings) -> (&'static str, &str) {
    match kind {
        BlockQuoteKind::Note => ("note", &strings.alert_note),
        BlockQuoteKind::Tip => ("tip", &strings.alert_tip),
        BlockQuoteKind::Important => ("important", &strings.alert_important),
        BlockQuoteKind::Warning => ("warning", &strings.alert_warning),
        BlockQuoteKind::Caution => ("caution", &strings.alert_caution),
    }
}
