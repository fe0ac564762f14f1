//! What a build refuses to do, and that it then changes nothing.

use std::fs;
use std::path::Path;

use super::super::{Site, clean};
use super::{Desk, REFUSED, check, report, tree};
use crate::output::Sink;

#[test]
fn other_content_of_the_author_is_not_overwritten() {
    let stray = |desk: &Desk| desk.author("b", "mine");
    check(
        "a=1",
        stray,
        "a=2 b=ours",
        &format!("{REFUSED}  b: a file with other content\nmove them"),
        "a=1 b=mine",
    );
}

#[test]
fn the_same_content_of_the_author_is_adopted() {
    let stray = |desk: &Desk| desk.author("b/c", "same");
    check("a=1", stray, "a=1 b/c=same", "0 written, 2 unchanged, 0 removed", "a=1 b/c=same");
    let desk = Desk::with("a=1");
    stray(&desk);
    desk.build("a=1 b/c=same");
    assert_eq!(desk.build("a=1"), "0 written, 1 unchanged, 1 removed");
}

#[test]
fn five_files_in_the_way_are_named_and_the_rest_counted() {
    let stray = |desk: &Desk| (1..=7).for_each(|n| desk.author(&format!("f{n}"), "mine"));
    let named: String = (1..=5).map(|n| format!("  f{n}: a file with other content\n")).collect();
    let said = format!("{REFUSED}{named}  and 2 more\nmove them elsewhere, or choose another output folder");
    let left = "f1=mine f2=mine f3=mine f4=mine f5=mine f6=mine f7=mine";
    let desk = Desk::new();
    stray(&desk);
    let report = desk.build("f1=1 f2=2 f3=3 f4=4 f5=5 f6=6 f7=7");
    assert_eq!(report.replace(&desk.out.display().to_string(), "OUT"), said);
    assert_eq!(desk.site(), left);
}

#[test]
fn folders_and_files_of_the_author_in_the_way_are_refused() {
    let folder = |desk: &Desk| desk.author("b/mine", "x");
    check("a=1", folder, "b=2", &format!("{REFUSED}  b: not a file"), "a=1 b/mine=x");
    let file = |desk: &Desk| desk.author("b", "x");
    check(
        "a=1",
        file,
        "b/c=2 b/d=3",
        &format!("{REFUSED}  b: not a folder, as the book needs\nmove"),
        "a=1 b=x",
    );
    let mixed = |desk: &Desk| desk.author("b/mine", "x");
    check("b/ours=1", mixed, "b=2", &format!("{REFUSED}  b: not a file"), "b/mine=x b/ours=1");
}

#[cfg(unix)]
#[test]
fn links_in_the_site_are_neither_followed_nor_replaced() {
    use std::os::unix::fs::symlink;
    let swap = |desk: &Desk, path: &str| {
        let away = desk.home.path().join("away");
        fs::rename(desk.out.join(path), &away).expect("ours is moved away");
        symlink(away, desk.out.join(path)).expect("a link in its place");
    };
    let file = |desk: &Desk| swap(desk, "a");
    check("a=1 z=1", file, "a=1 z=1", &format!("{REFUSED}  a: not a file"), "a@ z=1");
    let folder = |desk: &Desk| swap(desk, "b");
    check("b/c=1 z=1", folder, "b/c=1 z=1", &format!("{REFUSED}  b: not a folder"), "b@ z=1");

    let desk = Desk::with("b/c=1 d=1 z=1");
    swap(&desk, "b");
    assert_eq!(desk.build("d=1 z=1"), "0 written, 2 unchanged, 0 removed");
    assert_eq!(desk.site(), "b@ d=1 z=1");
    assert_eq!(tree(&desk.home.path().join("away")), ["c=1"]);
}

#[cfg(unix)]
#[test]
fn the_output_folder_may_be_a_link_but_our_records_may_not() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let real = desk.home.path().join("real");
    fs::create_dir(&real).expect("a folder");
    symlink(&real, &desk.out).expect("a link");
    assert_eq!(desk.build("a=1"), "1 written, 0 unchanged, 0 removed");
    assert_eq!(desk.build("a=2"), "1 written, 0 unchanged, 0 removed");

    fs::rename(desk.record("manifest"), real.join("elsewhere")).expect("the manifest is there");
    symlink(real.join("elsewhere"), desk.record("manifest")).expect("a link");
    let error = Site::open(&desk.out).expect_err("a record is a link");
    assert!(error.to_string().contains("manifest is not what bilayer made there"), "{error}");
}

#[test]
fn a_file_that_comes_in_the_way_while_a_build_is_running_is_refused() {
    let desk = Desk::with("a=1");
    let site = desk.stage("a=2 n/x=4");
    desk.author("n/x", "mine");
    assert!(report(site).contains("  n/x: a file with other content\n"));
    assert_eq!(desk.site(), "a=1 n/x=mine");
}

#[test]
fn one_file_that_fails_fails_the_build() {
    let desk = Desk::with("a=1");
    let site = desk.stage("a=2");
    site.copy("img/x.png", Path::new("/no/such/file"));
    let report = report(site);
    assert!(report.starts_with("cannot copy /no/such/file to img/x.png: "), "{report}");
    assert_eq!((desk.site(), desk.records()), ("a=1".into(), "lock manifest".into()));
}

#[test]
fn paths_that_lead_out_of_the_site_are_refused() {
    for path in ["/abs", "../up", "a/../../up", "a//b", "", "a\\b", "a\0b", ".bilayer/lock"] {
        let desk = Desk::with("a=1");
        let site = desk.stage("a=2");
        site.put(path, b"x");
        let report = report(site);
        assert!(report.contains("cannot be the name of a file in the site"), "{path:?}: {report}");
        assert_eq!(desk.site(), "a=1");
    }
}

#[test]
fn one_path_takes_one_file() {
    let say = |files: &str| report(Desk::new().stage(files));
    assert_eq!(say("a=1 a=2"), "cannot write a: two different files want this place in the site");
    assert_eq!(say("a=1 a=1"), "1 written, 0 unchanged, 0 removed");
    assert_eq!(say("a=1 a/b/c=1"), "a cannot be both a file of the site and the folder of a/b/c");
    assert_eq!(say("a/b/c=1 a=1"), "a cannot be both a file of the site and the folder of a/b/c");
}

#[test]
fn a_second_build_waits_outside() {
    let desk = Desk::new();
    let site = desk.stage("a=1");
    let error = Site::open(&desk.out).expect_err("the folder is locked");
    assert!(error.to_string().starts_with("another build is writing into "), "{error}");
    assert!(clean(&desk.out).is_err());
    assert_eq!(report(site), "1 written, 0 unchanged, 0 removed");
    assert_eq!(desk.build("a=1"), "0 written, 1 unchanged, 0 removed");
}

#[test]
fn an_output_folder_that_is_a_file_is_refused() {
    let desk = Desk::new();
    fs::write(&desk.out, "x").expect("a file");
    let error = Site::open(&desk.out).expect_err("it is a file");
    assert!(error.to_string().ends_with("is a file; move it, or choose another output folder"), "{error}");
}
