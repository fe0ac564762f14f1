//! Highlighting of code blocks, once, at build time.
//!
//! A block goes line by line through its language's grammar, which marks stretches of text with
//! scopes; scopes become one of thirteen classes, classes become `<span class="k">…</span>`. A
//! class's colour is the theme's business. Neighbours of one class share a span, punctuation and
//! ordinary names have none, and no span crosses a line end. This room knows nothing of Markdown,
//! of pages or of themes.
//!
//! | class | stands for |
//! | --- | --- |
//! | `k` | keyword, modifier, and in most languages built-in types; operators spelled as words |
//! | `o` | operator |
//! | `s` | string, character, regular expression, inline code in Markdown |
//! | `e` | escape or placeholder in a string, entity in HTML |
//! | `n` | number, and constants such as `true` and `null` |
//! | `c` | comment, quotation in Markdown |
//! | `f` | function or macro, defined or called; command in a shell |
//! | `t` | type, class, contract |
//! | `v` | parameter, `self` and `this`, shell variable, Solidity's `msg.sender` |
//! | `a` | attribute, annotation, decorator; property in CSS; option of a command |
//! | `g` | tag in HTML, key in JSON, YAML and TOML, heading, header line of a diff |
//! | `i` | inserted line of a diff |
//! | `d` | deleted line of a diff |
//!
//! The same code gives the same bytes whatever was highlighted before and by how many threads:
//! everything remembered is a pure function of its key, and all of it together is bounded.

mod class;
mod html;
mod language;
mod line;
mod memo;
mod recent;
mod shard;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

use self::html::escape;
use self::language::Languages;
use self::line::LineHighlighter;
use self::memo::{Limits, LineMemo};
use self::recent::{BlockKey, RecentBlocks};

pub use self::language::Language;

/// Longer blocks stay plain: nobody reads them, and they would take seconds.
const MAX_BLOCK: usize = 1 << 20;

/// Longer lines stay plain. On a line of brackets, blanks or backticks some grammars take time in
/// the cube of its length: a second for a thousand bytes, a quarter of an hour for ten thousand.
/// Syntect sets no limit of its own, and Oniguruma's (ten million steps) is one for each match.
const MAX_LINE: usize = 1_000;

/// Lines up to this length are cheap whatever they hold.
const SHORT_LINE: usize = 200;

/// Bytes of lines longer than that in one block; the block's further ones stay plain.
const MAX_LONG_LINES: usize = 32 << 10;

/// How much of a block is highlighted: bytes, each line counting as [`MIN_LINE_COST`] at least, so
/// about 2,000 lines. What follows is plain. Some grammars (D's) go deeper with every bracket and
/// never come back, and take time in the square of the block.
const MAX_HIGHLIGHTED: usize = 64 << 10;

/// What a short line counts as.
const MIN_LINE_COST: usize = 32;

/// What each thread remembers of lines: about 4 MB when full.
const MEMO_LIMITS: Limits = Limits { states: 64, age: 2_000, bytes: 4 << 20, line: 400 };

thread_local! {
    /// Outlives a build and a `Highlighter`, which does no harm: all of them highlight alike. A
    /// field of `Highlighter` it cannot be, for it holds what no other thread may touch.
    static MEMO: RefCell<LineMemo> = RefCell::new(LineMemo::new(MEMO_LIMITS));
}

/// Highlights code; one for the whole build, shared by all threads.
pub struct Highlighter {
    languages: Languages,
    lines: LineHighlighter,
    recent: RecentBlocks,
}

impl Default for Highlighter {
    fn default() -> Self {
        Self::new()
    }
}

impl Highlighter {
    /// Loads the grammars' index; a grammar itself is loaded when its first block comes.
    pub fn new() -> Self {
        let syntaxes = two_face::syntax::extra_newlines();
        Highlighter {
            languages: Languages::new(&syntaxes),
            lines: LineHighlighter::new(syntaxes),
            recent: RecentBlocks::default(),
        }
    }

    /// The language a fence names, in any case: `rust`, `ts`, `sol`, `console`, `text` for plain
    /// text. None when no language has that name.
    pub fn language(&self, token: &str) -> Option<Language> {
        self.languages.find(token)
    }

    /// The known name nearest to an unknown one, for "did you mean"; none if nothing is near.
    pub fn suggest(&self, token: &str) -> Option<String> {
        self.languages.nearest(token).map(str::to_owned)
    }

    /// Appends the HTML of `code`, escaped and with spans, without a `<pre>` around it. Lines and
    /// line endings stay as they are. What cannot be highlighted (overlong, or the grammar fails)
    /// is appended plain.
    pub fn highlight(&self, language: Language, code: &str, out: &mut String) {
        let Some(syntax) = language.syntax.filter(|_| code.len() <= MAX_BLOCK) else {
            escape(code, out);
            return;
        };
        let key = BlockKey::new(language, code);
        if let Some(html) = self.recent.get(key) {
            out.push_str(&html);
            return;
        }
        let start = out.len();
        MEMO.with_borrow_mut(|memo| self.highlight_lines(syntax, code, memo, out));
        self.recent.insert(key, &out[start..]);
    }

    fn highlight_lines(&self, syntax: u16, code: &str, memo: &mut LineMemo, out: &mut String) {
        let mut state = self.lines.start(syntax, memo);
        let mut allowance = MAX_LONG_LINES;
        let mut left = Some(MAX_HIGHLIGHTED);
        for line in code.split_inclusive('\n') {
            left = left.and_then(|left| left.checked_sub(line.len().max(MIN_LINE_COST)));
            state = state.filter(|_| left.is_some());
            if is_too_long(line, &mut allowance) {
                // The lines after it go on as if it were not there.
                escape(line, out);
                continue;
            }
            let next = state.and_then(|state| self.lines.highlight(&state, line, memo, out).ok());
            if next.is_none() {
                escape(line, out);
            }
            state = next;
        }
    }
}

/// Whether a line must stay plain; takes long ones that need not from the block's allowance.
fn is_too_long(line: &str, allowance: &mut usize) -> bool {
    if line.len() <= SHORT_LINE {
        return false;
    }
    match allowance.checked_sub(line.len()) {
        Some(rest) if line.len() <= MAX_LINE => {
            *allowance = rest;
            false
        }
        _ => true,
    }
}
