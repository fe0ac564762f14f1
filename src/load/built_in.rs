//! The files that come with the program: the default theme. They lie among the sources of every book, and a book's
//! own files of the same names take their places later, in `render`.

use crate::source::{BUILT_IN, File};

/// The default theme, which comes with the program.
const DEFAULT_THEME: &[(&str, &str)] = &[
    ("templates/base.html", include_str!("../../themes/default/templates/base.html")),
    ("templates/page.html", include_str!("../../themes/default/templates/page.html")),
    ("templates/section.html", include_str!("../../themes/default/templates/section.html")),
    ("templates/sidebar.html", include_str!("../../themes/default/templates/sidebar.html")),
    ("templates/404.html", include_str!("../../themes/default/templates/404.html")),
    ("templates/root.html", include_str!("../../themes/default/templates/root.html")),
    ("strings/en.toml", include_str!("../../themes/default/strings/en.toml")),
    ("strings/zh.toml", include_str!("../../themes/default/strings/zh.toml")),
    ("static/bilayer.css", include_str!("../../themes/default/static/bilayer.css")),
    ("static/bilayer.js", include_str!("../../themes/default/static/bilayer.js")),
    ("static/favicon.svg", include_str!("../../themes/default/static/favicon.svg")),
    ("theme.toml", include_str!("../../themes/default/theme.toml")),
    ("templates/example-calc.html", include_str!("../../themes/default/templates/example-calc.html")),
    ("static/examples.css", include_str!("../../themes/default/static/examples.css")),
    ("scripts/math.js", include_str!("../../themes/default/scripts/math.js")),
    ("scripts/format.js", include_str!("../../themes/default/scripts/format.js")),
    ("scripts/evaluate.js", include_str!("../../themes/default/scripts/evaluate.js")),
    ("scripts/plot.js", include_str!("../../themes/default/scripts/plot.js")),
    ("scripts/calc.js", include_str!("../../themes/default/scripts/calc.js")),
    ("scripts/trace.js", include_str!("../../themes/default/scripts/trace.js")),
    ("scripts/quiz.js", include_str!("../../themes/default/scripts/quiz.js")),
    ("scripts/main.js", include_str!("../../themes/default/scripts/main.js")),
    ("templates/example-sources.html", include_str!("../../themes/default/templates/example-sources.html")),
    ("templates/example-trace.html", include_str!("../../themes/default/templates/example-trace.html")),
    ("templates/example-quiz.html", include_str!("../../themes/default/templates/example-quiz.html")),
    ("templates/link.html", include_str!("../../themes/default/templates/link.html")),
];

/// The files that come with the program.
#[must_use]
pub fn built_in() -> Vec<File> {
    let file = |&(path, text): &(&str, &str)| File::text(format!("{BUILT_IN}{path}"), text);
    DEFAULT_THEME.iter().map(file).collect()
}
