//! Pages that come and go, drafts, going along with the author, and where the preview is to be found.

use std::net::{Ipv4Addr, TcpListener};

use super::book::Book;
use super::command::Preview;
use super::tab::{Overlay, Tab};
use crate::run::wait;

/// What is said of a page that is gone.
const GONE: [&str; 2] = ["This page is no longer in the book", "书中已没有这一页"];

#[test]
fn an_open_page_is_deleted_and_comes_back() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let paths = ["en", "zh"].map(|lang| (format!("{lang}/long/"), format!("content/{lang}/long.md")));
    let mut tabs = paths.each_ref().map(|(page, _)| {
        let mut tab = Tab::open(&preview, page);
        tab.settle();
        tab
    });
    let texts = paths.each_ref().map(|(_, file)| book.read(file));
    paths.iter().for_each(|(_, file)| book.remove(file));
    for (tab, (gone, (page, _))) in tabs.iter_mut().zip(GONE.iter().zip(&paths)) {
        wait("what is said", || {
            let overlay = tab.overlay();
            if overlay.title.contains(gone) { Ok(()) } else { Err(format!("{overlay:?}")) }
        });
        let reply = preview.get(page);
        assert_eq!(reply.status, 404);
        assert_eq!(reply.page(), preview.get("404.html").page());
        tab.is_settled();
    }
    for ((_, file), text) in paths.iter().zip(&texts) {
        book.write(file, &format!("{text}\nBack 回来\n"));
    }
    for tab in &mut tabs {
        tab.shows("Back 回来");
        wait("nothing to be said", || {
            let overlay = tab.overlay();
            if overlay == Overlay::default() { Ok(()) } else { Err(format!("{overlay:?}")) }
        });
        tab.is_settled();
    }
}

#[test]
fn a_page_that_is_not_there_yet_appears_when_it_is() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tabs = ["en", "zh"].map(|lang| Tab::open(&preview, &format!("{lang}/new/")));
    for tab in &mut tabs {
        tab.shows("There is no page at this address.");
        tab.shows("这个地址上没有页面");
    }
    book.write("content/en/new.md", "# New\n\nHere it is.\n");
    tabs[0].page.wait_for("document.querySelector('h1').textContent === 'New'");
    // What is not translated is there in the other language, too.
    tabs[1].page.wait_for("document.querySelector('h1').textContent === 'New'");
    tabs[1].follows();
    book.write("content/zh/new.md", "# 新页\n\n在这里。\n");
    tabs[1].shows("在这里。");
}

#[test]
fn drafts_are_shown_to_those_who_ask() {
    let book = Book::new();
    for (flags, status) in [("", 404), ("--drafts", 200)] {
        let preview = Preview::start(book.folder(), flags);
        for page in ["en/later/", "zh/later/"] {
            assert_eq!(preview.get(page).status, status, "{page} with `{flags}`");
        }
    }
    let preview = Preview::start(book.folder(), "--drafts");
    let mut tab = Tab::open(&preview, "zh/later/");
    book.change("content/zh/later.md", "还没写完。", "快写完了。");
    tab.shows("快写完了。");
}

#[test]
fn open_pages_go_to_what_is_being_edited() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "--navigate");
    let mut tab = Tab::open(&preview, "en/");
    for (file, from, to, page) in [
        ("content/en/long.md", "Last words.", "The very last words.", "/en/long/"),
        ("content/zh/beside.md", "旁边的一页", "旁边的另一页", "/zh/beside/"),
    ] {
        book.change(file, from, to);
        tab.page.wait_for(&format!("location.pathname === '{page}'"));
        tab.page.wait_for(&format!("document.querySelector('.prose').textContent.includes('{to}')"));
        tab.follows();
    }
    // Who is there stays there, and who reads the text where it stands in for a translation.
    book.change("content/zh/beside.md", "旁边的另一页", "旁边的第三页");
    tab.shows("旁边的第三页");
    tab.is_quiet();
    book.remove("content/zh/beside.md");
    tab.page.wait_for("document.body.textContent.includes('A page beside')");
    tab.follows();
    book.change("content/en/beside.md", "A page beside", "Another page beside");
    tab.shows("Another page beside");
    assert_eq!(tab.page.eval::<String>("location.pathname"), "/zh/beside/");
}

#[test]
fn of_two_languages_side_by_side_only_the_edited_one_goes() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "--navigate");
    let mut tabs = ["en/long/", "zh/long/"].map(|path| Tab::open(&preview, path));
    let build = tabs[0].build();
    book.change("content/zh/beside.md", "旁边的一页", "旁边的另一页");
    tabs[1].page.wait_for("location.pathname === '/zh/beside/'");
    tabs[0].page.wait_for(&format!("heard.at(-1).build > {build}"));
    assert_eq!(tabs[0].page.eval::<String>("location.pathname"), "/en/long/");
}

#[test]
fn nobody_goes_anywhere_unasked() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tab = Tab::open(&preview, "en/");
    let build = tab.build();
    book.change("content/en/long.md", "Last words.", "The very last words.");
    tab.page.wait_for(&format!("heard.at(-1).build > {build}"));
    assert_eq!(tab.event().get("go"), None);
    tab.was_not_loaded_again();
}

#[test]
fn a_taken_port_is_left_to_who_has_it() {
    let book = Book::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let port = taken.local_addr().expect("it is bound").port();
    let preview = Preview::start_with(book.folder(), &["--port", &port.to_string()]);
    let own = preview.address().port();
    assert!((port + 1..=port + 100).contains(&own), "{own} is not soon after {port}");
    assert_eq!(preview.get("en/").status, 200);
}

#[test]
fn the_site_lives_where_it_will_live() {
    let book = Book::new();
    let at_root = book.read("book.toml");
    book.write(
        "book.toml",
        &at_root.replace("[output.html]", "[output.html]\nsite-url = \"https://example.org/l2/\""),
    );
    let preview = Preview::start(book.folder(), "");
    assert!(preview.url("").ends_with("/l2/"));
    assert_eq!(super::client::get(preview.address(), "/").status, 302);
    let mut tab = Tab::open(&preview, "zh/long/");
    tab.settle();
    book.change("content/zh/long.md", "最后的话。", "又说一遍。");
    tab.shows("又说一遍。");
    tab.is_settled();
}
