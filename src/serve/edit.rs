//! Where in the book a block of a page was written: for a click that opens the editor there.

use std::ops::Range;

use serde::Deserialize;

use super::show::Show;
use crate::evaluate::gather;
use crate::link::route;
use crate::parse::blocks::{self, Block};
use crate::render::item::Item;

/// What a page asks for: a place of a problem, a worked example, or a block of its text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Request {
    /// A place that the page was told of.
    Place { file: String, line: usize, column: usize },
    /// The file of an example.
    Example { example: String },
    /// The `nth` element of this name, from 0, behind the heading with the id `under`; without a name the front matter.
    Block { path: String, tag: String, nth: usize, under: String },
}

/// A place in a file of the book, lines and columns from 1.
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The place that a request means.
///
/// # Errors
/// Why there is none, in a sentence.
pub(super) fn find(show: &Show<'_, '_>, request: &str) -> Result<Place, String> {
    let request = serde_json::from_str(request).map_err(|_| "this request cannot be read".to_owned())?;
    match request {
        Request::Place { file, line, column } => known(show, Place { file, line, column }),
        Request::Example { example } => {
            known(show, Place { file: gather::file_of(&example), line: 1, column: 1 })
        }
        Request::Block { path, tag, nth, under } => block(show, &path, &Block { tag, nth, under })
            .ok_or_else(|| "this page has no text of its own".to_owned()),
    }
}

/// A place in a file that is one of the book's own: the editor is opened for no other.
fn known(show: &Show<'_, '_>, place: Place) -> Result<Place, String> {
    let is_own = !place.file.starts_with(crate::source::BUILT_IN);
    match show.snapshot.sources.find(&place.file).filter(|_| is_own) {
        Some(_) => Ok(place),
        None => Err(format!("{} is no file of this book", place.file)),
    }
}

fn block(show: &Show<'_, '_>, path: &str, wanted: &Block) -> Option<Place> {
    let (edition, renderer) = (show.edition?, show.renderer.as_ref()?);
    let Item::Topic(id, lang) = renderer.find(&route::file_of(path))? else { return None };
    let at = edition.book.card(id, lang).document?;
    let document = &edition.book.documents[at];
    let sources = &show.snapshot.sources;
    let body: Range<usize> = document.body.clone();
    let text = sources.text(document.file).get(body.clone())?;
    let start = match wanted.tag.as_str() {
        "" => document.yaml.start,
        _ => {
            let start = blocks::find(text, document, &edition.book.heading_ids[at], wanted);
            body.start + start.unwrap_or(0)
        }
    };
    let offset = u32::try_from(start).ok()?;
    let (line, column) = sources.position(document.file, offset);
    Some(Place { file: sources.path(document.file).to_owned(), line, column })
}
