//! Old versions that are kept to be written over: that they are, that nobody else's file is, and that they never count for anything.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::super::spare::REST;
use super::super::stage::Spot;
use super::super::{Site, clean, files_if_unchanged, install};
use super::killed::{FIRST, SECOND, kill_build_after};
use super::{Desk, report, tree};
use crate::digest::Digest;
use crate::output::Sink;

/// Puts something in the place of a spare.
type Replace = fn(&Desk, &Path);

/// These files and so many more that their site keeps spares; the others never change.
fn many(files: &str) -> String {
    (0..200).fold(files.to_owned(), |all, n| format!("{all} same/{n:03}=same"))
}

/// A desk where each of `versions` was built in turn, in a site that keeps spares.
fn built(versions: &[&str]) -> Desk {
    let desk = Desk::new();
    versions.iter().for_each(|files| drop(desk.build(&many(files))));
    desk
}

/// What the site holds, but for the files that never change.
fn site(desk: &Desk) -> String {
    let site = desk.site();
    let parts = site.split(' ').filter(|part| !part.starts_with("same/"));
    parts.collect::<Vec<_>>().join(" ")
}

/// What the spares hold.
fn spares(desk: &Desk) -> Vec<String> {
    let spares = tree(&desk.record("stage"));
    let mut spares: Vec<_> = spares
        .iter()
        .map(|part| part.split_once('=').map_or(part.as_str(), |(_, text)| text).to_owned())
        .collect();
    spares.sort();
    spares
}

/// Where the spare of a page lies.
fn spare(desk: &Desk, path: &str) -> PathBuf {
    desk.record("stage").join(Spot::Loose.name(path))
}

/// Which file of the disk a page is.
fn inode(desk: &Desk, path: &str) -> u64 {
    fs::metadata(desk.out.join(path)).expect("the page is there").ino()
}

#[test]
fn two_versions_in_turn_need_no_new_files() {
    let desk = built(&["a=old1 b/c=old2 d=stays", "a=new1 b/c=new2 d=stays"]);
    assert_eq!(
        (site(&desk), spares(&desk)),
        ("a=new1 b/c=new2 d=stays".into(), vec!["old1".into(), "old2".into()])
    );
    let files = [inode(&desk, "a"), inode(&desk, "b/c")];
    for round in 0..20 {
        let version = if round % 2 == 0 { "a=OLD1 b/c=OLD2 d=stays" } else { "a=NEW1 b/c=NEW2 d=stays" };
        assert_eq!(desk.build(&many(version)), "2 written, 201 unchanged, 0 removed");
        assert_eq!((site(&desk), spares(&desk).len()), (version.into(), 2));
        assert_eq!(files == [inode(&desk, "a"), inode(&desk, "b/c")], round % 2 == 1, "round {round}");
    }
    assert_eq!(desk.records().matches("stage/").count(), 2);
}

#[test]
fn who_has_a_page_open_reads_on_in_it() {
    let desk = built(&["a=old1", "a=new1"]);
    let mut reader = File::open(desk.out.join("a")).expect("the page is there");
    for version in ["a=OLD1", "a=NEW1", "a=OLD2"] {
        let said = report(desk.stage_at(SystemTime::now() + REST / 2, &many(version)));
        assert_eq!((said.as_str(), site(&desk)), ("1 written, 200 unchanged, 0 removed", version.into()));
    }
    let mut read = String::new();
    reader.read_to_string(&mut read).expect("it can be read");
    assert_eq!(read, "new1");
}

#[test]
fn a_shorter_version_is_cut_where_it_ends() {
    let desk = built(&["a=rather-long b=1 c=much-much-longer", "a=x b=1 c=much-much-longer"]);
    desk.build(&many("a=y b=1 c=much-much-longer"));
    assert_eq!(site(&desk), "a=y b=1 c=much-much-longer");
    let source = desk.home.path().join("source");
    fs::write(&source, "z").expect("a source");
    desk.build(&many("a=rather-long b=1 c=much-much-longer"));
    let copied = desk.stage(&many("b=1 c=much-much-longer"));
    copied.copy("a", &source);
    assert_eq!(report(copied), "1 written, 202 unchanged, 0 removed");
    assert_eq!(site(&desk), "a=z b=1 c=much-much-longer");
}

#[test]
fn nobody_elses_file_is_written_over() {
    let replaced: [(&str, Replace); 6] = [
        ("a link", |desk, spare| symlink(desk.home.path().join("victim"), spare).expect("a link")),
        ("a second name", |desk, spare| {
            fs::hard_link(desk.home.path().join("victim"), spare).expect("a name")
        }),
        ("a folder", |_, spare| fs::create_dir_all(spare.join("x")).expect("a folder")),
        ("a socket", |_, spare| drop(std::os::unix::net::UnixListener::bind(spare).expect("a socket"))),
        ("read only", |_, spare| {
            fs::write(spare, "x").expect("a file");
            fs::set_permissions(spare, fs::Permissions::from_mode(0o444)).expect("its rights are set");
        }),
        ("nothing", |_, _| {}),
    ];
    for (what, replace) in replaced {
        let desk = built(&["a=1", "a=2"]);
        fs::write(desk.home.path().join("victim"), "precious").expect("a file");
        let rights = fs::metadata(desk.out.join("a")).expect("the page is there").mode();
        let place = spare(&desk, "a");
        fs::remove_file(&place).expect("the spare is there");
        replace(&desk, &place);
        assert_eq!(desk.build(&many("a=3")), "1 written, 200 unchanged, 0 removed", "{what}");
        assert_eq!((site(&desk), spares(&desk)), ("a=3".into(), vec!["2".into()]), "{what}");
        assert_eq!(
            fs::read_to_string(desk.home.path().join("victim")).expect("it is there"),
            "precious",
            "{what}"
        );
        let page = fs::symlink_metadata(desk.out.join("a")).expect("the page is there");
        assert_eq!((page.mode(), page.nlink()), (rights, 1), "{what}");
    }
}

#[test]
fn a_page_with_a_second_name_keeps_its_content_there() {
    let desk = built(&["a=1"]);
    let kept = desk.home.path().join("kept");
    fs::hard_link(desk.out.join("a"), &kept).expect("a second name");
    for version in ["a=2", "a=3", "a=4"] {
        desk.build(&many(version));
        assert_eq!(
            (site(&desk), fs::read_to_string(&kept).expect("it is there")),
            (version.into(), "1".into())
        );
    }
}

#[test]
fn folders_of_spares_that_are_links_lead_nowhere() {
    for folder in ["stage/loose".to_owned(), format!("stage/{}", &Spot::Loose.name("a")[..8])] {
        let desk = built(&["a=1", "a=2"]);
        let away = desk.home.path().join("away");
        fs::rename(desk.record(&folder), &away).expect("it is there");
        symlink(&away, desk.record(&folder)).expect("a link");
        let before = tree(&away);
        assert_eq!(desk.build(&many("a=3")), "1 written, 200 unchanged, 0 removed");
        assert_eq!((site(&desk), tree(&away)), ("a=3".into(), before));
    }
}

#[test]
fn spares_of_pages_that_are_gone_go() {
    let desk = built(&["a=1 b=1", "a=2 b=2"]);
    let failing = desk.stage(&many("a=3 b=3 never=3"));
    failing.put("../up", b"x");
    assert!(report(failing).contains("cannot be the name"));
    assert_eq!((site(&desk), spares(&desk)), ("a=2 b=2".into(), vec!["3".into(); 3]));
    assert_eq!(desk.build(&many("a=4")), "1 written, 200 unchanged, 1 removed");
    assert_eq!((site(&desk), spares(&desk)), ("a=4".into(), vec!["2".into()]));
}

#[test]
fn spares_are_never_more_than_the_site() {
    let long = "x".repeat(5000);
    let desk = built(&[&format!("a={long} b=1"), "a=short b=1"]);
    assert_eq!(desk.records(), "boot lock manifest");
    desk.build(&many("a=other b=2"));
    assert_eq!(spares(&desk), ["1", "short"]);
}

#[test]
fn a_small_site_keeps_none() {
    let desk = built(&["a=1", "a=2"]);
    assert_eq!(spares(&desk), ["1"]);
    assert_eq!(desk.build("a=3 b=4"), "2 written, 0 unchanged, 200 removed");
    assert_eq!((desk.site(), desk.records()), ("a=3 b=4".into(), "boot lock manifest".into()));
    let desk = Desk::with("a=1");
    desk.build("a=2");
    assert_eq!(desk.records(), "lock manifest");
}

#[test]
fn clean_leaves_no_spare() {
    let desk = built(&["a=1", "a=2"]);
    assert_eq!(clean(&desk.out).expect("it cleans"), 201);
    assert!(tree(&desk.out).is_empty());
}

#[test]
fn a_build_killed_at_any_step_is_finished_whatever_the_spares_hold() {
    let kept = "chg=0 dir/a=1 keep=1 some/chg=0";
    for before in [&[FIRST][..], &[kept, FIRST], &[FIRST, SECOND, FIRST]] {
        let mut steps = 0;
        loop {
            let desk = built(before);
            let killed = kill_build_after(&desk, &many(SECOND), steps);
            // A build that fails in between must not spoil what waits.
            let failing = desk.stage(&many("chg=8 some/chg=9"));
            assert_eq!(site(&desk), SECOND, "killed after {steps} steps");
            failing.discard();
            assert_eq!(site(&desk), SECOND, "killed after {steps} steps");
            assert_eq!(desk.build(&many(SECOND)), "0 written, 209 unchanged, 0 removed");
            assert_eq!(desk.build(&many(FIRST)).split(',').next(), Some("8 written"));
            assert_eq!(site(&desk), FIRST, "killed after {steps} steps");
            if !killed {
                break;
            }
            steps += 1;
        }
        assert!(steps > 15, "only {steps} steps");
    }
}

#[test]
fn an_undone_build_leaves_nothing_but_spares() {
    let desk = built(&["a=1 b/c=1", "a=2 b/c=2"]);
    let mut site_of_killed = desk.stage(&many("a=3 b/c=3 new/d=3"));
    site_of_killed.decided = true;
    drop(site_of_killed);
    assert!(desk.record("stage/tree/new/d").exists());
    fs::write(spare(&desk, "a"), "half").expect("a spare that was being written");
    drop(Site::open(&desk.out).expect("it opens"));
    assert_eq!((site(&desk), spares(&desk)), ("a=2 b/c=2".into(), vec!["3".into(), "half".into()]));
    assert_eq!(desk.build(&many("a=4 b/c=2")), "1 written, 201 unchanged, 0 removed");
    assert_eq!(site(&desk), "a=4 b/c=2");
}

#[test]
fn where_files_cannot_be_exchanged_they_are_moved() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let [from, to] = ["from", "deep/to"].map(|name| folder.path().join(name));
    for _ in 0..2 {
        // The first time there is not even a folder, the second time the file of the first.
        fs::write(&from, "new").expect("a file");
        install::replace(&from, &to, |_, _| Err(std::io::ErrorKind::InvalidInput.into()))
            .expect("it is moved");
        assert_eq!(tree(folder.path()), ["deep/to=new"]);
    }
}

#[test]
fn what_another_run_of_the_machine_wrote_is_read_before_it_is_believed() {
    let desk = built(&["a=1 b=1", "a=2 b=2"]);
    let record = Digest::of(&fs::read(desk.record("manifest")).expect("the manifest"));
    assert_eq!(files_if_unchanged(&desk.out, record), Some(202));
    let boot = fs::read(desk.record("boot")).expect("the run was noted");
    let stop = || {
        fs::write(desk.record("boot"), "another").expect("it is noted");
        desk.author("a", "?");
    };
    stop();
    assert_eq!(files_if_unchanged(&desk.out, record), None);
    desk.stage("").discard();
    assert_eq!(desk.build(&many("a=2 b=2")), "1 written, 201 unchanged, 0 removed");
    assert_eq!((site(&desk), fs::read(desk.record("boot")).expect("it was noted")), ("a=2 b=2".into(), boot));

    stop();
    kill_build_after(&desk, &many("a=2 b=3"), 2);
    fs::write(desk.out.join("a"), "?").expect("it was lost again");
    drop(Site::open(&desk.out).expect("the build is finished"));
    assert_eq!(desk.build(&many("a=2 b=3")), "1 written, 201 unchanged, 0 removed");
    assert_eq!(site(&desk), "a=2 b=3");

    fs::write(desk.record("boot"), "another").expect("it is noted");
    assert_eq!(desk.build(&many("a=2 b=3")), "0 written, 202 unchanged, 0 removed");
    assert_eq!(
        files_if_unchanged(&desk.out, Digest::of(&fs::read(desk.record("manifest")).expect("the manifest"))),
        Some(202)
    );
}

#[test]
fn only_a_build_that_was_decided_makes_a_site_look_changed() {
    let desk = built(&["a=1", "a=2"]);
    let record = Digest::of(&fs::read(desk.record("manifest")).expect("the manifest"));
    let mut site_of_killed = desk.stage(&many("a=3"));
    site_of_killed.decided = true;
    drop(site_of_killed);
    assert_eq!(files_if_unchanged(&desk.out, record), Some(201));
    kill_build_after(&desk, &many("a=3"), 0);
    assert_eq!(files_if_unchanged(&desk.out, record), None);
}
