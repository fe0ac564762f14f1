//! The words of a theme in one language.
//!
//! Every word that a page shows and no author wrote comes from `strings/LANGUAGE.toml`. The set is
//! closed: a missing or unknown one is an error at load, not a gap in a page.

use serde::{Deserialize, Serialize};

use crate::data::{self, Codes};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

macro_rules! strings {
    ($($(#[$doc:meta])* $name:ident)*) => {
        /// A theme's words in one language. Templates know it as `t`.
        #[derive(Clone, Debug, Serialize)]
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

        impl Raw {
            fn missing(&self) -> Vec<&'static str> {
                let mut missing = Vec::new();
                $(if self.$name.is_none() { missing.push(stringify!($name)); })*
                if self.months.len() != 12 { missing.push("months (twelve of them)"); }
                missing
            }

            /// The strings, with the name itself in place of a missing one.
            fn complete(self) -> Strings {
                Strings {
                    $($name: self.$name.unwrap_or_else(|| stringify!($name).to_owned()),)*
                    months: if self.months.len() == 12 { self.months } else { vec![String::new(); 12] },
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
    minutes
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
    tagged
    /// Over the pages of a section.
    in_this_section
    /// The notice over a page that is not translated; `{language}` is the language it is shown in.
    not_translated
    /// The mark of such a page in lists; `{language}` as above.
    shown_in
    /// The link from a heading to itself; `{heading}` is its text.
    link_to_heading
    /// The label of a scrolling table.
    table
    /// The label of a code block; `{language}` is its language.
    code_in
    /// The heading over the footnotes.
    footnotes
    /// The link from a footnote back to the text; `{n}` is its number.
    footnote_back
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
    date
    /// The feed of changed pages.
    feed
    /// The line at the end of every page; `{generator}` is the program's name.
    made_with
}

const CODES: Codes = Codes {
    unknown_key: Code::StringsInvalid,
    duplicate_key: Code::StringsInvalid,
    invalid: Code::StringsInvalid,
};

/// Reads the words of one language.
#[must_use]
pub fn read(file: FileId, text: &str) -> (Strings, Vec<Diagnostic>) {
    let (raw, mut diagnostics) = data::toml::<Raw>(file, text, CODES);
    let raw = raw.unwrap_or_default();
    let missing = raw.missing();
    if !missing.is_empty() && diagnostics.is_empty() {
        let message = format!("words are missing: {}", missing.join(", "));
        diagnostics.push(
            Diagnostic::new(Code::StringsInvalid, Span::whole(file), message).help("add a line for each"),
        );
    }
    (raw.complete(), diagnostics)
}

impl Strings {
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
