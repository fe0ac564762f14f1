//! Lines of code a thread has highlighted before.
//!
//! Code repeats its lines: closing braces, blank lines, imports. What a grammar makes of a line
//! depends on the line and on the state the lines before left it in, so a line that comes again in
//! the same state needs no grammar: its HTML and the state after it are here. The result is the
//! same byte for byte. Knows nothing of how a line is highlighted.
//!
//! A memo belongs to one thread, since syntect's [`ParseState`] holds pointers of its regex engine
//! and may not move to another. Little is lost: of a line that only one block has, there is
//! nothing to share, and the others are soon known to every thread.

use std::collections::HashMap;
use std::rc::Rc;

use syntect::parsing::ParseState;
use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::class::ClassStack;

/// Where a grammar stands between two lines.
pub(super) struct State {
    /// The number of the syntax.
    pub(super) syntax: u16,
    /// Syntect's part: which rules apply.
    pub(super) parse: ParseState,
    /// Our part: which class text has before any rule matches.
    pub(super) classes: ClassStack,
    /// Bytes of code that led here when it was first met; bounds its size, which syntect hides.
    pub(super) age: usize,
    /// Tells this state from all others in the memo; none when it is not in it.
    id: Option<u64>,
}

/// Stands for a line in a state.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LineKey(u128);

/// The lines and states seen so far, up to a limit.
pub(super) struct LineMemo {
    states: HashMap<u16, Vec<Rc<State>>>,
    lines: HashMap<LineKey, Line>,
    /// An estimate of the memory that `lines` takes.
    bytes: usize,
    limits: Limits,
}

/// How much a memo may hold; when it is full, it takes nothing more.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// States for each syntax. Ordinary code brings a grammar into two to ten.
    pub(super) states: usize,
    /// The age of a state: an older one may be large.
    pub(super) age: usize,
    /// Bytes of lines, with what the map needs around each.
    pub(super) bytes: usize,
    /// Bytes of a line: longer ones seldom come twice.
    pub(super) line: usize,
}

struct Line {
    html: Box<str>,
    next: Rc<State>,
}

/// A line's size apart from its HTML: key, pointers, the map's slack, the allocator's.
const LINE_OVERHEAD: usize = 100;

impl State {
    /// A state that no memo knows.
    pub(super) fn new(syntax: u16, parse: ParseState, classes: ClassStack, age: usize) -> State {
        State { syntax, parse, classes, age, id: None }
    }

    /// Whether both treat every line alike.
    fn equals(&self, other: &State) -> bool {
        self.classes == other.classes && self.parse == other.parse
    }
}

impl LineMemo {
    /// An empty memo.
    pub(super) fn new(limits: Limits) -> LineMemo {
        LineMemo { states: HashMap::new(), lines: HashMap::new(), bytes: 0, limits }
    }

    /// What to look up a line by, if lines like it in this state are remembered.
    pub(super) fn key(&self, state: &State, text: &str) -> Option<LineKey> {
        let id = state.id.filter(|_| text.len() <= self.limits.line)?;
        Some(LineKey(xxh3_128_with_seed(text.as_bytes(), id)))
    }

    /// The HTML of a line and the state after it.
    pub(super) fn recall(&self, key: LineKey) -> Option<(&str, Rc<State>)> {
        let line = self.lines.get(&key)?;
        Some((&line.html, Rc::clone(&line.next)))
    }

    /// Keeps a line's HTML and the state after it.
    pub(super) fn remember(&mut self, key: LineKey, html: &str, next: &Rc<State>) {
        let size = html.len() + LINE_OVERHEAD;
        if self.bytes + size <= self.limits.bytes {
            self.bytes += size;
            let line = Line { html: html.into(), next: Rc::clone(next) };
            self.lines.insert(key, line);
        }
    }

    /// The known state equal to a new one. If there is none, the new one, known from now on when
    /// `keep` and when there is room.
    pub(super) fn intern(&mut self, mut state: State, keep: bool) -> Rc<State> {
        let known = self.states.entry(state.syntax).or_default();
        if let Some(same) = known.iter().find(|other| other.equals(&state)) {
            return Rc::clone(same);
        }
        let is_full = known.len() >= self.limits.states;
        if !keep || is_full || state.age > self.limits.age {
            return Rc::new(state);
        }
        state.id = Some((u64::from(state.syntax) << 32) | known.len() as u64);
        let state = Rc::new(state);
        known.push(Rc::clone(&state));
        state
    }
}
