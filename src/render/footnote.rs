//! Footnotes, collected at the end of the page with links there and back.

use std::collections::{BTreeMap, HashMap};

use pulldown_cmark::{Event, TagEnd};

use super::html::{attribute, text};
use super::strings::Strings;

/// The footnotes of one page.
#[derive(Default)]
pub struct Footnotes<'a> {
    /// The number of each label, in order of first reference.
    numbers: HashMap<String, usize>,
    /// How often each number is referred to.
    references: Vec<usize>,
    /// The text of each label that is defined.
    texts: BTreeMap<String, Vec<Event<'a>>>,
    /// The definition that is being read.
    open: Option<(String, Vec<Event<'a>>)>,
}

impl<'a> Footnotes<'a> {
    /// Where the next event belongs: to the open footnote, or to the page.
    pub fn target<'t>(&'t mut self, page: &'t mut Vec<Event<'a>>) -> &'t mut Vec<Event<'a>> {
        match &mut self.open {
            Some((_, events)) => events,
            None => page,
        }
    }

    /// The HTML of a reference to `label`.
    pub fn refer(&mut self, label: &str) -> String {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(label.to_owned()).or_insert(next);
        self.references.resize(self.references.len().max(number), 0);
        self.references[number - 1] += 1;
        let again = match self.references[number - 1] {
            1 => String::new(),
            time => format!("-{time}"),
        };
        format!(
            "<sup class=\"footnote-ref\"><a id=\"fnref-{number}{again}\" href=\"#fn-{number}\">{number}</a></sup>"
        )
    }

    /// The definition of `label` begins.
    pub fn open(&mut self, label: &str) {
        self.open = Some((label.to_owned(), Vec::new()));
    }

    /// The open definition ends. Of two with one label the first counts.
    pub fn close(&mut self) {
        if let Some((label, events)) = self.open.take() {
            self.texts.entry(label).or_insert(events);
        }
    }

    /// Appends the footnotes that are referred to, in the order of their numbers.
    pub fn append(self, page: &mut Vec<Event<'a>>, strings: &Strings) {
        // A footnote may refer to another that comes after: its number is known once it is written.
        let mut defined: Vec<(usize, Vec<Event<'a>>)> = self
            .texts
            .into_iter()
            .filter_map(|(label, events)| self.numbers.get(&label).map(|&number| (number, events)))
            .collect();
        if defined.is_empty() {
            return;
        }
        defined.sort_by_key(|(number, _)| *number);
        let title = &strings.footnotes;
        let (label, heading) = (attribute(title), text(title));
        page.push(html(format!(
            "<section class=\"footnotes\" aria-label=\"{label}\">\n<h2>{heading}</h2>\n<ol>\n"
        )));
        for (number, mut events) in defined {
            page.push(html(format!("<li id=\"fn-{number}\" value=\"{number}\">")));
            let back = attribute(&strings.footnote_back.replace("{n}", &number.to_string())).into_owned();
            let link = html(format!(
                " <a class=\"footnote-back\" href=\"#fnref-{number}\" aria-label=\"{back}\">↩</a>"
            ));
            let at = match events.last() {
                Some(Event::End(TagEnd::Paragraph)) => events.len() - 1,
                _ => events.len(),
            };
            events.insert(at, link);
            page.append(&mut events);
            page.push(html("</li>\n".to_owned()));
        }
        page.push(html("</ol>\n</section>\n".to_owned()));
    }
}

fn html<'a>(html: String) -> Event<'a> {
    Event::InlineHtml(html.into())
}
