//! Mistakes, made while pages are open: what is said over them, that they stay as they were, and that it is over when
//! the mistake is.

use super::book::Book;
use super::command::Preview;
use super::tab::{Overlay, Tab};
use crate::run::wait;

/// Waits for what is to be seen of problems.
#[track_caller]
fn reports(tab: &mut Tab, what: &str, is_wanted: impl Fn(&Overlay) -> bool) -> Overlay {
    wait(what, || {
        let overlay = tab.overlay();
        if is_wanted(&overlay) { Ok(overlay) } else { Err(format!("{overlay:?}")) }
    })
}

/// The page and its scroll position, but for what the preview says over it.
fn look(tab: &mut Tab) -> (String, f64) {
    tab.page.eval("[document.body.outerHTML, scrollY]")
}

/// Makes a mistake in a file, one place that is `sound` there made `broken` (a new file if it is empty), with the long page open in both
/// languages. In those of `here` a sheet opens, which says `code`, the place and what is marked there; elsewhere there
/// is no sheet. Nothing else of the pages changes. Then the mistake is mended.
#[track_caller]
fn check(file: &str, (sound, broken): (&str, &str), problem: [&str; 3], here: &[&str]) {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tabs = ["en", "zh"].map(|lang| (lang, Tab::open(&preview, &format!("{lang}/long/"))));
    let before = tabs.each_mut().map(|(_, tab)| {
        tab.settle();
        look(tab)
    });
    if sound.is_empty() {
        book.write(file, broken);
    } else {
        book.change(file, sound, broken);
    }
    for ((lang, tab), before) in tabs.iter_mut().zip(&before) {
        if here.contains(lang) {
            let overlay = reports(tab, "the sheet", |overlay| overlay.is_open);
            assert_eq!(overlay.problems.first(), Some(&problem.map(str::to_owned)), "{lang}");
            let title = if *lang == "zh" { "个错误" } else { "error" };
            assert!(overlay.title.contains(title), "{overlay:?}");
        } else {
            let overlay = reports(tab, "the pill", |overlay| !overlay.title.is_empty());
            assert!(!overlay.is_open && overlay.title.contains(file), "{overlay:?}");
        }
        // What the page has asked for on hearing of it is answered before this is.
        (0..3).for_each(|_| drop(preview.get(&format!("{lang}/long/"))));
        assert!(look(tab) == *before, "{lang}: the page does not stay as it was");
        tab.is_settled();
    }
    if sound.is_empty() {
        book.remove(file);
    } else {
        book.change(file, broken, sound);
    }
    for ((lang, tab), before) in tabs.iter_mut().zip(&before) {
        reports(tab, "nothing", |overlay| *overlay == Overlay::default());
        assert!(look(tab) == *before, "{lang}: the page is not what it was before the mistake");
        tab.is_settled();
    }
}

const BOTH: &[&str] = &["en", "zh"];

#[test]
fn a_link_to_nothing() {
    let problem = ["link-broken", "content/en/long.md:10:36", "nowhere.md"];
    check("content/en/long.md", ("(beside.md)", "(nowhere.md)"), problem, &["en"]);
    let problem = ["link-broken", "content/zh/long.md:9:15", "nowhere.md"];
    check("content/zh/long.md", ("(beside.md)", "(nowhere.md)"), problem, &["zh"]);
}

#[test]
fn front_matter_that_is_not_yaml() {
    let problem = ["front-matter-invalid", "content/en/long.md:2:8", "\"Long"];
    check("content/en/long.md", ("title: Long", "title: \"Long"), problem, &["en"]);
}

#[test]
fn an_expression_that_cannot_be_computed() {
    let problem = ["name-unknown", "content/examples/fee.yaml:7:30", "tips"];
    check("content/examples/fee.yaml", ("be: price + tip", "be: price + tips"), problem, BOTH);
}

#[test]
fn a_template_that_cannot_be_read() {
    let problem = ["template-invalid", "templates/page.html:2:24", "%}"];
    check(
        "templates/page.html",
        ("", "{% extends \"default/page.html\" %}\n{% block after %}{% if %}\n"),
        problem,
        BOTH,
    );
}

#[test]
fn a_name_that_no_template_has() {
    let text = "{% extends \"default/page.html\" %}\n{% block after %}{{ page.nothing.at_all }}{% endblock after %}\n";
    check(
        "templates/page.html",
        ("", text),
        ["template-invalid", "templates/page.html:2:26", "nothing"],
        BOTH,
    );
}

#[test]
fn an_unknown_key_in_the_configuration() {
    let problem = ["config-unknown-key", "book.toml:13:1", "aditional-css"];
    check("book.toml", ("additional-css", "aditional-css"), problem, BOTH);
}

#[test]
fn an_error_and_a_warning_elsewhere_are_told_quietly() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tab = Tab::open(&preview, "en/long/");
    tab.settle();
    book.change("content/en/beside.md", "(long.md)", "(nowhere.md)");
    let overlay = reports(&mut tab, "the pill", |overlay| !overlay.title.is_empty());
    assert_eq!((overlay.title.as_str(), overlay.is_open), ("1 error in content/en/beside.md", false));
    // The author opens the sheet and folds it again; it stays as they left it.
    tab.page.eval::<()>(
        "void document.querySelector('bilayer-preview').shadowRoot.querySelector('.pill').click()",
    );
    let overlay = reports(&mut tab, "the sheet", |overlay| overlay.is_open);
    assert_eq!(
        overlay.problems,
        [["link-broken", "content/en/beside.md:6:26", "nowhere.md"].map(str::to_owned)]
    );
    tab.page.key("Escape");
    let build = tab.build();
    book.change("content/zh/beside.md", "(long.md)", "(nowhere.md)");
    tab.page.wait_for(&format!("heard.at(-1).build > {build}"));
    let overlay = reports(&mut tab, "both", |overlay| overlay.title.contains('2'));
    assert_eq!((overlay.title.as_str(), overlay.is_open), ("2 errors", false));
    tab.is_settled();
}

/// Starts over a book with a mistake that leaves nothing to show, and mends it while pages are open.
#[track_caller]
fn check_start(book: &Book, reported: &str, mend: impl FnOnce()) {
    let preview = Preview::start(book.folder(), "");
    for path in ["", "en/long/", "zh/none/"] {
        let reply = preview.get(path);
        assert_eq!(reply.status, 503, "{path}: {}", reply.text());
        reply.page().expect("the report is a page, and the script follows the book");
        let text = reply.text();
        assert!(text.contains(reported) && text.contains("暂时没有可看的"), "{text}");
    }
    let mut tabs = ["en", "zh"].map(|lang| Tab::open(&preview, &format!("{lang}/long/")));
    mend();
    for (tab, last) in tabs.iter_mut().zip(["Last words.", "最后的话。"]) {
        tab.page.wait_for(&format!("document.querySelector('.prose').textContent.includes('{last}')"));
        tab.follows();
        assert_eq!(tab.overlay(), Overlay::default());
    }
    book.change("content/zh/long.md", "最后的话。", "又说一遍。");
    tabs[1].shows("又说一遍。");
}

#[test]
fn a_start_without_a_configuration() {
    let book = Book::new();
    let text = book.read("book.toml");
    book.remove("book.toml");
    check_start(&book, "book.toml", || book.write("book.toml", &text));
}

#[test]
fn a_start_with_a_broken_template() {
    let book = Book::new();
    book.write("templates/base.html", "{% if %}\n");
    check_start(&book, "templates/base.html:1:7", || book.remove("templates/base.html"));
}

#[test]
fn a_page_that_is_opened_with_its_mistake_is_mended_in_place() {
    let book = Book::new();
    book.change("content/zh/long.md", "(beside.md)", "(nowhere.md)");
    let preview = Preview::start(book.folder(), "");
    let mut tab = Tab::open(&preview, "zh/long/");
    reports(&mut tab, "the sheet", |overlay| overlay.is_open);
    book.change("content/zh/long.md", "(nowhere.md)", "(beside.md)");
    reports(&mut tab, "nothing", |overlay| *overlay == Overlay::default());
    tab.page.wait_for("document.querySelector('main .prose a[href=\"../beside/\"]')");
    tab.was_not_loaded_again();
}

/// Waits until a page was told of these problems and no others, by their codes.
#[track_caller]
fn hears(tab: &mut Tab, codes: &[&str]) {
    let told = "heard.at(-1).problems.map(({ code }) => code).sort().join()";
    tab.page.wait_for(&format!("{told} === '{}'", codes.join(",")));
}

#[test]
fn while_the_configuration_is_wrong_only_that_is_said() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tab = Tab::open(&preview, "zh/");
    let config = book.read("book.toml");
    let titled = |line: &str| config.replace("title = \"Test\"", &format!("title = \"Test\"\n{line}"));
    book.write("book.toml", &config.replace("additional-css", "theme = \"fancy\"\nadditional-css"));
    hears(&mut tab, &["theme-missing"]);
    book.write("book.toml", &titled("autors = []"));
    hears(&mut tab, &["config-unknown-key"]);
    book.write("book.toml", &config);
    hears(&mut tab, &[]);
}

#[test]
fn a_template_that_fails_and_is_changed_is_not_said_to_fail_where_it_was() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tab = Tab::open(&preview, "en/");
    let template = |inside: &str| {
        format!("{{% extends \"default/page.html\" %}}{{% block after %}}{inside}{{% endblock after %}}")
    };
    book.write("templates/page.html", &template("{{ page.titel }}"));
    hears(&mut tab, &["template-invalid"]);
    assert_eq!(tab.event()["gone"], false);
    book.write("templates/page.html", &template("{{ page.title }"));
    tab.page.wait_for("heard.at(-1).problems.every(({ message }) => !message.includes('titel'))");
    hears(&mut tab, &["template-invalid"]);
    book.write("templates/page.html", &template("{{ page.title }}"));
    hears(&mut tab, &[]);
}

#[test]
fn a_fence_that_swallows_the_page_takes_nobody_to_its_top() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let mut tab = Tab::open(&preview, "en/long/");
    let text = book.read("content/en/long.md");
    tab.page.eval::<()>("void scrollTo({ top: 900, behavior: 'instant' })");
    book.write("content/en/long.md", &text.replacen("Third paragraph", "~~~\nThird paragraph", 1));
    tab.page.wait_for("document.querySelector('.prose > pre')?.textContent.includes('Last words.')");
    tab.was_not_loaded_again();
    assert!(tab.page.eval::<f64>("scrollY") > 0.0, "the reader is at the top");
    book.write("content/en/long.md", &text);
    tab.page.wait_for("!document.querySelector('.prose > pre')?.textContent.includes('Last words.')");
    assert!(tab.page.eval::<f64>("scrollY") > 0.0, "the reader is at the top");
}
