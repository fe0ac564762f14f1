//! Prerequisites: ids to topics, and no topic before itself.

use super::{Book, TopicId, front_place, resolve::to_draft};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::Lang;
use crate::source::{Sources, Span};

/// How many unknown topics get a suggestion: each costs a look at all of them.
const SUGGESTIONS: usize = 20;

/// Resolves every `requires`, and reports ids that do not exist and topics that require themselves.
pub fn resolve(book: &mut Book, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let mut unknown = Vec::new();
    for id in book.topic_ids().collect::<Vec<_>>() {
        for lang in Lang::all(book.config.languages.count()) {
            let (own, source) = (book.card(id, lang).document, book.card(id, book.config.source).document);
            let declared =
                [own, source].into_iter().flatten().find(|&at| book.documents[at].front.requires.is_some());
            let Some(at) = declared else { continue };
            let names = book.documents[at].front.requires.clone().unwrap_or_default();
            let found = names.iter().filter_map(|name| book.find(name)).collect();
            if own == Some(at) && book.card(id, lang).text == lang {
                report_unknown(book, sources, at, &names, &mut unknown);
            }
            book.topics[id.index()].cards[lang].requires = found;
        }
    }
    diagnostics.append(&mut unknown);
    report_cycles(book, sources, diagnostics);
}

fn report_unknown(
    book: &Book,
    sources: &Sources,
    at: usize,
    names: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let source = book.config.source;
    for name in names.iter().filter(|name| book.find(name).is_none()) {
        let place = front_place(&book.documents[at], sources, "requires", name);
        if let Some(&draft) = book.drafts.get(&(source, name.clone())) {
            diagnostics.push(to_draft(name, place, draft, sources));
            continue;
        }
        let diagnostic = Diagnostic::new(Code::RequiresUnknown, place, format!("there is no topic `{name}`"));
        let paths = book.topics.iter().map(|topic| topic.path.as_str());
        let near = if diagnostics.len() < SUGGESTIONS { nearest(name, paths) } else { None };
        diagnostics.push(match near {
            Some(path) => diagnostic.help(format!("did you mean `{path}`?")).fix(place, path),
            None => diagnostic.help("a topic's id is its path below the language folder, without `.md`"),
        });
    }
}

/// How far the search has come with a topic.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

fn report_cycles(book: &Book, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let lang = book.config.source;
    let mut marks = vec![Mark::New; book.topics.len()];
    for start in book.topic_ids() {
        // Depth first without recursion: a chain of prerequisites may be as long as the book.
        let mut path: Vec<(TopicId, usize)> = vec![(start, 0)];
        while let Some((id, next)) = path.last_mut() {
            let (id, at) = (*id, *next);
            *next += 1;
            if at == 0 && marks[id.index()] == Mark::Done {
                path.pop();
                continue;
            }
            marks[id.index()] = Mark::Open;
            match book.card(id, lang).requires.get(at) {
                None => {
                    marks[id.index()] = Mark::Done;
                    path.pop();
                }
                Some(required) if marks[required.index()] == Mark::Open => {
                    diagnostics.push(cycle(book, sources, &path, *required));
                }
                Some(&required) => path.push((required, 0)),
            }
        }
    }
}

fn cycle(book: &Book, sources: &Sources, path: &[(TopicId, usize)], back: TopicId) -> Diagnostic {
    let start = path.iter().position(|(id, _)| *id == back).unwrap_or(0);
    let names: Vec<_> =
        path[start..].iter().map(|(id, _)| *id).chain([back]).map(|id| &*book.topic(id).path).collect();
    let message = match names[..] {
        [itself, _] => format!("`{itself}` requires itself"),
        _ => format!("these topics require one another: {}", names.join(" → ")),
    };
    let last = path.last().map_or(back, |(id, _)| *id);
    match book.card(last, book.config.source).document {
        None => Diagnostic::nowhere(Code::RequiresCycle, message),
        Some(at) => {
            let place = front_place(&book.documents[at], sources, "requires", &book.topic(back).path);
            let others = path[start..path.len() - 1].iter().zip(&path[start + 1..]);
            others.fold(Diagnostic::new(Code::RequiresCycle, place, message), |diagnostic, (from, to)| {
                match required_at(book, sources, from.0, to.0) {
                    Some(place) => diagnostic.related(place, "and this is required"),
                    None => diagnostic,
                }
            })
        }
    }
    .help("take one of them out of its `requires`")
}

/// Where `from` says that it requires `to`.
fn required_at(book: &Book, sources: &Sources, from: TopicId, to: TopicId) -> Option<Span> {
    let at = book.card(from, book.config.source).document?;
    Some(front_place(&book.documents[at], sources, "requires", &book.topic(to).path))
}
