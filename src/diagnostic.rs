//! What the program says about a book.
//!
//! A [`Diagnostic`] is a plain value: a code, a place in bytes, a message in the author's words, what to
//! do. Stages push them and go on; `report` turns them into text. Nothing here prints.

use std::collections::BTreeSet;

use crate::source::{FileId, Sources, Span};

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The book is wrong: nothing is published.
    Error,
    /// Probably not what the author meant; the book builds.
    Warning,
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident)*) => {
        /// The kinds of problem a book can have. Each has a page: `bilayer explain CODE`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`: see its page.")] $variant,)*
        }

        impl Code {
            /// Every code, in alphabetical order of the names.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name as it is printed and typed.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// How much it matters unless the book's configuration says otherwise.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }

            /// The page that explains it, in Markdown, with an example that raises it.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("explain/", $name, ".md"))),* }
            }
        }
    };
}

codes! {
    AliasInvalid "alias-invalid" Error
    AnchorBroken "anchor-broken" Error
    AnchorDuplicate "anchor-duplicate" Error
    CodeLanguageUnknown "code-language-unknown" Warning
    ConfigInvalid "config-invalid" Error
    ConfigUnknownKey "config-unknown-key" Error
    DateInvalid "date-invalid" Error
    EmphasisLiteral "emphasis-literal" Warning
    ExampleCycle "example-cycle" Error
    ExampleDuplicateKey "example-duplicate-key" Error
    ExampleInvalid "example-invalid" Error
    ExampleUnknown "example-unknown" Error
    ExampleUnknownKey "example-unknown-key" Error
    ExpressionInvalid "expression-invalid" Error
    FileNotUtf8 "file-not-utf8" Error
    FileUnreadable "file-unreadable" Error
    FootnoteUnpaired "footnote-unpaired" Warning
    FormatInvalid "format-invalid" Error
    FrontMatterDuplicateKey "front-matter-duplicate-key" Error
    FrontMatterInvalid "front-matter-invalid" Error
    FrontMatterUnknownKey "front-matter-unknown-key" Error
    HomeMissing "home-missing" Error
    HtmlDropped "html-dropped" Warning
    ImageAltMissing "image-alt-missing" Warning
    ImageMissing "image-missing" Error
    InvariantBroken "invariant-broken" Error
    LanguageUndeclared "language-undeclared" Warning
    LinkBroken "link-broken" Error
    LinkToDraft "link-to-draft" Error
    LinkUndefined "link-undefined" Warning
    MathInvalid "math-invalid" Error
    NameUnknown "name-unknown" Error
    NestingTooDeep "nesting-too-deep" Error
    PathOutside "path-outside" Error
    QuizAmbiguous "quiz-ambiguous" Error
    RequiresCycle "requires-cycle" Error
    RequiresUnknown "requires-unknown" Error
    SectionIndexMissing "section-index-missing" Warning
    SlugInvalid "slug-invalid" Error
    StringsInvalid "strings-invalid" Error
    TemplateInvalid "template-invalid" Error
    TemplateMissing "template-missing" Error
    ThemeInvalid "theme-invalid" Error
    ThemeMissing "theme-missing" Error
    TitleMissing "title-missing" Error
    TranslationOutline "translation-outline" Warning
    TranslationWithoutSource "translation-without-source" Warning
    UnitMismatch "unit-mismatch" Error
    UnitUnknown "unit-unknown" Error
    UrlConflict "url-conflict" Error
    ValueNotFinite "value-not-finite" Error
    ValueOff "value-off" Error
}

impl Code {
    /// The code called `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

/// A replacement that would mend the problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// The bytes to replace.
    pub span: Span,
    /// What to put there.
    pub text: String,
}

/// One problem of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of problem.
    pub code: Code,
    /// How much it matters here.
    pub severity: Severity,
    /// The place; none when the problem is an absence.
    pub span: Option<Span>,
    /// What is wrong, in the author's words, without a full stop.
    pub message: String,
    /// A few words beside the underlined text; may be empty.
    pub label: String,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Span, String)>,
    /// What to do.
    pub help: Option<String>,
    /// The change that would mend it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A problem at `span`.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::nowhere(code, message) }
    }

    /// A problem that has no place in a file.
    pub fn nowhere(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            span: None,
            message: message.into(),
            label: String::new(),
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Adds the words beside the underlined text.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Says what to write instead of the bytes at `span`.
    #[must_use]
    pub fn fix(self, span: Span, text: impl Into<String>) -> Self {
        Self { fix: Some(Fix { span, text: text.into() }), ..self }
    }

    /// Points at another place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }
}

/// Whether any of them is an error.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Sorts by place in the order of the sources, then code; drops those that say the same of the same place, and whatever else is said of
/// a file that could not be read: it would follow from that.
pub fn tidy(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    if diagnostics.is_empty() {
        return;
    }
    let is_unread = |code| matches!(code, Code::FileNotUtf8 | Code::FileUnreadable | Code::PathOutside);
    let unread: BTreeSet<FileId> = diagnostics
        .iter()
        .filter(|diagnostic| is_unread(diagnostic.code))
        .filter_map(|diagnostic| Some(diagnostic.span?.file))
        .collect();
    diagnostics.retain(|diagnostic| {
        let mut files = diagnostic.span.iter().chain(diagnostic.related.iter().map(|(span, _)| span));
        is_unread(diagnostic.code) || !files.any(|span| unread.contains(&span.file))
    });
    let ranks = sources.ranks();
    let place = |diagnostic: &Diagnostic| {
        diagnostic.span.map(|span| (ranks[span.file.index()], span.start, span.end))
    };
    diagnostics
        .sort_by(|a, b| (place(a), a.code, &a.message, &a.fix).cmp(&(place(b), b.code, &b.message, &b.fix)));
    diagnostics.dedup_by(|later, kept| {
        later.span == kept.span && later.code == kept.code && later.message == kept.message
    });
}

/// Nobody slips in a longer name, and the time a comparison takes is the product of both lengths.
const LONGEST: usize = 100;

/// The candidate nearest to what was typed, when it is near enough to be a slip: at most a third of
/// the longer one's characters differ.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = typed.chars().count();
    let distance = |candidate: &'a str| {
        let other = candidate.chars().count();
        let near = length.max(other).div_ceil(3);
        let comparable = length.max(other) <= LONGEST && length.abs_diff(other) <= near;
        let distance = if comparable { strsim::osa_distance(typed, candidate) } else { usize::MAX };
        (distance <= near).then_some((distance, candidate))
    };
    candidates.into_iter().filter_map(distance).min().map(|(_, candidate)| candidate)
}
