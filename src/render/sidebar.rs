//! The menu of sections, rendered once for many pages.
//!
//! All pages that lie side by side in one section have the same menu but for the mark of the page itself. So
//! it is rendered once for them, and the mark is put in by a search for the page's own link.

use std::collections::{BTreeMap, BTreeSet};

use tera::Value;

use super::view::MenuItem;
use super::{Renderer, page};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::link::route::{self, LinkStyle};
use crate::link::{TopicId, route::folder_above};

/// A book with more sections of the first level than this shows only the open one in the menu: nobody reads a
/// hundred lines to find the next page.
const MANY: usize = 40;

/// What decides how a menu looks: language, section of the first level, folder that the page's own lies in.
type Key = (Lang, Option<TopicId>, String);

/// The menus of a site.
#[derive(Default)]
pub struct Sidebars(BTreeMap<Key, String>);

impl Sidebars {
    /// The menu for the page at `path`, with its own link marked as the current one.
    pub fn of(&self, lang: Lang, section: Option<TopicId>, path: &str, style: LinkStyle) -> String {
        let key = (lang, section, folder_above(path).to_owned());
        let menu = self.0.get(&key).map_or("", String::as_str);
        let link = format!("href=\"{}\"", route::href(&stand_in(&key.2), path, style));
        match memchr::memmem::find(menu.as_bytes(), link.as_bytes()) {
            Some(at) => {
                let (before, after) = menu.split_at(at + link.len());
                [before, " aria-current=\"page\"", after].concat()
            }
            None => menu.to_owned(),
        }
    }
}

/// A page in `folder` that does not exist, from which the links of a menu lead to those that do.
fn stand_in(folder: &str) -> String {
    format!("{folder}\0/")
}

/// Renders every menu that a page of the book needs.
pub fn render(renderer: &Renderer<'_>) -> (Sidebars, Vec<Diagnostic>) {
    let mut menus = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for key in keys(renderer) {
        let (lang, section, folder) = &key;
        let from = stand_in(folder);
        let mut context = renderer.context(*lang, &from);
        context.insert_value("menu", Value::from_serializable(&top(renderer, *lang, *section, &from)));
        match renderer.theme.templates.render("sidebar.html", &context) {
            Ok(html) => drop(menus.insert(key, String::from_utf8_lossy(&html).into_owned())),
            Err(problem) => diagnostics.push(*problem),
        }
    }
    (Sidebars(menus), diagnostics)
}

fn keys(renderer: &Renderer<'_>) -> BTreeSet<Key> {
    let book = renderer.book;
    let mut keys = BTreeSet::new();
    for (lang, language) in book.config.languages.iter() {
        let lists = [route::tags(&language.key, None), route::tags(&language.key, Some("a"))];
        keys.extend(lists.iter().map(|path| (lang, None, folder_above(path).to_owned())));
        let of = |id| (lang, book.top_section(id), folder_above(&book.card(id, lang).url).to_owned());
        keys.extend(book.topic_ids().map(of));
    }
    keys
}

/// The sections of the first level, the page's own one with what lies below it.
fn top<'a>(renderer: &'a Renderer<'_>, lang: Lang, open: Option<TopicId>, from: &str) -> Vec<MenuItem<'a>> {
    let book = renderer.book;
    let sections = &book.topic(book.home()).children[lang];
    let few = sections.len() <= MANY || open.is_none();
    let shown = sections.iter().filter(|id| few || Some(**id) == open);
    shown.map(|&id| menu_item(renderer, id, lang, from, Some(id) == open)).collect()
}

fn menu_item<'a>(
    renderer: &'a Renderer<'_>,
    id: TopicId,
    lang: Lang,
    from: &str,
    open: bool,
) -> MenuItem<'a> {
    let below = if open { renderer.book.topic(id).children[lang].as_slice() } else { &[] };
    // Below a section, only the way to the page is unfolded: a menu of everything would be longer than the page.
    let leads_to_page = |child: TopicId| from.starts_with(&renderer.book.card(child, lang).url);
    let children =
        below.iter().map(|&child| menu_item(renderer, child, lang, from, leads_to_page(child))).collect();
    MenuItem { item: page::item(renderer, id, lang, from), open, children }
}
