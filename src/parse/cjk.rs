//! Which characters count as Chinese, Japanese or Korean.
//!
//! Two questions are answered here, character by character: does emphasis next to this character follow the
//! relaxed rule, and does a line break next to it stand for nothing. This module knows nothing of Markdown.

/// Says whether `c` is a *CJK character* of the CJK-friendly amendments to CommonMark: East Asian Width W,
/// F or H and no emoji by default, or of the script Hangul.
///
/// The ranges are those of <https://github.com/tats-u/markdown-cjk-friendly/blob/main/ranges.md> (Unicode
/// 16).
#[must_use]
pub fn is_cjk(c: char) -> bool {
    // Nearly all that is asked for is ASCII or in the two big blocks.
    match c {
        '\0'..'\u{1100}' => false,
        '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => true,
        _ => is_rarer_cjk(c),
    }
}

/// Says whether `c` is as wide as a Han character and written without spaces around it: Han, kana,
/// bopomofo, full-width punctuation, but not Hangul.
#[must_use]
pub fn is_wide(c: char) -> bool {
    is_cjk(c) && !is_hangul(c)
}

/// Says whether `c` is a mark that Chinese shares with Western text: curly quotes, the dash and the
/// ellipsis.
#[must_use]
pub fn is_shared_mark(c: char) -> bool {
    matches!(c, '‘' | '’' | '“' | '”' | '—' | '…')
}

/// Says whether `c` is a full-width punctuation mark: half of its square is empty, so nobody types a space
/// beside it.
#[must_use]
pub fn is_full_width_mark(c: char) -> bool {
    matches!(c,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301B}' | '\u{FF01}'..='\u{FF0F}'
        | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF60}')
}

/// Says whether `c` is a variation selector other than the one that asks for an emoji.
#[must_use]
pub fn is_text_variation(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0E}')
}

/// Says whether `c` selects a variant of the ideograph before it.
#[must_use]
pub fn is_ideograph_variation(c: char) -> bool {
    matches!(c, '\u{E0100}'..='\u{E01EF}')
}

fn is_hangul(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{3200}'..='\u{321E}' | '\u{3260}'..='\u{327E}'
        | '\u{A960}'..='\u{A97C}' | '\u{AC00}'..='\u{D7FB}' | '\u{FFA0}'..='\u{FFDC}')
}

fn is_rarer_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{11FF}' | '\u{20A9}' | '\u{2329}'..='\u{232A}' | '\u{2630}'..='\u{2637}'
            | '\u{268A}'..='\u{268F}' | '\u{2E80}'..='\u{2E99}' | '\u{2E9B}'..='\u{2EF3}'
            | '\u{2F00}'..='\u{2FD5}' | '\u{2FF0}'..='\u{303E}' | '\u{3041}'..='\u{3096}'
            | '\u{3099}'..='\u{30FF}' | '\u{3105}'..='\u{312F}' | '\u{3131}'..='\u{318E}'
            | '\u{3190}'..='\u{31E5}' | '\u{31EF}'..='\u{321E}' | '\u{3220}'..='\u{3247}'
            | '\u{3250}'..='\u{A48C}' | '\u{A490}'..='\u{A4C6}' | '\u{A960}'..='\u{A97C}'
            | '\u{AC00}'..='\u{D7A3}' | '\u{D7B0}'..='\u{D7C6}' | '\u{D7CB}'..='\u{D7FB}'
            | '\u{F900}'..='\u{FAFF}' | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE52}'
            | '\u{FE54}'..='\u{FE66}' | '\u{FE68}'..='\u{FE6B}' | '\u{FF01}'..='\u{FFBE}'
            | '\u{FFC2}'..='\u{FFC7}' | '\u{FFCA}'..='\u{FFCF}' | '\u{FFD2}'..='\u{FFD7}'
            | '\u{FFDA}'..='\u{FFDC}' | '\u{FFE0}'..='\u{FFE6}' | '\u{FFE8}'..='\u{FFEE}'
            | '\u{16FE0}'..='\u{16FE4}' | '\u{16FF0}'..='\u{16FF6}' | '\u{17000}'..='\u{18CD5}'
            | '\u{18CFF}'..='\u{18D1E}' | '\u{18D80}'..='\u{18DF2}' | '\u{1AFF0}'..='\u{1AFF3}'
            | '\u{1AFF5}'..='\u{1AFFB}' | '\u{1AFFD}'..='\u{1AFFE}' | '\u{1B000}'..='\u{1B122}' | '\u{1B132}'
            | '\u{1B150}'..='\u{1B152}' | '\u{1B155}' | '\u{1B164}'..='\u{1B167}' | '\u{1B170}'..='\u{1B2FB}'
            | '\u{1D300}'..='\u{1D356}' | '\u{1D360}'..='\u{1D376}' | '\u{1F200}' | '\u{1F202}'
            | '\u{1F210}'..='\u{1F219}' | '\u{1F21B}'..='\u{1F22E}' | '\u{1F230}'..='\u{1F231}' | '\u{1F237}'
            | '\u{1F23B}' | '\u{1F240}'..='\u{1F248}' | '\u{1F260}'..='\u{1F265}' | '\u{20000}'..='\u{3FFFD}'
    )
}

#[cfg(test)]
mod tests {
    use super::{is_cjk, is_wide};

    fn kept(text: &str, rule: fn(char) -> bool) -> String {
        text.chars().filter(|&c| rule(c)).collect()
    }

    #[test]
    fn han_kana_hangul_and_full_width_marks_are_cjk_and_emoji_and_curly_quotes_are_not() {
        assert_eq!(kept("a1é—“中あ한。（Ａ🙂⌚𠮷", is_cjk), "中あ한。（Ａ𠮷");
    }

    #[test]
    fn hangul_keeps_its_spaces() {
        assert_eq!(kept("中あ한글ㄱ。", is_wide), "中あ。");
    }
}
