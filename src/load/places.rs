//! Which paths in a book a path on disk stands for.
//!
//! Mostly one: its own below the book's folder. A folder that a link leads to is in the book under the link's name as
//! well, and one that is only reached by links has no other name. A watcher knows real paths, and they are turned
//! around here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::walk::Link;
use super::{is_hidden, is_top};

/// What a path on disk concerns.
pub(super) enum Concerns {
    /// These paths in the book.
    Paths(BTreeSet<String>),
    /// The book's folder itself, or one that it is in.
    Everything,
}

/// The paths in the book at `root` that `disk` stands for, and the links to what is at `disk` or was below it.
pub(super) fn concerned(root: &Path, links: &BTreeMap<String, Link>, disk: &Path) -> Concerns {
    let mut paths = BTreeSet::new();
    let real = real(disk);
    for disk in [Some(disk), real.as_deref()].into_iter().flatten() {
        if root.starts_with(disk) {
            return Concerns::Everything;
        }
        if let Ok(rest) = disk.strip_prefix(root) {
            paths.extend(spelled("", rest));
        }
        for (link, target) in links.iter().filter_map(|(link, target)| Some((link, target.as_ref()?))) {
            match disk.strip_prefix(target) {
                Ok(rest) => paths.extend(spelled(link, rest)),
                Err(_) if target.starts_with(disk) => paths.extend([link.clone()]),
                Err(_) => {}
            }
        }
    }
    Concerns::Paths(paths)
}

/// A path whose folders are real, as far as they are there; its last part stays as it is, be it a link or gone.
fn real(disk: &Path) -> Option<PathBuf> {
    let above = disk.ancestors().skip(1);
    let (above, real) = above.filter_map(|above| Some((above, above.canonicalize().ok()?))).next()?;
    let rest = disk.strip_prefix(above).ok()?;
    Some(real.join(rest))
}

/// The path in the book of `rest` in the folder `above`, cut short before a name that is not UTF-8. None if it is no
/// part of the book.
fn spelled(above: &str, rest: &Path) -> Option<String> {
    let mut path = above.to_owned();
    for part in rest.components() {
        let Component::Normal(name) = part else { return None };
        if is_hidden(&name.to_string_lossy()) {
            return None;
        }
        let Some(name) = name.to_str() else { break };
        if path.is_empty() && !is_top(name) {
            return None;
        }
        path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    }
    (!path.is_empty()).then_some(path)
}

/// The folders that a path in the book is in, the outermost first.
pub(super) fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// What `map` has of `path` and of everything below it, in order.
pub(super) fn at_and_below<'a, T>(
    map: &'a BTreeMap<String, T>,
    path: &str,
) -> impl Iterator<Item = (&'a String, &'a T)> {
    // In the order of bytes, `0` comes after `/`.
    let below = map.range(format!("{path}/")..format!("{path}0"));
    map.get_key_value(path).into_iter().chain(below)
}
