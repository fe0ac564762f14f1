//! Mistakes on pages that nobody has open, which only show when the page is rendered: the terminal tells of them, and
//! when they are over. Pages that are open tell of them too.

use super::book::Book;
use super::command::Preview;
use super::tab::Tab;
use crate::run::wait;

/// Waits until so much more than `before` has been said that all of `wanted` is in it.
#[track_caller]
fn hear(preview: &Preview, before: &str, wanted: &str) {
    wait(wanted, || {
        let said = preview.said();
        if said[before.len()..].contains(wanted) { Ok(()) } else { Err(said) }
    });
}

#[test]
fn a_text_that_is_as_it_was_is_no_mistake_any_more() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    hear(&preview, "", "no mistakes");
    let before = preview.said();
    book.change("content/en/index.md", "The start.", "The start. $\\nosuch$");
    hear(&preview, &before, "error[math-invalid]");
    hear(&preview, &before, "1 error, 0 warnings");
    let before = preview.said();
    book.change("content/en/index.md", "The start. $\\nosuch$", "The start.");
    hear(&preview, &before, "no mistakes");
}

#[test]
fn an_example_that_is_gone_is_missed_where_it_was_shown() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    hear(&preview, "", "no mistakes");
    let before = preview.said();
    let example = book.read("content/examples/fee.yaml");
    book.remove("content/examples/fee.yaml");
    hear(&preview, &before, "error[example-unknown]");
    hear(&preview, &before, "content/zh/long.md");
    let before = preview.said();
    book.write("content/examples/fee.yaml", &example);
    hear(&preview, &before, "no mistakes");
}

#[test]
fn an_open_page_goes_on_telling_of_another_one_that_is_edited_and_not_mended() {
    let book = Book::new();
    book.change("content/en/beside.md", "A page beside", "$\\nosuch$ A page beside");
    let preview = Preview::start(book.folder(), "");
    let mut tab = Tab::open(&preview, "en/");
    tab.page.wait_for("heard.at(-1).problems.length === 1");
    for round in 0..5 {
        let build = tab.build();
        book.write(
            "content/en/beside.md",
            &format!("{}\n\nWord {round}.\n", book.read("content/en/beside.md")),
        );
        tab.page.wait_for(&format!("heard.at(-1).build > {build} && heard.at(-1).problems.length === 1"));
    }
}

#[test]
fn a_language_that_comes_while_a_template_is_broken_is_waited_with() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    hear(&preview, "", "no mistakes");
    let before = preview.said();
    book.write("templates/page.html", "{% if %}");
    hear(&preview, &before, "error[template-invalid]");
    let before = preview.said();
    let config = book.read("book.toml");
    book.write("book.toml", &format!("{config}\n[languages.ja]\nname = \"日本語\"\n"));
    hear(&preview, &before, "error[template-invalid]");
    book.remove("templates/page.html");
    wait("the Japanese home page", || {
        let status = preview.get("ja/").status;
        if status == 200 { Ok(()) } else { Err(status.to_string()) }
    });
}
