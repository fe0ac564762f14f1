//! Which byte of a text a block of the rendered page comes from.
//!
//! The page is not marked for that: blocks are counted, in the text as in the page, by the names of the elements they
//! become, from one heading to the next. Raw HTML may confuse the count until the next heading, no further.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::{Document, example_of_fence, markdown};

/// A block of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The name of its element: `p`, `li`, `h2`.
    pub tag: String,
    /// How many elements of this name stand before it behind the same heading.
    pub nth: usize,
    /// The id of that heading; empty before the first one.
    pub under: String,
}

/// The byte of the body `text` at which the wanted block begins; the nearest one before it if there are not so many.
/// `ids` are those of the document's headings. None if there is no such heading either.
#[must_use]
pub fn find(text: &str, document: &Document, ids: &[String], wanted: &Block) -> Option<usize> {
    let mut count = Count { wanted, ids, headings: 0, under: "", seen: 0, nearest: None, found: None };
    let mut skips_title = document.heading_title.is_some();
    let mut notes = Vec::new();
    let mut in_note = false;
    for (event, range) in markdown::events(text, document.quotes).events {
        match event {
            // The heading that is the title is not in the text of the page.
            Event::End(TagEnd::Heading(_)) if skips_title => skips_title = false,
            _ if skips_title => {}
            // Footnotes stand at the end of the page.
            Event::Start(Tag::FootnoteDefinition(_)) => in_note = true,
            Event::End(TagEnd::FootnoteDefinition) => in_note = false,
            Event::Start(tag) if in_note => notes.push((tag, range.start)),
            Event::Start(tag) => count.open(&tag, range.start),
            _ => {}
        }
    }
    notes.iter().for_each(|(tag, start)| count.open(tag, *start));
    count.found.or(count.nearest)
}

struct Count<'a> {
    wanted: &'a Block,
    ids: &'a [String],
    /// How many headings have come.
    headings: usize,
    /// The id of the last one.
    under: &'a str,
    /// How many elements of the wanted name have come since.
    seen: usize,
    /// Where the last block began that may be meant.
    nearest: Option<usize>,
    found: Option<usize>,
}

impl<'a> Count<'a> {
    fn open(&mut self, tag: &Tag<'_>, start: usize) {
        // The title of an alert is a paragraph that nobody wrote.
        let name = match tag {
            Tag::BlockQuote(Some(_)) => Some("p"),
            tag => name(tag),
        };
        if let Some(name) = name {
            self.element(name, start);
        }
        if let Tag::Heading { .. } = tag {
            self.under = self.ids.get(self.headings).map_or("", String::as_str);
            self.headings += 1;
            self.seen = 0;
            if self.under == self.wanted.under {
                self.nearest = Some(start);
            }
        }
    }

    fn element(&mut self, name: &str, start: usize) {
        if self.under != self.wanted.under || name != self.wanted.tag {
            return;
        }
        self.nearest = Some(start);
        if self.seen == self.wanted.nth && self.found.is_none() {
            self.found = Some(start);
        }
        self.seen += 1;
    }
}

/// The name of the element that a block becomes.
fn name(tag: &Tag<'_>) -> Option<&'static str> {
    Some(match tag {
        Tag::Paragraph => "p",
        Tag::Heading { level, .. } => ["h1", "h2", "h3", "h4", "h5", "h6"][*level as usize - 1],
        Tag::BlockQuote(None) => "blockquote",
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) if example_of_fence(info).is_some() => return None,
        Tag::CodeBlock(_) => "pre",
        Tag::Item => "li",
        Tag::DefinitionListTitle => "dt",
        Tag::DefinitionListDefinition => "dd",
        Tag::Table(_) => "table",
        Tag::TableHead | Tag::TableRow => "tr",
        Tag::Image { .. } => "img",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Quotes;
    use crate::source::{File, Sources};

    const TEXT: &str = "# Title\n\nFirst.\n\nSecond.\n\n- one\n- two\n\n## Here\n\nUnder here.[^n]\n\n[^n]: A note.\n\n\
                        > [!NOTE]\n> Mind.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nfn main() {}\n```\n\n## 那里\n\n那里的话。\n";

    /// The line that the wanted block begins with.
    fn line(tag: &str, nth: usize, under: &str) -> &'static str {
        let sources = Sources::new(vec![File::text("a.md", TEXT)]);
        let (document, _) = crate::parse::parse(sources.find("a.md").expect("there"), TEXT, Quotes::AsTyped);
        let wanted = Block { tag: tag.to_owned(), nth, under: under.to_owned() };
        let start = find(&TEXT[document.body.clone()], &document, &document.heading_ids, &wanted);
        TEXT[start.expect("it is found")..].lines().next().unwrap_or_default()
    }

    #[test]
    fn blocks_are_found_by_counting() {
        assert_eq!(line("p", 0, ""), "First.");
        assert_eq!(line("p", 1, ""), "Second.");
        assert_eq!(line("li", 1, ""), "- two");
        assert_eq!(line("h2", 0, ""), "## Here");
        assert_eq!(line("h2", 0, "here"), "## 那里");
        assert_eq!(line("p", 0, "here"), "Under here.[^n]");
        assert_eq!(line("p", 2, "here"), "Mind.");
        assert_eq!(line("tr", 1, "here"), "| 1 | 2 |");
        assert_eq!(line("pre", 0, "here"), "```rust");
        assert_eq!(line("p", 0, "那里"), "那里的话。");
        assert_eq!(line("p", 1, "那里"), "A note.");
    }

    #[test]
    fn what_is_not_there_is_the_nearest_before_it() {
        assert_eq!(line("p", 9, ""), "Second.");
        assert_eq!(line("dd", 3, "here"), "## Here");
    }
}
