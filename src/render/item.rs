//! What a site consists of: everything that can be made by itself, and where to find it by its path.
//!
//! A build makes all of it, a preview the one thing that is asked for.

use super::{Renderer, theme};
use crate::lang::Lang;
use crate::link::{TopicId, route};

/// Something a site consists of: one file of it, or a few that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// The list of all addresses, for search engines.
    Sitemap,
    /// What search engines may look at.
    Robots,
    /// The page of a topic in a language.
    Topic(TopicId, Lang),
    /// The list of all tags.
    Tags(Lang),
    /// The pages with a tag.
    Tag(Lang, &'a str),
    /// The page at the root, where a reader chooses a language.
    Root,
    /// The page for addresses that do not exist.
    NotFound,
    /// The page at a former path that leads to where the topic is now.
    Alias(&'a str),
    /// The feed of a language.
    Feed(Lang),
    /// The script of worked examples.
    Script,
    /// A file of the theme, by its path in the site.
    Theme(&'a str),
    /// An image or download of the book, by its path in the site.
    Asset(&'a str),
}

impl<'a> Renderer<'a> {
    /// Everything the site consists of. A topic's languages are neighbours: they share code and formulas.
    #[must_use]
    pub fn items(&self) -> Vec<Item<'a>> {
        let book = self.book;
        let langs = || Lang::all(book.config.languages.count());
        // The sitemap takes longest, so it comes first.
        let sitemap = book.config.site_url.is_some().then_some(Item::Sitemap);
        let mut items: Vec<_> = sitemap.into_iter().collect();
        items.extend([Item::Robots, Item::Root, Item::NotFound]);
        items.extend(book.topic_ids().flat_map(|id| langs().map(move |lang| Item::Topic(id, lang))));
        for (lang, tags) in book.tags.iter().filter(|(_, tags)| !tags.is_empty()) {
            items.push(Item::Tags(lang));
            items.extend(tags.keys().map(|tag| Item::Tag(lang, tag)));
        }
        items.extend(book.aliases.keys().map(|path| Item::Alias(path)));
        items.extend(langs().filter(|&lang| super::feed::is_wanted(book, lang)).map(Item::Feed));
        items.extend((!self.examples.is_empty()).then_some(Item::Script));
        items.extend(self.theme.files.keys().filter(|path| self.is_used(path)).map(|path| Item::Theme(path)));
        items.extend(book.assets.keys().map(|path| Item::Asset(path)));
        items
    }

    /// What makes the file at `path` of the site: `en/fees/index.html`, `bilayer.0123456789abcdef.css`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Item<'a>> {
        let book = self.book;
        let folder = route::page_of(path);
        let page = |(id, lang)| Item::Topic(id, lang);
        let tag = || self.tag_at(folder?);
        let alias = || Some(Item::Alias(book.aliases.get_key_value(folder?)?.0));
        if let Some(item) = folder.and_then(|url| book.page_at(url)).map(page).or_else(tag).or_else(alias) {
            return Some(item);
        }
        match path {
            "index.html" => Some(Item::Root),
            "404.html" => Some(Item::NotFound),
            "robots.txt" => Some(Item::Robots),
            _ if book.config.site_url.is_some() && route::is_sitemap(path) => Some(Item::Sitemap),
            _ => self.file_at(path),
        }
    }

    /// The path of the page that an item is; none for what is no page, in which nothing can be wrong.
    #[must_use]
    pub fn page_path(&self, item: Item<'_>) -> Option<String> {
        let key = |lang: Lang| &self.book.config.languages[lang].key;
        match item {
            Item::Topic(id, lang) => Some(self.book.card(id, lang).url.clone()),
            Item::Tags(lang) => Some(route::tags(key(lang), None)),
            Item::Tag(lang, tag) => Some(route::tags(key(lang), Some(tag))),
            Item::Root => Some(String::new()),
            Item::NotFound => Some("404.html".to_owned()),
            _ => None,
        }
    }

    fn file_at(&self, path: &str) -> Option<Item<'a>> {
        let book = self.book;
        let is_feed = |lang: &Lang| {
            path == route::feed(&book.config.languages[*lang].key) && super::feed::is_wanted(book, *lang)
        };
        let feed = || Lang::all(book.config.languages.count()).find(is_feed).map(Item::Feed);
        let asset = || Some(Item::Asset(book.assets.get_key_value(path)?.0));
        let theme = || {
            let (path, _) = self.theme.files.get_key_value(path).filter(|(path, _)| self.is_used(path))?;
            Some(Item::Theme(path))
        };
        let script = || (path == self.theme.script.0 && !self.examples.is_empty()).then_some(Item::Script);
        feed().or_else(asset).or_else(theme).or_else(script)
    }

    /// The list of tags, or the tag, whose page has this URL.
    fn tag_at(&self, url: &str) -> Option<Item<'a>> {
        self.book.tags.iter().filter(|(_, tags)| !tags.is_empty()).find_map(|(lang, tags)| {
            let key = &self.book.config.languages[lang].key;
            if !url.starts_with(key.as_str()) {
                return None;
            }
            let is_here = |tag: Option<&str>| route::tags(key, tag) == url;
            let tag = || tags.keys().find(|tag| is_here(Some(tag))).map(|tag| Item::Tag(lang, tag));
            if is_here(None) { Some(Item::Tags(lang)) } else { tag() }
        })
    }

    /// Whether a file of the theme is part of the site: a download of the same name takes its place, a book without
    /// examples needs no style for them, and where anything else of the book is, or cannot be, the file is wrong.
    fn is_used(&self, path: &str) -> bool {
        let for_examples = self.theme.assets.get(theme::EXAMPLES_STYLE).map(String::as_str);
        !self.book.assets.contains_key(path)
            && (!self.examples.is_empty() || Some(path) != for_examples)
            && !self.is_misplaced(path)
    }

    /// Whether the site has no place for a file of the theme at this path.
    pub(super) fn is_misplaced(&self, path: &str) -> bool {
        let (file, folder) = (path.to_lowercase(), format!("{}/", path.to_lowercase()));
        let addresses = &self.book.addresses;
        let is_below = |address: &String| address.starts_with(&folder);
        !self.book.assets.contains_key(path)
            && (!route::is_possible(path)
                || addresses.contains(&file)
                || addresses.range(folder.clone()..).next().is_some_and(is_below))
    }
}
