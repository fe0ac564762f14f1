//! Alt and a click on a text: the author's editor opens at the line where it was written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::book::Book;
use super::command::Preview;
use super::tab::Tab;
use crate::run::wait;

/// An editor that writes what it is told to a file; the file's path comes first.
const EDITOR: &str =
    "#!/bin/sh\nfile=\"$1\"; shift\necho \"$*\" > \"$file.new\" && mv \"$file.new\" \"$file\"\n";

/// The editor, as a program, and where it notes what it was told.
struct Editor {
    folder: tempfile::TempDir,
}

impl Editor {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let program = folder.path().join("editor");
        fs::write(&program, EDITOR).expect("the program can be written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
        Self { folder }
    }

    fn note(&self) -> PathBuf {
        self.folder.path().join("note")
    }

    /// What the preview is started with.
    fn command(&self) -> String {
        format!("{} {}", self.folder.path().join("editor").display(), self.note().display())
    }

    /// What it was told, once.
    #[track_caller]
    fn told(&self) -> String {
        let told = wait("the editor", || fs::read_to_string(self.note()).map_err(|error| error.to_string()));
        fs::remove_file(self.note()).expect("the note is there");
        told.trim_end().to_owned()
    }
}

/// Alt and a click on the middle of the first element that a script finds.
#[track_caller]
fn alt_click(tab: &mut Tab, element: &str) {
    let place: (f64, f64) = tab.page.eval(&format!(
        "(() => {{
          const element = {element};
          element.scrollIntoView({{ block: 'center', behavior: 'instant' }});
          const [box] = element.getClientRects();
          return [box.x + Math.min(box.width / 2, 30), box.y + box.height / 2];
        }})()"
    ));
    for (kind, count) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 1)] {
        let button = if count == 0 { "none" } else { "left" };
        let event = json!({
            "type": kind, "x": place.0, "y": place.1, "button": button, "clickCount": count, "modifiers": 1,
        });
        tab.page.command("Input.dispatchMouseEvent", event);
    }
}

fn line_of(book: &Book, file: &str, text: &str) -> usize {
    let text_of_file = book.read(file);
    let line = text_of_file.lines().position(|line| line.contains(text));
    line.expect("the text is there") + 1
}

fn real(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn a_click_opens_the_line() {
    let book = Book::new();
    let editor = Editor::new();
    let command = editor.command();
    // The flag takes the words of a command as one.
    let preview = Preview::start_with(book.folder(), &["--port", "0", "--editor", &command]);
    for (lang, texts) in [
        (
            "en",
            [
                "title:",
                "Third paragraph",
                "- two",
                "In the fold.",
                "## Numbers",
                "Before the example.",
                "number 17 ",
            ],
        ),
        ("zh", ["title:", "第三段", "- 二", "折叠之中。", "## 数字", "例子之前。", "第17段"]),
    ] {
        let mut tab = Tab::open(&preview, &format!("{lang}/long/"));
        tab.page.eval::<()>("void (document.querySelector('#fold').open = true)");
        let file = format!("content/{lang}/long.md");
        let elements = [
            "document.querySelector('main h1')",
            "document.querySelectorAll('.prose > p')[2]",
            "document.querySelectorAll('.prose li')[1]",
            "document.querySelector('#fold p')",
            "document.querySelector('.prose h2')",
            "document.querySelector('.prose h2 + p')",
            "[...document.querySelectorAll('.prose > p')].find((p) => p.textContent.includes('17'))",
        ];
        for (element, text) in elements.iter().zip(texts) {
            alt_click(&mut tab, element);
            let line = line_of(&book, &file, text);
            assert_eq!(editor.told(), format!("+{line} {}", real(&book.path(&file))), "{lang}: {text}");
            let toast = format!(
                "document.querySelector('bilayer-preview').shadowRoot.querySelector('.toast').textContent === '{file}:{line}'"
            );
            tab.page.wait_for(&toast);
        }
        alt_click(&mut tab, "document.querySelector('.example figcaption')");
        assert_eq!(editor.told(), format!("+1 {}", real(&book.path("content/examples/fee.yaml"))));
        // A link does not lead away, and a click without Alt opens nothing.
        alt_click(&mut tab, "document.querySelector('.prose a[href*=beside]')");
        editor.told();
        tab.was_not_loaded_again();
        tab.page.click(".prose > p");
        assert!(!editor.note().exists());
        tab.is_quiet();
    }
}

#[test]
fn a_click_on_the_place_of_a_problem_opens_it() {
    let book = Book::new();
    let editor = Editor::new();
    let command = editor.command();
    let preview = Preview::start_with(book.folder(), &["--port", "0", "--editor", &command]);
    let mut tab = Tab::open(&preview, "zh/long/");
    book.change("content/zh/long.md", "(beside.md)", "(nowhere.md)");
    wait("the sheet", || if tab.overlay().is_open { Ok(()) } else { Err(String::new()) });
    tab.page.eval::<()>(
        "void document.querySelector('bilayer-preview').shadowRoot.querySelector('.place').click()",
    );
    assert_eq!(editor.told(), format!("+9 {}", real(&book.path("content/zh/long.md"))));
}

#[test]
fn without_an_editor_the_author_is_told_so() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tab = Tab::open(&preview, "en/long/");
    alt_click(&mut tab, "document.querySelector('.prose > p')");
    tab.page.wait_for("document.querySelector('bilayer-preview').shadowRoot.querySelector('.toast').textContent.includes('--editor')");
    tab.was_not_loaded_again();
}
