//! What a cache keeps over runs, losses and damage.

use std::fs;

use super::*;

fn cache(book: &Path) -> Cache {
    Cache::open(book, Digest(1))
}

fn key(n: usize) -> Digest {
    Digest::of_value(&n)
}

/// A result of some length, different for each number.
fn result(n: usize) -> Vec<u8> {
    (0..n * 7 % 300).map(|at| (at * 31 + n) as u8).collect()
}

/// A book in whose cache results 0..`count` are.
fn filled(count: usize) -> tempfile::TempDir {
    let book = tempfile::tempdir().expect("a folder can be made");
    let first = cache(book.path());
    (0..count).for_each(|n| first.put(key(n), &result(n)));
    first.save().expect("it can be written");
    book
}

fn files(book: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(book.join(".bilayer/cache")).expect("it is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn what_one_run_keeps_the_next_one_finds() {
    let book = filled(50);
    let second = cache(book.path());
    for n in 0..50 {
        assert_eq!(second.get(key(n)), Some(result(n)), "{n}");
    }
    assert_eq!(second.get(key(50)), None);
    second.put(key(3), b"newer");
    assert_eq!(second.get(key(3)).as_deref(), Some(&b"newer"[..]));
}

#[test]
fn another_program_finds_nothing_and_nothing_stale_stays() {
    let book = filled(50);
    let other = Cache::open(book.path(), Digest(2));
    assert_eq!(other.get(key(1)), None);
    other.put(key(1), b"other");
    other.save().expect("it can be written");
    drop(other);
    assert_eq!(cache(book.path()).get(key(1)), None);
}

#[test]
fn a_damaged_byte_costs_a_result_at_most_and_is_never_believed() {
    let book = filled(20);
    for file in files(book.path()) {
        let whole = fs::read(&file).expect("it can be read");
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x40;
            fs::write(&file, &changed).expect("it can be written");
            let damaged = cache(book.path());
            for n in 0..20 {
                let found = damaged.get(key(n));
                assert!(found.is_none() || found == Some(result(n)), "{} at {at}", file.display());
            }
            // An index that cannot be read has cleared its parts away.
            drop(damaged);
            fs::write(&file, &whole).expect("it can be written");
            if !file.exists() || cache(book.path()).get(key(1)).is_none() {
                break;
            }
        }
    }
}

#[test]
fn only_one_run_writes_and_the_others_read() {
    let book = filled(5);
    let first = cache(book.path());
    let second = cache(book.path());
    second.put(key(9), b"nine");
    assert_eq!(second.get(key(9)), None);
    assert_eq!(second.get(key(2)), Some(result(2)));
    first.put(key(9), b"nine");
    first.save().expect("it can be written");
    assert_eq!(first.get(key(9)).as_deref(), Some(&b"nine"[..]));
}

#[test]
fn what_nobody_asks_for_is_forgotten_and_its_room_given_back() {
    let book = tempfile::tempdir().expect("a folder can be made");
    let big = vec![7; 1 << 20];
    let first = cache(book.path());
    (0..20).for_each(|n| first.put(key(n), &big));
    first.save().expect("it can be written");
    drop(first);
    for round in 0..10_usize {
        let run = cache(book.path());
        assert_eq!(run.get(key(1)).as_ref(), Some(&big));
        run.put(key(100 + round), b"new");
        run.save().expect("it can be written");
    }
    let size: u64 = files(book.path()).iter().map(|file| fs::metadata(file).expect("there").len()).sum();
    assert!(size < 7 << 20, "{size}");
    assert_eq!(cache(book.path()).get(key(2)), None);
}

#[test]
fn a_part_that_no_index_names_is_removed() {
    let book = filled(5);
    let folder = book.path().join(".bilayer/cache");
    fs::write(folder.join("00000077.part"), b"left by a run that was killed").expect("it can be written");
    fs::write(folder.join("notes.txt"), b"not ours").expect("it can be written");
    drop(cache(book.path()));
    assert!(!folder.join("00000077.part").exists() && folder.join("notes.txt").exists());
    assert!(remove(book.path()).expect("it can be removed"));
    assert_eq!(files(book.path()), [folder.join("notes.txt")]);
    assert!(!remove(&folder).expect("nothing is there"));
}

#[test]
fn a_folder_that_cannot_be_written_keeps_nothing() {
    let book = tempfile::tempdir().expect("a folder can be made");
    fs::write(book.path().join(".bilayer"), b"a file").expect("it can be written");
    let cache = cache(book.path());
    cache.put(key(1), b"one");
    assert_eq!(cache.get(key(1)), None);
    cache.save().expect("there is nothing to save");
}

#[test]
fn many_saves_of_one_run_age_nothing() {
    let book = filled(5);
    let run = cache(book.path());
    for round in 0..20_usize {
        run.put(key(100 + round), b"new");
        run.save().expect("it can be written");
    }
    drop(run);
    assert_eq!(cache(book.path()).get(key(2)), Some(result(2)));
}

#[test]
fn a_run_does_not_add_for_ever() {
    let book = filled(5);
    let run = cache(book.path());
    let large = vec![7; 1 << 20];
    for n in 0..80 {
        run.put(key(1000 + n), &large);
    }
    let kept = (0..80).filter(|n| run.get(key(1000 + n)).is_some()).count();
    assert!((30..=33).contains(&kept), "{kept} MB were added");
    assert_eq!(run.get(key(2)), Some(result(2)));
}
