//! Ids of headings as a page by itself would give them: from their texts, as GitHub does.

use std::collections::{HashMap, HashSet};

use super::Heading;
use crate::lang::slug;

/// The ids a page has by itself: explicit ones first, then one from each text, none twice.
#[must_use]
pub fn own(headings: &[Heading]) -> Vec<String> {
    let from_text = headings.iter().map(|heading| slug(&heading.text)).collect();
    unique(headings, from_text)
}

/// Makes the proposed ids differ, by `-1`, `-2` and so on as GitHub does; ids the author wrote stay.
#[must_use]
pub fn unique(headings: &[Heading], proposed: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = headings.iter().filter_map(|heading| heading.id.clone()).collect();
    let mut numbers = HashMap::new();
    let mut ids = Vec::with_capacity(proposed.len());
    for (heading, proposed) in headings.iter().zip(proposed) {
        ids.push(match &heading.id {
            Some(id) => id.clone(),
            None if proposed.is_empty() => free(&mut taken, &mut numbers, "section".to_owned()),
            None => free(&mut taken, &mut numbers, proposed),
        });
    }
    ids
}

/// The first of `wanted`, `wanted-1`, `wanted-2` … that is not taken. `numbers` keeps how far the search for each
/// has come: a page may have very many headings of one text.
fn free(taken: &mut HashSet<String>, numbers: &mut HashMap<String, usize>, wanted: String) -> String {
    if taken.insert(wanted.clone()) {
        return wanted;
    }
    let number = numbers.entry(wanted.clone()).or_insert(0);
    loop {
        *number += 1;
        let id = format!("{wanted}-{number}");
        if taken.insert(id.clone()) {
            return id;
        }
    }
}
