//! A rendered text, kept for the next build.
//!
//! It is found under the digest of everything it was made from: the text, where each of its links leads, the words
//! of the theme, the examples it speaks of. A text with problems is not kept, for they are to be found again.

use bitcode::{Decode, Encode};

use super::links::{href, pixels};
use super::{Body, Place, Shared, render};
use crate::digest::Digest;
use crate::evaluate::gather;
use crate::lang::PerLang;
use crate::memo::Store;
use crate::render::example::Tally;
use crate::render::view::Entry;

/// Digests of what many texts are made from.
pub struct Keys {
    /// The theme's words, for each language.
    pub words: PerLang<Digest>,
    /// What figures of examples are made from besides the examples: templates, units, languages.
    pub figures: Digest,
}

#[derive(Encode, Decode)]
struct Kept {
    html: String,
    contents: Vec<(String, String, u8)>,
    is_live: bool,
    tied: u64,
}

/// Renders a document, or finds it rendered in `store`.
#[must_use]
pub fn recall(shared: Shared<'_>, place: &Place<'_>, store: &dyn Store) -> Body {
    // Where numbers are counted, their places are wanted too.
    if shared.counts_numbers {
        return render(shared, place);
    }
    let key = key(shared, place);
    if let Some(body) = store.get(key).and_then(|bytes| decode(&bytes)) {
        return body;
    }
    let body = render(shared, place);
    if body.diagnostics.is_empty() {
        store.put(key, &encode(&body));
    }
    body
}

/// The digest of everything that a rendered text depends on.
pub fn key(shared: Shared<'_>, place: &Place<'_>) -> Digest {
    let document = &shared.book.documents[place.document];
    let text = (shared.sources.file(document.file).digest, document.quotes, shared.book.config.raw_html);
    let links = place.links.iter().map(|link| &link.target);
    let links: Vec<_> = links.map(|target| (href(shared, place, target), pixels(shared, target))).collect();
    let languages = (place.lang, place.text, place.path, shared.style);
    let words = (shared.keys.words[place.lang], shared.keys.words[place.text]);
    let ids = &shared.book.heading_ids[place.document];
    let examples = (!document.examples.is_empty()).then(|| examples(shared, &document.examples));
    Digest::of_value(&("body", text, links, languages, words, ids, examples))
}

/// The digest of the examples of these ids.
fn examples(shared: Shared<'_>, ids: &[String]) -> Digest {
    let digest = |id: &String| match shared.examples.get(id) {
        Some(worked) => Ok(worked.digest),
        None => Err(shared.sources.find(&gather::file_of(id)).is_some()),
    };
    let digests: Vec<_> = ids.iter().map(digest).collect();
    Digest::of_value(&(shared.keys.figures, digests))
}

fn encode(body: &Body) -> Vec<u8> {
    let entry = |entry: &Entry| (entry.id.clone(), entry.title.clone(), entry.level);
    bitcode::encode(&Kept {
        html: body.html.clone(),
        contents: body.contents.iter().map(entry).collect(),
        is_live: body.is_live,
        tied: body.tally.tied as u64,
    })
}

fn decode(bytes: &[u8]) -> Option<Body> {
    let kept: Kept = bitcode::decode(bytes).ok()?;
    Some(Body {
        html: kept.html,
        contents: kept.contents.into_iter().map(|(id, title, level)| Entry { id, title, level }).collect(),
        is_live: kept.is_live,
        tally: Tally { tied: usize::try_from(kept.tied).ok()?, untied: Vec::new() },
        diagnostics: Vec::new(),
    })
}
