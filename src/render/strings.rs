//! The words of a theme in one language.
//!
//! Every word that a page shows and no author wrote comes from `strings/LANGUAGE.toml`. The set is
//! closed: a missing or unknown one is an error at load, not a gap in a page.

use serde::{Deserialize, Serialize};

use crate::data::{self, Codes};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::format::Numerals;
use crate::source::{FileId, Span};

macro_rules! strings {
    ($($(#[$doc:meta])* $name:ident $([$($hole:literal)*])?)*) => {
        /// A theme's words in one language. Templates know it as `t`.
        #[derive(Clone, Debug, Hash, Serialize)]
        pub struct Strings {
            $($(#[$doc])* pub $name: String,)*
            /// The names of the months, January first.
            pub months: Vec<String>,
        }

        #[derive(Deserialize, Default)]
        #[serde(default, deny_unknown_fields)]
        struct Raw {
            $($name: Option<String>,)*
            months: Vec<String>,
        }

        impl Strings {
            /// Each word is its own name: for what is missing everywhere.
            fn names() -> Self {
                Self { $($name: stringify!($name).to_owned(),)* months: vec![String::new(); 12] }
            }
        }

        impl Raw {
            fn missing(&self) -> Vec<&'static str> {
                let mut missing = Vec::new();
                $(if self.$name.is_none() { missing.push(stringify!($name)); })*
                if self.months.len() != 12 { missing.push("months"); }
                missing
            }

            /// Each word that is there.
            fn filled(&self) -> Vec<Filled<'_>> {
                let mut filled = Vec::new();
                $(if let Some(text) = &self.$name {
                    filled.push(Filled { key: stringify!($name), text, names: &[$($($hole),*)?] });
                })*
                filled
            }

            /// The words, with those of `weaker` in place of missing ones.
            fn over(self, weaker: Strings) -> Strings {
                Strings {
                    $($name: self.$name.unwrap_or(weaker.$name),)*
                    months: if self.months.len() == 12 { self.months } else { weaker.months },
                }
            }
        }
    };
}

strings! {
    /// The link over the header to the text.
    skip_to_content
    /// The label of the menu of sections.
    menu
    /// The label of the language switch.
    language
    /// The page contents.
    on_this_page
    /// The link to the page before.
    previous
    /// The link to the page after.
    next
    /// The label of the two links.
    page_navigation
    /// The label of the way from the home page.
    breadcrumbs
    /// The name of the home page there.
    home
    /// The topics to read first.
    requires
    /// What a reader can do afterwards.
    objectives
    /// The link to a page's source.
    edit_page
    /// The link to the book's repository.
    repository
    /// Before the date of the last change.
    updated
    /// Reading time; `{n}` is the number of minutes.
    minutes ["n"]
    /// A page for which no knowledge is needed.
    level_beginner
    /// A page that takes the basics as known.
    level_intermediate
    /// A page for those who know the field.
    level_advanced
    /// The tags of a page.
    tags
    /// The page that lists the tags.
    all_tags
    /// The title of a tag's page; `{tag}` is its name.
    tagged ["tag"]
    /// Over the pages of a section.
    in_this_section
    /// The notice over a page that is not translated; `{language}` is the language it is shown in.
    not_translated ["language"]
    /// The mark of such a page in lists; `{language}` as above.
    shown_in ["language"]
    /// The link from a heading to itself; `{heading}` is its text.
    link_to_heading ["heading"]
    /// The label of a scrolling table.
    table
    /// The label of a code block; `{language}` is its language.
    code_in ["language"]
    /// The heading over the footnotes.
    footnotes
    /// The link from a footnote back to the text; `{n}` is its number.
    footnote_back ["n"]
    /// The title of an alert `[!NOTE]`.
    alert_note
    /// The title of an alert `[!TIP]`.
    alert_tip
    /// The title of an alert `[!IMPORTANT]`.
    alert_important
    /// The title of an alert `[!WARNING]`.
    alert_warning
    /// The title of an alert `[!CAUTION]`.
    alert_caution
    /// The label of a task that is done.
    task_done
    /// The label of a task that is not done.
    task_open
    /// The title of the page for addresses that do not exist.
    not_found_title
    /// Its text.
    not_found_text
    /// Its link to the home page.
    not_found_home
    /// A date; `{y}`, `{m}`, `{d}` are numbers, `{month}` the name of the month.
    date ["y" "m" "d" "month"]
    /// Between a whole number and its decimals.
    number_decimal
    /// Between groups of three digits; may be empty.
    number_group
    /// Before a negative number.
    number_minus
    /// Powers of ten that have a word, rising: `6 million, 9 billion`. A space is printed as one that does not break.
    number_scales
    /// Before the exponent of a power of ten.
    number_times
    /// For what is no finite number.
    number_none
    /// Day, hour, minute and second behind a number, with another form for many: `day|days, h, min, s`.
    number_durations
    /// For what is true.
    yes
    /// For what is false.
    no
    /// Over the inputs of an example.
    example_inputs
    /// Over its fixed values.
    example_constants
    /// Over its steps.
    example_steps
    /// Over its table of other cases.
    example_table
    /// The fold with its checks.
    example_checks
    /// Over what is pinned.
    example_pinned
    /// Over what holds for all inputs.
    example_always
    /// Over where its figures come from.
    example_sources
    /// The range of an input; `{min}`, `{max}`.
    example_range ["min" "max"]
    /// The label of an axis; `{label}`, `{unit}`.
    example_axis ["label" "unit"]
    /// The description of a plot; `{y}` against `{x}`.
    example_plot ["x" "y"]
    /// The note over inputs that the example does not speak of.
    example_outside
    /// The button that puts the inputs back.
    example_reset
    /// What is said of an input that cannot be read or is out of range.
    example_invalid
    /// Before a step of a protocol; `{time}` has passed.
    trace_later ["time"]
    /// The name of the time since the start.
    trace_elapsed
    /// Whether something is so; `{label}`, and `{value}`: yes or no.
    trace_is ["label" "value"]
    /// The row that shows how things stand before the first step.
    trace_start
    /// Over the numbers of the steps.
    trace_step
    /// Over how things stand after each step.
    trace_states
    /// Said of a value that a step changed.
    trace_changed
    /// Over a branch; `{title}` is its title.
    trace_branch ["title"]
    /// The label of the choice between branches.
    trace_branches
    /// The label of the buttons that go from step to step.
    trace_walk
    /// Where the reader is: step `{n}` of `{m}`.
    trace_progress ["n" "m"]
    /// What these buttons are for, before the first step.
    trace_overview
    /// The button to the first step.
    trace_first
    /// The button to the step before.
    trace_previous
    /// The button to the next step.
    trace_next
    /// Over what holds at all times.
    trace_always
    /// Over what holds at the end of the steps.
    trace_expect
    /// The title of a question with choices.
    quiz_choice
    /// The title of a question whose answer is a number.
    quiz_number
    /// The title of a question about an order.
    quiz_order
    /// The label of the field for a number.
    quiz_field
    /// The button that checks an answer.
    quiz_check
    /// The button that draws other numbers.
    quiz_another
    /// The fold with the answer.
    quiz_answer
    /// Before the right choice in it.
    quiz_is_right
    /// Before a wrong choice in it.
    quiz_is_wrong
    /// Over the wrong ways to a number in it.
    quiz_mistakes
    /// What is said of a right answer.
    quiz_right
    /// What is said of a wrong one.
    quiz_wrong
    /// What is added for a number that is far off; `{within}` is how far is right.
    quiz_far ["within"]
    /// What is said when nothing is chosen.
    quiz_choose
    /// What is said of what is no number.
    quiz_unread
    /// How many things are in place; `{n}` of `{m}`.
    quiz_places ["n" "m"]
    /// The button that moves `{item}` up.
    quiz_up ["item"]
    /// The button that moves `{item}` down.
    quiz_down ["item"]
    /// The place of what was moved; `{n}` of `{m}`.
    quiz_moved ["n" "m"]
    /// `if` in a formula.
    math_if
    /// The last case of a formula.
    math_otherwise
    /// `and` in a formula.
    math_and
    /// `or` in a formula.
    math_or
    /// `not` in a formula.
    math_not
    /// The feed of changed pages.
    feed
    /// The line at the end of every page; `{generator}` is the program's name.
    made_with ["generator"]
}

const CODES: Codes = Codes {
    unknown_key: Code::StringsInvalid,
    duplicate_key: Code::StringsInvalid,
    invalid: Code::StringsInvalid,
};

/// The most missing words that a message names.
const MAX_NAMES: usize = 8;

/// Reads the words of one language from one file, over those of the weaker layers of the theme.
#[must_use]
pub fn read(file: FileId, text: &str, weaker: Option<Strings>) -> (Strings, Vec<Diagnostic>) {
    let (raw, mut diagnostics) = data::toml::<Raw>(file, text, CODES);
    let raw = raw.unwrap_or_default();
    if data::is_toml(text) {
        // A file over another one need not say everything again.
        let is_whole = weaker.is_none() || !raw.months.is_empty() && raw.months.len() != 12;
        diagnostics.extend(missing(&raw, file, text, &diagnostics).filter(|_| is_whole));
        diagnostics.extend(raw.filled().iter().flat_map(|word| unknown_holes(file, text, word)));
    }
    (raw.over(weaker.unwrap_or_else(Strings::names)), diagnostics)
}

/// Reports the words that are missing, but for those of which something else was said.
fn missing(raw: &Raw, file: FileId, text: &str, said: &[Diagnostic]) -> Option<Diagnostic> {
    let is_said = |name: &str| said.iter().any(|d| d.fix.as_ref().is_some_and(|fix| fix.text == name));
    let is_there = |name: &str| name != "months" && data::toml_place(text, &[name]).is_some();
    let names: Vec<_> = raw.missing().into_iter().filter(|name| !is_said(name) && !is_there(name)).collect();
    let shown = names[..names.len().min(MAX_NAMES)].join(", ");
    let more = match names.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let problem = Diagnostic::new(
        Code::StringsInvalid,
        Span::whole(file),
        format!("{} missing: {shown}{more}", if names.len() == 1 { "a word is" } else { "words are" }),
    );
    let help = match names[..] {
        ["months"] => "give the twelve names of the months: `months = [\"…\", …]`",
        _ => "add a line for each; the theme's strings/en.toml has them all",
    };
    (!names.is_empty()).then(|| problem.help(help))
}

/// A word with the names in braces that are filled in.
struct Filled<'a> {
    key: &'static str,
    text: &'a str,
    names: &'static [&'static str],
}

/// Reports names in braces that nothing is filled in for: a reader would see the braces.
fn unknown_holes(file: FileId, text: &str, word: &Filled<'_>) -> Vec<Diagnostic> {
    let Filled { key, text: word, names: known } = word;
    let names = word.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    let unknown: Vec<_> = names.filter(|name| !known.contains(name)).collect();
    if unknown.is_empty() {
        return Vec::new();
    }
    let place = data::toml_place(text, &[key]).unwrap_or(0..0);
    let problem = |name: &str| {
        let at = text[place.clone()].find(&format!("{{{name}}}")).map_or(place.clone(), |at| {
            let start = place.start + at + 1;
            start..start + name.len()
        });
        let span = Span::new(file, at.start, at.end);
        let problem =
            Diagnostic::new(Code::StringsInvalid, span, format!("nothing is filled in for `{{{name}}}`"));
        match known {
            [] => problem.help(format!("`{key}` has no names in braces")),
            [only] => problem.help(format!("did you mean `{{{only}}}`?")).fix(span, *only),
            several => problem.help(format!("`{key}` knows {{{}}}", several.join("}, {"))),
        }
    };
    unknown.into_iter().map(problem).collect()
}

impl Strings {
    /// How the language writes numbers.
    #[must_use]
    pub fn numerals(&self) -> Numerals {
        let scale = |word: &str| {
            let word = word.trim();
            let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
            Some((word[..digits].parse().ok()?, word[digits..].replace(' ', "\u{a0}")))
        };
        let seconds = [86_400.0, 3600.0, 60.0, 1.0];
        let durations = seconds.into_iter().zip(self.number_durations.split(',')).map(|(length, word)| {
            let (one, many) = word.trim().split_once('|').unwrap_or((word.trim(), word.trim()));
            (length, one.to_owned(), many.to_owned())
        });
        Numerals {
            decimal: self.number_decimal.clone(),
            group: self.number_group.clone(),
            minus: self.number_minus.clone(),
            scales: self.number_scales.split(',').filter_map(scale).collect(),
            times: self.number_times.replace(' ', "\u{a0}"),
            date: self.date.clone(),
            months: self.months.clone(),
            durations: durations.collect(),
            yes: self.yes.clone(),
            no: self.no.clone(),
            not_a_number: self.number_none.clone(),
        }
    }

    /// A day, given as `YYYY-MM-DD`, as it is written in this language.
    #[must_use]
    pub fn format_date(&self, iso: &str) -> String {
        let number = |part: Option<&str>| part.and_then(|digits| digits.parse::<usize>().ok()).unwrap_or(0);
        let (year, month, day) = (number(iso.get(0..4)), number(iso.get(5..7)), number(iso.get(8..10)));
        let name = self.months.get(month.wrapping_sub(1)).map_or("", String::as_str);
        self.date
            .replace("{y}", &year.to_string())
            .replace("{month}", name)
            .replace("{m}", &month.to_string())
            .replace("{d}", &day.to_string())
    }
}
