//! What a build writes, leaves alone and removes.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::super::Site;
use super::{Desk, check, nobody, report, tree};
use crate::output::Sink;

#[test]
fn a_first_build_writes_all() {
    check(
        "",
        nobody,
        "index.html=hi a/b/c.html=c 目录/页=字",
        "3 written, 0 unchanged, 0 removed",
        "a/b/c.html=c index.html=hi 目录/页=字",
    );
}

#[test]
fn a_later_build_writes_what_changed_and_removes_what_is_gone() {
    check("a=1 b=2 c/d/e=3", nobody, "a=1 b=4 f/g=5", "2 written, 1 unchanged, 1 removed", "a=1 b=4 f/g=5");
}

#[test]
fn an_unchanged_file_is_not_touched() {
    let desk = Desk::with("a=1 b/c=2");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in ["a", "b/c"] {
        let file = File::options().write(true).open(desk.out.join(path)).expect("a file");
        file.set_modified(long_ago).expect("the time is set");
    }
    assert_eq!(desk.build("a=1 b/c=2"), "0 written, 2 unchanged, 0 removed");
    assert_eq!(desk.build("a=1 b/c=2 d=3"), "1 written, 2 unchanged, 0 removed");
    for path in ["a", "b/c"] {
        let found = fs::metadata(desk.out.join(path)).expect("a file");
        assert_eq!(found.modified().expect("a time"), long_ago);
    }
}

#[test]
fn a_file_that_went_missing_or_was_cut_is_written_again() {
    let spoil = |desk: &Desk| {
        fs::remove_file(desk.out.join("a")).expect("it was there");
        fs::remove_dir_all(desk.out.join("d")).expect("it was there");
        desk.author("b", "");
    };
    check(
        "a=1 b=2 c=3 d/e=4",
        spoil,
        "a=1 b=2 c=3 d/e=4",
        "3 written, 1 unchanged, 0 removed",
        "a=1 b=2 c=3 d/e=4",
    );
}

#[test]
fn files_of_the_author_stay_and_keep_their_folder() {
    let stray = |desk: &Desk| desk.author("old/notes.txt", "mine");
    check(
        "old/page=1 old/deep/page=2",
        stray,
        "new=1",
        "1 written, 0 unchanged, 2 removed",
        "new=1 old/notes.txt=mine",
    );
}

#[test]
fn a_page_may_become_a_folder_and_a_folder_a_page() {
    check("a=1 b/c=2 b/d/e=3", nobody, "a/x/y=1 b=2", "2 written, 0 unchanged, 3 removed", "a/x/y=1 b=2");
}

#[test]
fn nothing_shows_before_the_commit_nor_after_a_discard() {
    let desk = Desk::with("a=1");
    let site = desk.stage("a=2 b=3");
    assert_eq!(desk.site(), "a=1");
    site.discard();
    assert_eq!((desk.site(), desk.records()), ("a=1".into(), "lock manifest".into()));
}

#[test]
fn folders_that_come_or_go_while_a_build_is_running_do_no_harm() {
    let desk = Desk::with("a/b=1 a/c=1");
    let site = desk.stage("a/b=2 a/c=1 a/new/x=3 n/x=4");
    desk.author("n/mine", "m");
    fs::remove_dir_all(desk.out.join("a")).expect("it was there");
    assert_eq!(report(site), "3 written, 1 unchanged, 0 removed");
    assert_eq!(desk.site(), "a/b=2 a/new/x=3 n/mine=m n/x=4");
    assert_eq!(desk.build("a/b=2 a/c=1 a/new/x=3 n/x=4"), "1 written, 3 unchanged, 0 removed");
}

#[test]
fn copies_are_like_other_files() {
    let desk = Desk::new();
    let source = desk.home.path().join("x.png");
    let build = |content: &str| {
        fs::write(&source, content).expect("a source");
        let site = desk.stage("a=1");
        // Two pages may show one image.
        site.copy("img/x.png", &source);
        site.copy("img/x.png", &source);
        report(site)
    };
    assert_eq!(build("one"), "2 written, 0 unchanged, 0 removed");
    assert_eq!(build("one"), "0 written, 2 unchanged, 0 removed");
    assert_eq!(build("two"), "1 written, 1 unchanged, 0 removed");
    assert_eq!(build("longer"), "1 written, 1 unchanged, 0 removed");
    assert_eq!(desk.site(), "a=1 img/x.png=longer");
}

#[test]
fn threads_give_the_same_site_and_the_same_record() {
    let files: Vec<_> =
        (0..400).map(|n| (format!("s{}/p{n}/index.html", n % 7), format!("page {n}"))).collect();
    let one = Desk::new();
    let site = Site::open(&one.out).expect("it opens");
    files.iter().for_each(|(path, content)| site.put(path, content.as_bytes()));
    assert_eq!(report(site), "400 written, 0 unchanged, 0 removed");

    let two = Desk::new();
    let site = Site::open(&two.out).expect("it opens");
    files.par_iter().rev().for_each(|(path, content)| site.put(path, content.as_bytes()));
    assert_eq!(report(site), "400 written, 0 unchanged, 0 removed");
    assert_eq!(tree(&one.out), tree(&two.out));
}
