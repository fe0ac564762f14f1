//! Tables, with the alignment of a column as a class.
//!
//! The Markdown crate writes it as an inline style, which a strict Content-Security-Policy does not allow.

use pulldown_cmark::{Alignment, Tag, TagEnd};

/// The table that is open.
#[derive(Default)]
pub struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl Table {
    /// The HTML that opens a part of a table; none for a tag that is no part of one.
    pub fn open(&mut self, tag: &Tag<'_>) -> Option<String> {
        match tag {
            Tag::Table(alignments) => {
                *self = Self { alignments: alignments.clone(), ..Self::default() };
                Some("<table>".to_owned())
            }
            Tag::TableHead => {
                (self.column, self.in_head) = (0, true);
                Some("<thead><tr>".to_owned())
            }
            Tag::TableRow => {
                self.column = 0;
                Some("<tr>".to_owned())
            }
            Tag::TableCell => {
                let cell = if self.in_head { "th" } else { "td" };
                Some(format!("<{cell}{}>", self.class()))
            }
            _ => None,
        }
    }

    /// The HTML that closes it.
    pub fn close(&mut self, tag: TagEnd) -> Option<&'static str> {
        match tag {
            TagEnd::Table => Some("</tbody></table>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                Some("</tr></thead><tbody>\n")
            }
            TagEnd::TableRow => Some("</tr>\n"),
            TagEnd::TableCell => {
                self.column += 1;
                Some(if self.in_head { "</th>" } else { "</td>" })
            }
            _ => None,
        }
    }

    fn class(&self) -> &'static str {
        match self.alignments.get(self.column) {
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Left) => " class=\"left\"",
            Some(Alignment::None) | None => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser};

    use super::*;

    #[test]
    fn alignments_become_classes() {
        let mut table = Table::default();
        let mut html = String::new();
        for event in Parser::new_ext("|a|b|c|\n|---|--:|:-:|\n|1|2|3|\n", Options::ENABLE_TABLES) {
            match event {
                Event::Start(tag) => html.push_str(&table.open(&tag).unwrap_or_default()),
                Event::End(tag) => html.push_str(table.close(tag).unwrap_or_default()),
                Event::Text(text) => html.push_str(&text),
                _ => {}
            }
        }
        let expected = "<table><thead><tr><th>a</th><th class=\"right\">b</th><th class=\"center\">c</th></tr></thead><tbody>\n\
                        <tr><td>1</td><td class=\"right\">2</td><td class=\"center\">3</td></tr>\n</tbody></table>\n";
        assert_eq!(html, expected);
    }
}
