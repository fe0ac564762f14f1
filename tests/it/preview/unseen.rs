//! Mistakes on pages that nobody has open, which only show when the page is rendered: the terminal tells of them, and
//! when they are over.

use super::book::Book;
use super::command::Preview;
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
