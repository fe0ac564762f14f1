//! A document as bytes, for the next run of the program.
//!
//! Places are kept without the file they are in, which may have another id then.

use std::ops::Range;

use bitcode::{Decode, Encode};

use super::front::{FrontMatter, Level};
use super::{Document, Heading, Link};
use crate::digest::Digest;
use crate::lang::{Length, Quotes};
use crate::source::{FileId, Span};

/// Bytes of a file.
type Bytes = (u32, u32);

#[derive(Encode, Decode)]
struct Stored {
    front: StoredFront,
    yaml: (u64, u64),
    is_curly: bool,
    body: (u64, u64),
    heading_title: Option<String>,
    headings: Vec<(u8, String, Option<String>, Bytes)>,
    links: Vec<(String, bool, Bytes)>,
    anchors: Vec<String>,
    length: (u32, u32),
    heading_ids: Vec<String>,
    examples: Vec<String>,
    skeleton: u128,
}

#[derive(Encode, Decode)]
struct StoredFront {
    title: Option<String>,
    description: Option<String>,
    weight: Option<i64>,
    tags: Option<Vec<String>>,
    level: Option<u8>,
    requires: Option<Vec<String>>,
    objectives: Option<Vec<String>>,
    draft: bool,
    date: Option<String>,
    updated: Option<String>,
    aliases: Option<Vec<String>>,
    slug: Option<String>,
    template: Option<String>,
    /// As JSON: it may be anything.
    extra: Option<String>,
    unread: bool,
}

const LEVELS: [Level; 3] = [Level::Beginner, Level::Intermediate, Level::Advanced];

/// The bytes of a document.
#[must_use]
pub fn encode(document: &Document) -> Vec<u8> {
    let bytes = |span: Span| (span.start, span.end);
    let range = |range: &Range<usize>| (range.start as u64, range.end as u64);
    let heading =
        |heading: &Heading| (heading.level, heading.text.clone(), heading.id.clone(), bytes(heading.span));
    let link = |link: &Link| (link.dest.clone(), link.image, bytes(link.span));
    bitcode::encode(&Stored {
        front: front(&document.front),
        yaml: range(&document.yaml),
        is_curly: document.quotes == Quotes::Curly,
        body: range(&document.body),
        heading_title: document.heading_title.clone(),
        headings: document.headings.iter().map(heading).collect(),
        links: document.links.iter().map(link).collect(),
        anchors: document.anchors.clone(),
        length: (document.length.han, document.length.words),
        heading_ids: document.heading_ids.to_vec(),
        examples: document.examples.clone(),
        skeleton: document.skeleton.0,
    })
}

fn front(front: &FrontMatter) -> StoredFront {
    let level = front.level.and_then(|level| LEVELS.iter().position(|known| *known == level));
    StoredFront {
        title: front.title.clone(),
        description: front.description.clone(),
        weight: front.weight,
        tags: front.tags.clone(),
        level: level.and_then(|level| u8::try_from(level).ok()),
        requires: front.requires.clone(),
        objectives: front.objectives.clone(),
        draft: front.draft,
        date: front.date.clone(),
        updated: front.updated.clone(),
        aliases: front.aliases.clone(),
        slug: front.slug.clone(),
        template: front.template.clone(),
        extra: front.extra.as_ref().and_then(|extra| serde_json::to_string(extra).ok()),
        unread: front.unread,
    }
}

/// The document that these bytes are of, as one of `file`. None if they are not of this program's making.
#[must_use]
pub fn decode(bytes: &[u8], file: FileId) -> Option<Document> {
    let stored: Stored = bitcode::decode(bytes).ok()?;
    let span = |(start, end): Bytes| Span { file, start, end };
    let range = |(start, end): (u64, u64)| Some(usize::try_from(start).ok()?..usize::try_from(end).ok()?);
    let heading = |(level, text, id, at)| Heading { level, text, id, span: span(at) };
    let link = |(dest, image, at)| Link { dest, image, span: span(at) };
    let (han, words) = stored.length;
    Some(Document {
        file,
        front: stored.front.read()?,
        yaml: range(stored.yaml)?,
        quotes: if stored.is_curly { Quotes::Curly } else { Quotes::AsTyped },
        body: range(stored.body)?,
        heading_title: stored.heading_title,
        headings: stored.headings.into_iter().map(heading).collect(),
        links: stored.links.into_iter().map(link).collect(),
        anchors: stored.anchors,
        length: Length { han, words },
        heading_ids: stored.heading_ids.into(),
        examples: stored.examples,
        skeleton: Digest(stored.skeleton),
    })
}

impl StoredFront {
    fn read(self) -> Option<FrontMatter> {
        let extra = match self.extra {
            Some(json) => Some(serde_json::from_str(&json).ok()?),
            None => None,
        };
        Some(FrontMatter {
            title: self.title,
            description: self.description,
            weight: self.weight,
            tags: self.tags,
            level: self.level.and_then(|level| LEVELS.get(usize::from(level)).copied()),
            requires: self.requires,
            objectives: self.objectives,
            draft: self.draft,
            date: self.date,
            updated: self.updated,
            aliases: self.aliases,
            slug: self.slug,
            template: self.template,
            extra,
            unread: self.unread,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{File, Sources};

    #[test]
    fn a_document_is_the_same_after_a_night_on_disk() {
        let text = "---\ntitle: Gas ⛽\nweight: -3\ntags: [a, b]\nlevel: advanced\nextra: {n: 1.5, deep: [x, {y: null}]}\nslug: gas\n---\n\n\
                    ## 费用 {#fees}\n\n[a](b.md#c) ![](x.png) `= fee.total` and <a id=\"here\"></a>\n\n## Why\n";
        let sources = Sources::new(vec![File::text("a.md", "x"), File::text("b.md", text)]);
        let ids = ["a.md", "b.md"].map(|path| sources.find(path).expect("there"));
        let (document, _) = super::super::parse(ids[1], text, Quotes::Curly);
        let again = decode(&encode(&document), ids[1]).expect("they were just encoded");
        assert_eq!(format!("{again:?}"), format!("{document:?}"));
        let elsewhere = decode(&encode(&document), ids[0]).expect("they were just encoded");
        assert!(elsewhere.headings.iter().all(|heading| heading.span.file == ids[0]));
        assert!(decode(b"something else", ids[0]).is_none());
    }
}
