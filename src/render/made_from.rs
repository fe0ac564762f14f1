//! What the page of a topic is made from, as digests: while they are the same, so is the page.

use super::{Renderer, body, page, sidebar};
use crate::digest::Digest;
use crate::lang::Lang;
use crate::link::TopicId;

/// Digests of everything that a page is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeFrom {
    /// Its text, and what that refers to.
    text: Digest,
    /// What it says of itself and of other pages: titles, neighbours, tags.
    view: Digest,
    /// The menu.
    menu: Digest,
    /// The theme and the configuration.
    common: Digest,
}

impl MadeFrom {
    /// Why a page that was made from `old` is not the one that is made from this, in a word or two.
    #[must_use]
    pub fn why(&self, old: Option<&Self>) -> &'static str {
        match old {
            None => "new",
            Some(old) if old.common != self.common => "theme or configuration",
            // All the same: what was looked at was put back.
            Some(old) if old.text != self.text || old == self => "text",
            Some(old) if old.view != self.view => "titles and links",
            Some(_) => "menu",
        }
    }
}

impl Renderer<'_> {
    /// What the page of a topic is made from.
    #[must_use]
    pub fn made_from(&self, id: TopicId, lang: Lang) -> MadeFrom {
        let text = self.place(id, lang).map(|place| body::key(self.shared(), &place));
        let view = page::topic(self, id, lang, Vec::new());
        let menu = sidebar::digest(self, lang, self.book.top_section(id), view.path);
        let template = &self.book.card(id, lang).template;
        MadeFrom {
            text: text.unwrap_or_default(),
            view: Digest::of_value(&(&view, template)),
            menu,
            common: self.common,
        }
    }
}
