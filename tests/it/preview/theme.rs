//! Edits of what pages have around their text: titles in the menu, templates, styles, words; and of examples.

use super::book::Book;
use super::command::Preview;
use super::tab::Tab;

/// The page in both languages, open.
fn open(preview: &Preview, page: &str) -> [Tab; 2] {
    ["en", "zh"].map(|lang| Tab::open(preview, &format!("{lang}/{page}")))
}

/// Waits until a condition is true in both pages, neither of which was loaded again.
#[track_caller]
fn both(tabs: &mut [Tab; 2], condition: &str) {
    for tab in tabs {
        tab.page.wait_for(condition);
        tab.was_not_loaded_again();
        tab.is_quiet();
    }
}

#[test]
fn a_new_title_is_in_the_menus_of_other_pages() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tabs = open(&preview, "beside/");
    for (tab, path, from, to) in [
        (0, "content/en/long.md", "title: Long", "title: Longer & longer"),
        (1, "content/zh/long.md", "title: 长页", "title: 更长的页"),
    ] {
        book.change(path, from, to);
        let title = to.trim_start_matches("title: ");
        let menu = "[...document.querySelectorAll('.sidebar a')].map((a) => a.textContent)";
        tabs[tab].page.wait_for(&format!("{menu}.includes('{title}')"));
        tabs[tab].was_not_loaded_again();
        tabs[tab].is_quiet();
    }
    // What leads on from a page names it, too.
    both(&mut tabs, "/Longer & longer|更长的页/.test(document.querySelector('nav.turn').textContent)");
}

#[test]
fn a_template_comes_changes_and_goes() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tabs = open(&preview, "long/");
    tabs.iter_mut().for_each(Tab::settle);
    let template = |text: &str| {
        let block = format!("{{% block after %}}<p id=\"own\">{text}</p>{{% endblock after %}}\n");
        format!("{{% extends \"default/page.html\" %}}\n{block}")
    };
    for text in ["One 一", "Two 二"] {
        book.write("templates/page.html", &template(text));
        both(&mut tabs, &format!("document.querySelector('#own').textContent === '{text}'"));
    }
    book.remove("templates/page.html");
    both(&mut tabs, "!document.querySelector('#own') && document.querySelector('nav.turn')");
    tabs.iter_mut().for_each(Tab::is_settled);
}

#[test]
fn a_style_sheet_changes_what_is_seen() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tabs = open(&preview, "long/");
    tabs.iter_mut().for_each(Tab::settle);
    let colour = |number: usize| {
        format!("getComputedStyle(document.querySelector('h1')).color === 'rgb({number}, 2, 3)'")
    };
    both(&mut tabs, &colour(1));
    for (from, to) in [(1, 40), (40, 41)] {
        book.change("static/own.css", &format!("rgb({from},"), &format!("rgb({to},"));
        both(&mut tabs, &colour(to));
        both(&mut tabs, "document.querySelectorAll('link[href*=\"own.\"]').length === 1");
    }
    tabs.iter_mut().for_each(Tab::is_settled);
}

#[test]
fn words_of_the_theme_change_in_their_language() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tabs = open(&preview, "long/");
    tabs.iter_mut().for_each(Tab::settle);
    let word = |tab: &mut Tab, word: &str| {
        tab.page.wait_for(&format!("document.querySelector('.sidebar summary').textContent === '{word}'"));
    };
    book.write("strings/en.toml", "menu = \"Register\"\n");
    word(&mut tabs[0], "Register");
    let build = tabs[0].build();
    tabs[1].is_untouched_by(build);
    book.write("strings/zh.toml", "menu = \"总目\"\n");
    word(&mut tabs[1], "总目");
    book.remove("strings/en.toml");
    word(&mut tabs[0], "Contents");
    tabs.iter_mut().for_each(Tab::is_settled);
}

#[test]
fn an_example_gives_other_numbers() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tabs = open(&preview, "long/");
    both(&mut tabs, "document.querySelector('main p [data-v]').textContent.includes('2.2')");
    book.change("content/examples/fee.yaml", "tip: {value: 2 gwei", "tip: {value: 5 gwei");
    both(&mut tabs, "document.querySelector('main p [data-v]').textContent.includes('2.5')");
    // The figure still lives: it follows its inputs, and they follow the file.
    both(&mut tabs, "document.querySelectorAll('.example input[type=range]').length === 2");
    for tab in &mut tabs {
        tab.page.eval::<()>("void document.querySelectorAll('.example input[type=range]')[0].focus()");
        tab.page.key("ArrowRight");
        tab.page.wait_for("location.search.includes('fee.price')");
        tab.page.eval::<()>("void (window.price = new URLSearchParams(location.search).get('fee.price'))");
    }
    book.change("content/examples/fee.yaml", "tip: {value: 5 gwei", "tip: {value: 8 gwei");
    both(&mut tabs, "document.querySelectorAll('.example input:not([type])')[1].value === '8'");
    both(&mut tabs, "new URLSearchParams(location.search).get('fee.price') === window.price");
    both(&mut tabs, "document.activeElement.matches('.example input[type=range]')");
    // One input more makes the figure another.
    book.change(
        "content/examples/fee.yaml",
        "steps:",
        "  more: {value: 1 gwei, min: 0 gwei, max: 3 gwei, label: {en: More, zh: 其余}}\nsteps:",
    );
    both(&mut tabs, "document.querySelectorAll('.example input[type=range]').length === 3");
}

/// A picture of one colour.
fn picture(colour: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"><rect width=\"8\" height=\"8\" fill=\"{colour}\"/></svg>\n"
    )
}

#[test]
fn a_picture_is_drawn_anew() {
    let book = Book::new();
    book.write("content/en/dot.svg", &picture("red"));
    for (lang, text) in [("en", "![A dot](dot.svg)"), ("zh", "![一个点](../en/dot.svg)")] {
        book.write(&format!("content/{lang}/beside.md"), &format!("# Dot\n\n{text}\n"));
    }
    let preview = Preview::start(book.folder(), "");
    let mut tabs = open(&preview, "beside/");
    let is_drawn = |red: u8, blue: u8| {
        format!(
            "(() => {{
              const image = document.querySelector('main img'), canvas = document.createElement('canvas');
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const [red, , blue] = context.getImageData(2, 2, 1, 1).data;
              return image.complete && red === {red} && blue === {blue};
            }})()"
        )
    };
    both(&mut tabs, &is_drawn(255, 0));
    book.write("content/en/dot.svg", &picture("blue"));
    both(&mut tabs, &is_drawn(0, 255));
}
