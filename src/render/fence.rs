//! Code blocks: the language that a fence names, and the block as HTML.

use pulldown_cmark::CodeBlockKind;

use super::code::{Highlighter, Language};
use super::html::{attribute, text};
use super::strings::Strings;
use crate::parse::example_of_fence;

/// A code block that is still being read.
pub struct Fence {
    /// The language as written: the first word of the info string, up to a comma or brace. May be empty.
    pub token: String,
    /// Whether it puts an example on the page instead of code.
    pub is_example: bool,
    /// The code, as far as it is read.
    pub code: String,
}

impl Fence {
    /// The block that begins.
    pub fn open(kind: &CodeBlockKind<'_>) -> Self {
        let info = match kind {
            CodeBlockKind::Indented => "",
            CodeBlockKind::Fenced(info) => info,
        };
        let token = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
        Self { token: token.to_owned(), is_example: example_of_fence(info).is_some(), code: String::new() }
    }

    /// The HTML of the block; plain where no language is known.
    pub fn html(&self, highlighter: &Highlighter, language: Option<Language>, strings: &Strings) -> String {
        let mut html = String::with_capacity(self.code.len() * 2 + 120);
        html.push_str("<pre class=\"code\" tabindex=\"0\"");
        if !self.token.is_empty() {
            let label = strings.code_in.replace("{language}", &self.token);
            let (token, label) = (attribute(&self.token), attribute(&label));
            html.push_str(&format!(" data-lang=\"{token}\" role=\"region\" aria-label=\"{label}\""));
        }
        html.push_str("><code>");
        match language {
            Some(language) => highlighter.highlight(language, &self.code, &mut html),
            None => html.push_str(&text(&self.code)),
        }
        html.push_str("</code></pre>\n");
        html
    }
}
