//! Where the links of a text lead, and HTML that a book leaves out.

use std::ops::Range;

use pulldown_cmark::{CowStr, LinkType};

use super::{Place, Shared, Writer};
use crate::diagnostic::{Code, Diagnostic};
use crate::link::resolve::{Target, is_external};
use crate::link::route;
use crate::source::Content;

impl<'a> Writer<'a> {
    pub(super) fn target(&self, range: &Range<usize>) -> Option<&'a Target> {
        let start = self.span(range).start;
        let at = self.place.links.binary_search_by_key(&start, |link| link.start).ok()?;
        Some(&self.place.links[at].target)
    }

    pub(super) fn destination(
        &mut self,
        written: CowStr<'a>,
        link_type: LinkType,
        range: &Range<usize>,
    ) -> CowStr<'a> {
        if link_type == LinkType::Email {
            return written;
        }
        match self.target(range) {
            None | Some(Target::AsWritten) => self.checked(written, range),
            Some(target) => self.href(target).into(),
        }
    }

    pub(super) fn href(&self, target: &Target) -> String {
        href(self.shared, self.place, target)
    }

    /// A destination as written; in a book that takes no raw HTML, schemes that run code are dropped.
    pub(super) fn checked(&mut self, written: CowStr<'a>, range: &Range<usize>) -> CowStr<'a> {
        let scheme = written.trim_start().split(':').next().unwrap_or_default().to_ascii_lowercase();
        let harmless = matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel");
        if self.shared.book.config.raw_html || harmless || !is_external(&written) {
            return written;
        }
        let message = format!("a link to `{scheme}:` is left out of this book");
        self.diagnostics.push(
            Diagnostic::new(Code::HtmlDropped, self.span(range), message)
                .help("link to a page of the book or to an address with `https:`"),
        );
        CowStr::Borrowed("")
    }

    /// Reports HTML that is left out: for a pair of tags the first, for a remark nothing.
    pub(super) fn drop_html(&mut self, range: &Range<usize>) {
        let html = self.shared.sources.text(self.document.file)[self.document.body.clone()]
            .get(range.clone())
            .unwrap_or_default()
            .trim_end();
        let name = html.trim_start_matches('<').split(|c: char| !c.is_ascii_alphanumeric()).next();
        let is_remark = html.starts_with("<!--") && html.find("-->") == html.len().checked_sub(3);
        if is_remark || html.starts_with("</") {
            return;
        }
        let message = match name.unwrap_or_default() {
            "" => "HTML is left out of this book".to_owned(),
            name => format!("`<{name}>` is left out: this book takes no HTML"),
        };
        self.diagnostics.push(
            Diagnostic::new(Code::HtmlDropped, self.span(&(range.start..range.start + html.len())), message)
                .help("write it in Markdown, or set `raw-html = true` under `[output.html]`"),
        );
    }
}

/// A link from a page to a target.
pub(super) fn href(shared: Shared<'_>, place: &Place<'_>, target: &Target) -> String {
    let Shared { book, style, .. } = shared;
    let with_anchor = |mut href: String, anchor: &str| {
        if !anchor.is_empty() {
            href.push('#');
            route::encode(anchor, &mut href);
        }
        href
    };
    match target {
        Target::AsWritten => String::new(),
        Target::Here { anchor } => {
            with_anchor(if anchor.is_empty() { "#".to_owned() } else { String::new() }, anchor)
        }
        Target::Page { topic, lang, anchor } => {
            let card = book.card(*topic, lang.unwrap_or(place.lang));
            // Where this text stands in for a translation, the page that is linked to may have other headings.
            let there = card.document.is_some_and(|at| book.has_anchor(at, anchor));
            with_anchor(route::href(place.path, &card.url, style), if there { anchor } else { "" })
        }
        Target::Asset { path } => route::href(place.path, path, style),
    }
}

/// The size of the image that a target is, if it is one whose header says so.
pub(super) fn pixels(shared: Shared<'_>, target: &Target) -> Option<(usize, usize)> {
    let Target::Asset { path } = target else { return None };
    let file = *shared.book.assets.get(path)?;
    match &shared.sources.file(file).content {
        Content::Asset { pixels, .. } => *pixels,
        Content::Text(_) => None,
    }
}
