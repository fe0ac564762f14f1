//! A page in each language is open, its reader in the middle of something, and the author saves.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::book::{Book, long};
use super::client::Fetcher;
use super::command::Preview;
use super::tab::Tab;
use super::ways::{self, Way};

/// The pages that are open, and asked for all the time.
const OPEN: [&str; 2] = ["/en/long/", "/zh/long/"];

/// A preview with the long page open in both languages.
struct Desk {
    book: Book,
    preview: Preview,
    tabs: [Tab; 2],
}

impl Desk {
    #[track_caller]
    fn over(book: Book) -> Self {
        let preview = Preview::start(book.folder(), "");
        let tabs = OPEN.map(|path| {
            let mut tab = Tab::open(&preview, &path[1..]);
            tab.settle();
            tab
        });
        Self { book, preview, tabs }
    }

    /// Runs while somebody asks for the pages all the time.
    #[track_caller]
    fn while_asked(&mut self, save: impl FnOnce(&mut Self)) {
        let fetcher = Fetcher::start(self.preview.address(), &OPEN);
        save(self);
        fetcher.stop();
    }

    /// Saves in one language, twice, then in the other, and looks at both pages each time. A way that leaves other
    /// files beside may tell the other page of them, but has nothing new for it.
    #[track_caller]
    fn check(mut self, way: Way, path: impl Fn(&Book, &str) -> std::path::PathBuf) {
        let saves = [("en", 0, "Words once more."), ("en", 0, "And once more."), ("zh", 1, "又说一遍。")];
        self.while_asked(|desk| {
            for (lang, tab, last) in saves {
                way(&path(&desk.book, lang), &long(lang, last));
                desk.tabs[tab].shows(last);
                desk.tabs[tab].is_settled();
                let build = desk.tabs[tab].build();
                if lang == "en" {
                    desk.tabs[1].is_untouched_by(build);
                } else {
                    desk.tabs[0].shows("And once more.");
                    desk.tabs[0].is_settled();
                }
            }
        });
    }
}

fn usual(book: &Book, lang: &str) -> std::path::PathBuf {
    book.path(&format!("content/{lang}/long.md"))
}

#[test]
fn in_place() {
    Desk::over(Book::new()).check(ways::in_place, usual);
}

#[test]
fn by_renaming_over() {
    Desk::over(Book::new()).check(ways::rename_over, usual);
}

#[test]
fn as_vim_does() {
    Desk::over(Book::new()).check(ways::vim, usual);
}

#[test]
fn with_a_backup_beside() {
    Desk::over(Book::new()).check(ways::with_backup, usual);
}

#[test]
fn emptied_first() {
    Desk::over(Book::new()).check(ways::truncate_then_write, usual);
}

#[test]
fn with_the_folder_anew() {
    Desk::over(Book::new()).check(ways::folder_anew, usual);
}

#[test]
fn behind_a_link() {
    let book = Book::new();
    fs::rename(book.path("content"), book.path("texts")).expect("the folder can be renamed");
    symlink("texts", book.path("content")).expect("a link can be made");
    Desk::over(book).check(ways::rename_over, |book, lang| book.path(&format!("texts/{lang}/long.md")));
}

/// Every page of a branch of so many pages in each language.
fn branch(book: &Book, pages: usize, last: &str) {
    for (lang, dir) in [("en", "Section"), ("zh", "一节")] {
        book.write(&format!("content/{lang}/many/index.md"), &format!("# {dir}\n"));
        for n in 0..pages {
            book.write(&format!("content/{lang}/many/p{n}.md"), &format!("# {dir} {n}\n\n{last}\n"));
        }
        book.write(&format!("content/{lang}/long.md"), &long(lang, last));
    }
}

#[test]
fn a_thousand_files_at_once() {
    let book = Book::new();
    branch(&book, 498, "One branch.");
    let mut desk = Desk::over(book);
    desk.while_asked(|desk| branch(&desk.book, 498, "Another branch."));
    for tab in &mut desk.tabs {
        tab.shows("Another branch.");
        tab.is_settled();
    }
    for page in ["en/many/p0/", "en/many/p497/", "zh/many/p250/"] {
        let text = desk.preview.get(page).text();
        assert!(text.contains("Another branch.") && !text.contains("One branch."), "{page}: {text}");
    }
}

fn touch(path: &Path) {
    let file = File::options().append(true).open(path).expect("the file can be opened");
    file.set_modified(std::time::SystemTime::now()).expect("the file is ours");
}

#[test]
fn touched_without_a_change() {
    let mut desk = Desk::over(Book::new());
    let before = desk.tabs[0].build();
    let start = Instant::now();
    // What is to come to nothing can only be waited for: longer than a change takes to be told.
    while start.elapsed() < Duration::from_millis(500) {
        touch(&desk.book.path("content/en/long.md"));
        ways::rename_over(&desk.book.path("content/zh/long.md"), &desk.book.read("content/zh/long.md"));
        thread::sleep(Duration::from_millis(40));
    }
    desk.book.change("content/en/beside.md", "A page", "The page");
    for tab in &mut desk.tabs {
        tab.is_untouched_by(before + 1);
        assert_eq!(tab.build(), before + 1, "to touch a file makes no edition");
    }
}

#[test]
fn above_what_is_read() {
    let mut desk = Desk::over(Book::new());
    for (lang, tab, second) in [("en", 0, "Second paragraph."), ("zh", 1, "第二段。")] {
        let seen =
            "[...document.querySelectorAll('main p')].find((p) => p.getBoundingClientRect().top > 200)";
        let page = &mut desk.tabs[tab].page;
        page.eval::<()>(&format!(
            "void (window.read = {seen}, window.top0 = read.getBoundingClientRect().top)"
        ));
        let more = format!("{second}\n\n{}", "New.\n\n".repeat(12));
        desk.book.change(&format!("content/{lang}/long.md"), second, &more);
        let tab = &mut desk.tabs[tab];
        tab.shows("New.");
        let moved: f64 = tab.page.eval("Math.abs(read.getBoundingClientRect().top - top0)");
        assert!(
            moved <= 1.0 && tab.page.eval::<bool>("read.isConnected"),
            "{lang}: what is read moved by {moved}"
        );
        tab.is_quiet();
    }
}
