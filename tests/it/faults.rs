//! Builds that are cut off, run beside each other, or run with more threads, all come to the same site.

use std::path::Path;

use crate::run::{assert_same, bilayer, tree};

/// Runs a build that must succeed.
fn build(folder: &Path, arguments: &str) {
    let run = bilayer(folder, &format!("build {arguments}"));
    assert_eq!(run.status, 0, "{arguments}: {}", run.stderr);
}

#[test]
fn threads_and_repetition_do_not_change_a_byte() {
    let course = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let site = |name: &str| folder.path().join(name);
    let book = course.display();
    build(folder.path(), &format!("{book} -d one --jobs 1"));
    build(folder.path(), &format!("{book} -d two --jobs 2"));
    let one = tree(&site("one"));
    assert!(one.len() > 100, "{}", one.len());
    assert_same(&tree(&site("two")), &one, "two threads");
    build(folder.path(), &format!("{book} -d one --jobs 2"));
    assert_same(&tree(&site("one")), &one, "a second build");
    build(folder.path(), &format!("{book} -d three"));
    assert_same(&tree(&site("three")), &one, "a third build elsewhere");
}

#[cfg(unix)]
mod killed {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;
    use std::process::{Child, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::build;
    use crate::random::Random;
    use crate::run::{assert_same, command, finish, tree};

    /// How many pages each version of the book has that the other has too.
    const PAGES: usize = 300;
    /// How many builds are killed.
    const KILLS: usize = 50;

    type Tree = BTreeMap<String, Vec<u8>>;

    /// Writes a version of the book: every page names it at its top and its end, some pages are in this one only,
    /// and one path is a page here and a section there.
    fn write_book(folder: &Path, version: &str) {
        let put = |path: String, text: String| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        };
        let page = |title: &str| {
            let filler = "The text between is the same in all versions.\n\n".repeat(12);
            format!(
                "---\ntitle: {title}\n---\nVersion {version} begins.\n\n{filler}Version {version} ends.\n"
            )
        };
        let toml = "[book]\ntitle = \"Killed\"\n\n[languages.en]\n\n[output.html]\nsite-url = \"https://example.org/\"\n";
        put("book.toml".to_owned(), toml.to_owned());
        for at in 0..PAGES {
            put(format!("content/en/part-{}/page-{at}.md", at % 7), page(&format!("Page {at}")));
        }
        for part in 0..7 {
            put(format!("content/en/part-{part}/index.md"), page(&format!("Part {part}")));
        }
        for at in 0..20 {
            put(format!("content/en/only-{version}/page-{at}.md"), page(&format!("Only {at}")));
        }
        put(format!("content/en/only-{version}/index.md"), page("Only"));
        put("content/en/index.md".to_owned(), page("Home"));
        put("content/static/data.bin".to_owned(), version.repeat(100_000));
        // A file of the site in one version is a folder of it in the other.
        let turncoat =
            if version == "A" { "content/static/turncoat" } else { "content/static/turncoat/below" };
        put(turncoat.to_owned(), version.to_owned());
    }

    /// A temporary folder, in memory where the system has such: a hundred builds would mostly wait for the disk.
    fn memory() -> tempfile::TempDir {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        folder.expect("a temporary folder can be made")
    }

    fn start(folder: &Path, version: &str) -> Child {
        let mut command = command(folder, &format!("build {version} -d site"));
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command is built")
    }

    /// Two versions of a book, each built once into a folder of its own, and how long that took.
    fn versions(folder: &Path) -> ([Tree; 2], Duration) {
        let start = Instant::now();
        let trees = ["A", "B"].map(|version| {
            write_book(&folder.join(version), version);
            build(folder, &format!("{version} -d fresh-{version} --strict"));
            tree(&folder.join(format!("fresh-{version}")))
        });
        (trees, start.elapsed() / 2)
    }

    #[test]
    fn a_build_killed_at_any_moment_leaves_whole_files_and_is_made_good_by_the_next() {
        let folder = memory();
        let (wanted, _) = versions(folder.path());
        let site = folder.path().join("site");
        build(folder.path(), "A -d site");
        let begin = Instant::now();
        build(folder.path(), "B -d site");
        let whole = begin.elapsed();
        let mut random = Random::new(20_261_122);
        let mut killed = 0;
        for round in 0..KILLS {
            let current = round % 2;
            let mut child = start(folder.path(), ["A", "B"][current]);
            // Strata, so that the moments cover the whole build however few they are.
            let share = (round * 1000 + random.below(1000)) as f64 / (KILLS as f64 * 1000.0);
            thread::sleep(whole.mul_f64(share));
            child.kill().expect("a child can be killed");
            killed += usize::from(child.wait().expect("a child can be waited for").code().is_none());
            for (path, bytes) in tree(&site) {
                let whole = wanted.iter().any(|version| version.get(&path) == Some(&bytes));
                assert!(whole, "round {round}: {path} is torn or from nowhere");
            }
            build(folder.path(), &format!("{} -d site", ["A", "B"][current]));
            assert_same(&tree(&site), &wanted[current], &format!("after round {round}"));
        }
        assert!(killed > KILLS / 2, "only {killed} builds were killed before they ended");
    }

    #[test]
    fn two_builds_at_once_never_mix() {
        let folder = memory();
        let (wanted, duration) = versions(folder.path());
        let site = folder.path().join("site");
        let mut random = Random::new(7);
        for round in 0..6 {
            let delay = duration.mul_f64(random.below(100) as f64 / 200.0);
            let runs = thread::scope(|scope| {
                let runs = [("A", Duration::ZERO), ("B", delay)].map(|(version, delay)| {
                    let command = command(folder.path(), &format!("build {version} -d site"));
                    scope.spawn(move || {
                        thread::sleep(delay);
                        finish(command)
                    })
                });
                runs.map(|run| run.join().expect("the run is judged"))
            });
            let built: Vec<_> = (0..2).filter(|&at| runs[at].status == 0).collect();
            for run in runs.iter().filter(|run| run.status != 0) {
                assert!(run.stderr.contains("another build is writing into site"), "{}", run.stderr);
                assert_eq!(run.status, 2);
            }
            let found = tree(&site);
            assert!(built.iter().any(|&at| found == wanted[at]), "round {round}: {built:?} is mixed");
        }
    }
}
