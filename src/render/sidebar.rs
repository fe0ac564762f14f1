//! The menu of sections, rendered once for many pages.
//!
//! All pages of a section at one depth have the same menu but for the mark of the page itself. So it is
//! rendered once for each, and the mark is put in by a search for the page's own link.

use std::collections::{BTreeMap, BTreeSet};

use tera::Value;

use super::view::MenuItem;
use super::{Renderer, page};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::link::{TopicId, route};

/// What decides how a menu looks: language, section of the first level, way to the root.
type Key = (Lang, Option<TopicId>, String);

/// The menus of a site.
#[derive(Default)]
pub struct Sidebars(BTreeMap<Key, String>);

impl Sidebars {
    /// The menu for a page, with its own link `own` marked as the current one.
    pub fn of(&self, lang: Lang, section: Option<TopicId>, root: &str, own: &str) -> String {
        let key = (lang, section, root.to_owned());
        let menu = self.0.get(&key).or_else(|| self.0.get(&(lang, None, key.2))).map_or("", String::as_str);
        let link = format!("href=\"{own}\"");
        match memchr::memmem::find(menu.as_bytes(), link.as_bytes()) {
            Some(at) => {
                let (before, after) = menu.split_at(at + link.len());
                [before, " aria-current=\"page\"", after].concat()
            }
            None => menu.to_owned(),
        }
    }
}

/// Renders every menu that a page of the book needs.
pub fn render(renderer: &Renderer<'_>) -> (Sidebars, Vec<Diagnostic>) {
    let mut menus = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for key in keys(renderer) {
        let (lang, section, root) = &key;
        let mut context = renderer.context(*lang, root);
        context.insert_value("menu", Value::from_serializable(&top(renderer, *lang, *section, root)));
        match renderer.theme.render("sidebar.html", &context) {
            Ok(html) => drop(menus.insert(key, html)),
            Err(problem) => diagnostics.push(*problem),
        }
    }
    (Sidebars(menus), diagnostics)
}

fn keys(renderer: &Renderer<'_>) -> BTreeSet<Key> {
    let book = renderer.book;
    let mut keys = BTreeSet::new();
    for lang in Lang::all(book.config.languages.count()) {
        let lists = [route::tags("x", None), route::tags("x", Some("y"))];
        keys.extend(lists.iter().map(|path| (lang, None, route::root_of(path))));
        keys.extend(
            book.topic_ids().map(|id| (lang, book.top_section(id), route::root_of(&book.card(id, lang).url))),
        );
    }
    keys
}

/// The sections of the first level, the page's own one with all that lies below it.
fn top<'a>(renderer: &'a Renderer<'_>, lang: Lang, open: Option<TopicId>, root: &str) -> Vec<MenuItem<'a>> {
    let book = renderer.book;
    let sections = book.topic(book.home()).children[lang].iter();
    sections.map(|&id| menu_item(renderer, id, lang, root, Some(id) == open)).collect()
}

fn menu_item<'a>(
    renderer: &'a Renderer<'_>,
    id: TopicId,
    lang: Lang,
    root: &str,
    open: bool,
) -> MenuItem<'a> {
    let below = &renderer.book.topic(id).children[lang];
    let children = match open {
        true => below.iter().map(|&child| menu_item(renderer, child, lang, root, true)).collect(),
        false => Vec::new(),
    };
    MenuItem { item: page::item(renderer, id, lang, root), open, children }
}
