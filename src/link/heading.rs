//! Ids of headings, the same in every language.
//!
//! A page in the source language makes its ids from its headings, as GitHub does. A translation takes
//! over the ids by position, so that `#exits` leads to the same place in both; an id that an author
//! wrote wins. Where the outlines differ, the headings before and after the difference still pair.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Book, Topic};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::slug;
use crate::parse::ids::unique;
use crate::parse::{Document, Heading};
use crate::source::Span;

/// Gives every heading of the book its id, and reports outlines that differ.
pub fn assign(book: &mut Book, diagnostics: &mut Vec<Diagnostic>) {
    let source = book.config.source;
    let mut ids: Vec<Arc<[String]>> =
        book.documents.iter().map(|document| Arc::clone(&document.heading_ids)).collect();
    for topic in &book.topics {
        let original = topic.cards[source].document.filter(|_| topic.cards[source].text == source);
        let Some(original) = original else { continue };
        for translation in translations(topic, original) {
            let (theirs, ours) = (&book.documents[original].headings, &book.documents[translation].headings);
            // Nearly all pages: the same outline, and no id of its own.
            if is_alike(theirs, ours) {
                ids[translation] = Arc::clone(&ids[original]);
                continue;
            }
            let pairs = align(theirs, ours);
            ids[translation] = inherit(&ids[original], &pairs, ours);
            if let Some(severity) = book.config.drift {
                let problem = difference(&book.documents[original], &book.documents[translation], &pairs);
                diagnostics.extend(problem.map(|problem| Diagnostic { severity, ..problem }));
            }
        }
    }
    book.heading_ids = ids;
}

/// Whether a translation has the levels of the original and no id of its own.
fn is_alike(original: &[Heading], translation: &[Heading]) -> bool {
    original.len() == translation.len()
        && original.iter().zip(translation).all(|(a, b)| a.level == b.level && b.id.is_none())
}

fn translations(topic: &Topic, original: usize) -> Vec<usize> {
    topic.cards.values().filter_map(|card| card.document).filter(|&document| document != original).collect()
}

/// The ids a translation takes over; a heading without a partner gets one from its text.
fn inherit(original: &[String], pairs: &[Option<usize>], headings: &[Heading]) -> Arc<[String]> {
    let proposed = pairs
        .iter()
        .zip(headings)
        .map(|(pair, heading)| pair.map_or_else(|| slug(&heading.text), |index| original[index].clone()))
        .collect();
    unique(headings, proposed).into()
}

/// For each heading of a translation, the position of its partner: by position from the front as long
/// as the levels agree, then the same from the back.
fn align(original: &[Heading], translation: &[Heading]) -> Vec<Option<usize>> {
    let agree = |(a, b): &(&Heading, &Heading)| a.level == b.level;
    let front = original.iter().zip(translation).take_while(agree).count();
    let same = front == original.len() && front == translation.len();
    let left = original.len().min(translation.len()) - front;
    let back = original.iter().rev().zip(translation.iter().rev()).take(left).take_while(agree).count();
    let partner = |at: usize| {
        if at < front {
            Some(at)
        } else if !same && translation.len() - at <= back {
            Some(original.len() - (translation.len() - at))
        } else {
            None
        }
    };
    (0..translation.len()).map(partner).collect()
}

/// What to say of two outlines that differ: the first heading on either side that has no partner.
fn difference(original: &Document, translation: &Document, pairs: &[Option<usize>]) -> Option<Diagnostic> {
    let (theirs, ours) = (&original.headings, &translation.headings);
    let alone = pairs.iter().position(Option::is_none);
    let paired: HashSet<usize> = pairs.iter().copied().flatten().collect();
    let missing = (0..theirs.len()).find(|at| !paired.contains(at));
    let (message, place, label) = match (alone, missing) {
        (None, None) => return None,
        (Some(alone), Some(missing)) => {
            let level = format!(
                "the outline differs from the original: level {} here, level {} there",
                ours[alone].level, theirs[missing].level
            );
            (level, ours[alone].span, "this heading has no partner in the original")
        }
        (Some(alone), None) => {
            (count(ours.len(), theirs.len()), ours[alone].span, "this heading has no partner in the original")
        }
        (None, Some(missing)) => {
            let before =
                missing.checked_sub(1).and_then(|at| pairs.iter().position(|pair| *pair == Some(at)));
            let place = before.map_or(Span::whole(translation.file), |at| ours[at].span);
            let label = if before.is_some() { "a heading is missing after this one" } else { "" };
            (count(ours.len(), theirs.len()), place, label)
        }
    };
    let diagnostic = Diagnostic::new(Code::TranslationOutline, place, message)
        .label(label)
        .help("give both pages the same headings with the same levels in the same order");
    Some(match missing {
        Some(at) => diagnostic.related(theirs[at].span, "this one of the original has no partner"),
        None => diagnostic,
    })
}

fn count(here: usize, there: usize) -> String {
    let plural = if here == 1 { "heading" } else { "headings" };
    format!("the outline differs from the original: {here} {plural} here, {there} there")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::ids::own;
    use crate::source::{File, Sources};

    /// Headings from a text such as `2 Why / 3 How {how} / 2 When`.
    fn headings(text: &str) -> Vec<Heading> {
        let sources = Sources::new(vec![File::text("a", "")]);
        let span = Span::whole(sources.find("a").expect("just added"));
        let heading = |line: &str| {
            let (level, text) = line.trim().split_once(' ').expect("level and text");
            let (text, id) = match text.split_once(" {") {
                Some((text, id)) => (text, Some(id.trim_end_matches('}').to_owned())),
                None => (text, None),
            };
            Heading { level: level.parse().expect("a digit"), text: text.to_owned(), id, span }
        };
        text.split('/').map(heading).collect()
    }

    fn inherited(original: &str, translation: &str) -> String {
        let (original, translation) = (headings(original), headings(translation));
        inherit(&own(&original), &align(&original, &translation), &translation).join(" ")
    }

    #[test]
    fn ids_come_from_the_text_and_never_twice() {
        assert_eq!(
            own(&headings("2 Why / 2 Why / 3 ！ / 2 How {why-1} / 2 Why")).join(" "),
            "why why-2 section why-1 why-3"
        );
    }

    #[test]
    fn a_translation_takes_over_the_ids_by_position() {
        assert_eq!(inherited("2 Why / 3 How / 2 When", "2 为什么 / 3 怎么做 / 2 何时"), "why how when");
        assert_eq!(inherited("2 Why / 3 How {how-to}", "2 为什么 / 3 怎么做 {steps}"), "why steps");
    }

    #[test]
    fn headings_around_a_difference_still_pair() {
        assert_eq!(inherited("2 Why / 3 How / 2 When / 2 Who", "2 为什么 / 2 何时 / 2 谁"), "why when who");
        assert_eq!(inherited("2 Why / 2 Who", "2 为什么 / 3 细节 / 2 谁"), "why 细节 who");
    }
}
