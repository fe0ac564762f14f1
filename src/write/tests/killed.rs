//! Builds that were killed, records that were damaged, and `clean`.

use std::fs;

use super::super::install::{self, Step};
use super::super::{Site, clean, manifest, spare, stage, state};
use super::{Desk, check, tree};

/// A site in which everything happens at the next build: pages change, go, come, become folders, and folders become pages.
pub(super) const FIRST: &str =
    "chg=1 dir/a=1 dir/deep/b=2 file=1 gone/deep/x=1 gone/y=1 keep=1 some/chg=1 some/gone=1";
pub(super) const SECOND: &str =
    "chg=2 dir=now file/index=1 file/more/x=2 keep=1 new/sub/x=1 new/y=2 some/chg=2 some/new=3";

/// Begins to build [`SECOND`] over [`FIRST`] with a stray file beside, and is killed after `steps` steps. False if that was all of them.
fn kill_after(desk: &Desk, steps: usize) -> bool {
    desk.author("gone/stray", "mine");
    kill_build_after(desk, SECOND, steps)
}

/// Begins to build `files`, and is killed after `steps` steps, of which clearing up is the last. False if that was all of them.
pub(super) fn kill_build_after(desk: &Desk, files: &str, steps: usize) -> bool {
    let mut site = desk.stage(files);
    let staged = site.stage.finish().expect("all is staged");
    let plan = install::plan(&desk.out, &staged.waiting, &site.before.manifest, &staged.manifest)
        .expect("nothing is in the way");
    site.state.write_journal(&manifest::to_text(&staged.manifest)).expect("the journal is written");
    site.decided = true;
    let all: Vec<_> = plan.steps.into_iter().chain([Step::Accept]).collect();
    for step in all.iter().take(steps) {
        install::take(step, &site.state).expect("the step is taken");
    }
    if steps > all.len() {
        spare::sweep(&site.state.stage, &staged.manifest).expect("it is swept");
    }
    steps <= all.len()
}

#[test]
fn a_decided_build_killed_at_any_step_is_finished() {
    let mut steps = 0;
    loop {
        let desk = Desk::with(FIRST);
        let killed = kill_after(&desk, steps);
        drop(Site::open(&desk.out).expect("the build is finished"));
        let files = SECOND.replace(" keep", " gone/stray=mine keep");
        assert_eq!(
            (desk.site(), desk.records()),
            (files, "lock manifest".into()),
            "killed after {steps} steps"
        );
        assert_eq!(desk.build(SECOND), "0 written, 9 unchanged, 0 removed");
        if !killed {
            break;
        }
        steps += 1;
    }
    assert!(steps > 15, "only {steps} steps");
}

#[test]
fn a_build_killed_while_finishing_a_killed_build_is_finished() {
    for steps in 0..20 {
        let desk = Desk::with(FIRST);
        kill_after(&desk, steps / 2);
        // The plan is made anew from what is there, and killed again.
        let state = state::State::at(&desk.out);
        let manifest::Record::Whole(after) = manifest::read(&state.journal).expect("it reads") else {
            continue;
        };
        let manifest::Record::Whole(before) = manifest::read(&state.manifest).expect("it reads") else {
            continue;
        };
        let waiting = stage::find(&state.stage, &after).expect("it reads");
        let plan = install::plan(&desk.out, &waiting, &before, &after).expect("nothing is in the way");
        for step in plan.steps.iter().take(steps / 2 + steps % 2) {
            install::take(step, &state).expect("the step is taken");
        }
        assert_eq!(desk.build(SECOND), "0 written, 9 unchanged, 0 removed", "killed at {steps}");
    }
}

#[test]
fn a_file_that_came_in_the_way_of_a_killed_build_is_kept() {
    let desk = Desk::with(FIRST);
    kill_after(&desk, 0);
    desk.author("new/y", "mine");
    let error = format!("{:#}", Site::open(&desk.out).expect_err("it cannot be finished"));
    assert!(error.starts_with("cannot finish a build that was interrupted: "), "{error}");
    assert!(error.contains("  new/y: a file with other content\n"), "{error}");
    fs::remove_file(desk.out.join("new/y")).expect("the author moves it");
    assert_eq!(desk.build(SECOND), "0 written, 9 unchanged, 0 removed");
}

#[test]
fn a_build_killed_before_it_was_decided_is_undone() {
    let desk = Desk::with(FIRST);
    let mut site = desk.stage(SECOND);
    site.decided = true;
    drop(site);
    assert_eq!(tree(&desk.record("stage")).len(), 8);
    drop(Site::open(&desk.out).expect("it opens"));
    assert_eq!((desk.site(), desk.records()), (FIRST.into(), "lock manifest".into()));
}

#[test]
fn a_torn_journal_is_not_believed_and_neither_are_old_hashes() {
    let desk = Desk::with("a=1 b=2 gone=3");
    fs::write(desk.record("commit"), "bilayer manifest 1\n0000").expect("half a journal");
    // Same length: only the hash could tell.
    desk.author("b", "?");
    desk.stage("").discard();
    assert_eq!(desk.build("a=1 b=2"), "2 written, 0 unchanged, 1 removed");
    assert_eq!((desk.site(), desk.records()), ("a=1 b=2".into(), "lock manifest".into()));
    assert_eq!(desk.build("a=1 b=2"), "0 written, 2 unchanged, 0 removed");
}

#[test]
fn a_damaged_manifest_makes_no_file_ours() {
    let spoil = |desk: &Desk| {
        let text = fs::read_to_string(desk.record("manifest")).expect("the manifest");
        fs::write(desk.record("manifest"), text.replace(" a\n", " x\n")).expect("it is changed");
    };
    let said = "nothing was written: the record of earlier builds is damaged, so bilayer cannot know its own files: OUT holds";
    check("a=1 b=2", spoil, "a=3", said, "a=1 b=2");
    check("a=1 b=2", spoil, "a=1 c=3", "1 written, 1 unchanged, 0 removed", "a=1 b=2 c=3");

    let desk = Desk::with("a=1");
    spoil(&desk);
    let error = clean(&desk.out).expect_err("it cannot know");
    assert!(error.to_string().contains("is damaged, so bilayer cannot know its own files"), "{error}");
    assert_eq!(desk.site(), "a=1");
}

#[test]
fn a_forged_manifest_removes_nothing_outside() {
    let desk = Desk::with("a=1");
    fs::write(desk.home.path().join("victim"), "x").expect("a file outside");
    let forged = [("../victim".to_owned(), manifest::Entry::of(b"x"))];
    fs::write(desk.record("manifest"), manifest::to_text(&forged.into())).expect("it is forged");
    assert_eq!(desk.build("b=1"), "1 written, 0 unchanged, 0 removed");
    assert!(desk.home.path().join("victim").exists());
}

#[test]
fn clean_removes_what_we_wrote_and_nothing_else() {
    let desk = Desk::with("a=1 b/c/d=2 e/f=3");
    desk.author("e/mine", "x");
    assert_eq!(clean(&desk.out).expect("it cleans"), 3);
    assert_eq!(tree(&desk.out), ["e/mine=x"]);
    assert_eq!(clean(&desk.out).expect("nothing to clean"), 0);
    assert_eq!(clean(&desk.home.path().join("nowhere")).expect("nothing to clean"), 0);
    assert_eq!(desk.build("a=1"), "1 written, 0 unchanged, 0 removed");
}

#[test]
fn clean_first_finishes_a_killed_build() {
    for steps in [0, 3, 9] {
        let desk = Desk::with(FIRST);
        kill_after(&desk, steps);
        assert_eq!(clean(&desk.out).expect("it cleans"), 9);
        assert_eq!(tree(&desk.out), ["gone/stray=mine"]);
    }
}
