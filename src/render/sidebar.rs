//! The menu of sections, rendered once for many pages.
//!
//! All pages that lie side by side in one section have the same menu but for the mark of the page itself. So
//! it is rendered once for them, when the first of them needs it, and the mark is put in by a search for the
//! page's own link.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tera::Value;

use super::view::MenuItem;
use super::{Renderer, page};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::lang::Lang;
use crate::link::{TopicId, route, route::folder_above};

/// A book with more sections of the first level than this shows only the open one in the menu: nobody reads a
/// hundred lines to find the next page.
const MANY: usize = 40;

/// What decides how a menu looks: language, section of the first level, folder that the page's own lies in.
type Key = (Lang, Option<TopicId>, String);

/// The menus of a site, as far as they have been asked for.
#[derive(Default)]
pub struct Sidebars(Mutex<HashMap<Key, Arc<Menu>>>);

/// A menu without the mark of a page.
#[derive(Default)]
struct Menu {
    html: String,
    digest: Digest,
    problem: Option<Diagnostic>,
}

/// The menu for the page at `path`, with its own link marked as the current one, and what is wrong with its template.
pub fn of(
    renderer: &Renderer<'_>,
    lang: Lang,
    section: Option<TopicId>,
    path: &str,
) -> (String, Option<Diagnostic>) {
    let folder = folder_above(path);
    let menu = recall(renderer, (lang, section, folder.to_owned()));
    let link = format!("href=\"{}\"", route::href(&stand_in(folder), path, renderer.style));
    let html = match memchr::memmem::find(menu.html.as_bytes(), link.as_bytes()) {
        Some(at) => {
            let (before, after) = menu.html.split_at(at + link.len());
            [before, " aria-current=\"page\"", after].concat()
        }
        None => menu.html.clone(),
    };
    (html, menu.problem.clone())
}

/// The digest of the menu for the page at `path`, but for the mark.
pub fn digest(renderer: &Renderer<'_>, lang: Lang, section: Option<TopicId>, path: &str) -> Digest {
    recall(renderer, (lang, section, folder_above(path).to_owned())).digest
}

/// The menu of a key. Two threads that need it at once both make it, and find the same.
fn recall(renderer: &Renderer<'_>, key: Key) -> Arc<Menu> {
    let menus = || renderer.sidebars.0.lock().unwrap_or_else(PoisonError::into_inner);
    let known = menus().get(&key).map(Arc::clone);
    known.unwrap_or_else(|| {
        let menu = Arc::new(render(renderer, &key));
        menus().insert(key, Arc::clone(&menu));
        menu
    })
}

fn render(renderer: &Renderer<'_>, (lang, section, folder): &Key) -> Menu {
    let from = stand_in(folder);
    let mut context = renderer.context(*lang, &from);
    context.insert_value("menu", Value::from_serializable(&top(renderer, *lang, *section, &from)));
    match renderer.theme.templates.render("sidebar.html", &context) {
        Ok(html) => {
            let digest = Digest::of(&html);
            Menu { html: String::from_utf8_lossy(&html).into_owned(), digest, problem: None }
        }
        Err(problem) => Menu { problem: Some(*problem), ..Menu::default() },
    }
}

/// A page in `folder` that does not exist, from which the links of a menu lead to those that do.
fn stand_in(folder: &str) -> String {
    format!("{folder}\0/")
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
