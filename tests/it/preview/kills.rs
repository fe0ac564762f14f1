//! Power cuts: the preview is killed in the middle of everything, again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::book::{Book, long};
use super::client;
use super::command::Preview;
use super::{law, ways};
use crate::random::Random;
use crate::run;

const KILLS: usize = 20;

/// The names right in a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Edits the long pages until it shall stop; gives what it has written last, by path.
fn edit(book: &Book, mut random: Random, stops: &AtomicBool) -> BTreeMap<String, Vec<u8>> {
    let mut written = BTreeMap::new();
    while !stops.load(Ordering::Relaxed) {
        let lang = *random.choose(&["en", "zh"]);
        let path = format!("content/{lang}/long.md");
        let text = long(lang, &format!("Edit {}.", random.below(1_000_000)));
        let way = *random.choose(&[ways::in_place as ways::Way, ways::rename_over, ways::vim]);
        way(&book.path(&path), &text);
        written.insert(path, text.into_bytes());
        thread::sleep(Duration::from_millis(1 + random.below(60) as u64));
    }
    written
}

/// Asks for pages until it shall stop, whether there is an answer or not.
fn ask(server: SocketAddr, stops: &AtomicBool) {
    while !stops.load(Ordering::Relaxed) {
        for target in ["/en/long/", "/zh/long/", "/zh/"] {
            let request = format!("GET {target} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");
            let _ = client::try_send(server, request.as_bytes());
        }
    }
}

#[test]
fn nothing_is_left_but_the_cache() {
    let book = Book::new();
    let mut wanted = names(book.folder());
    wanted.insert(".bilayer".to_owned());
    let mut files = run::tree(book.folder());
    let mut random = Random::new(11);
    for kill in 0..KILLS {
        let mut preview = Preview::start(book.folder(), "");
        assert_eq!(law::differences(&preview, &book), [""; 0], "after {kill} kills");
        let (stops, server) = (AtomicBool::new(false), preview.address());
        let moment = Duration::from_millis(random.below(400) as u64);
        thread::scope(|scope| {
            let editor = scope.spawn(|| edit(&book, Random::new(kill as u64), &stops));
            scope.spawn(|| ask(server, &stops));
            thread::sleep(moment);
            preview.kill();
            stops.store(true, Ordering::Relaxed);
            files.extend(editor.join().expect("the editor writes"));
        });
        assert_eq!(names(book.folder()), wanted);
        run::assert_same(&run::tree(book.folder()), &files, "the book's files");
    }
}
