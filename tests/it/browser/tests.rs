//! The driver itself: what a page does is seen, what is done to a page arrives.

use std::fs;

use super::{Browser, Page, Server};

/// A site with one page and its script.
struct Site {
    server: Server,
    /// Removed after the server has stopped: fields are dropped in order.
    _folder: tempfile::TempDir,
}

impl Site {
    /// The page has `body`, its script `/script.js` is `script`; `/next/` is a page with the title "Next".
    fn new(body: &str, script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let page = |title: &str, body: &str| {
            format!(
                "<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href=/icon.svg><title>{title}</title>{body}"
            )
        };
        fs::create_dir(folder.path().join("next")).expect("the folder can be made");
        let icon = "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned();
        let body = format!("{body}<script src=/script.js></script>");
        let files = [
            ("index.html", page("First", &body)),
            ("script.js", script.to_owned()),
            ("next/index.html", page("Next", "<h1>Next</h1>")),
            ("icon.svg", icon),
        ];
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("the file can be written");
        }
        Self { server: Server::start(folder.path()), _folder: folder }
    }

    fn open(&self) -> Page {
        Browser::start().page(&self.server.url("/"))
    }
}

/// The lines of the console, the server's address taken out.
fn console(page: &mut Page, site: &Site) -> Vec<String> {
    page.console().iter().map(|line| line.replace(&site.server.url(""), "")).collect()
}

#[test]
fn what_a_page_logs_and_throws_is_seen() {
    let site = Site::new("", "console.warn('gas', 21000, null);\nthrow new Error('out of gas');");
    let mut page = site.open();
    let wanted = ["console.warning: gas 21000 null", "exception: Error: out of gas (/script.js:2)"];
    assert_eq!(console(&mut page, &site), wanted);
}

#[test]
fn inline_scripts_are_blocked_and_seen() {
    let site = Site::new("<script>document.title = 'Inline'</script>", "");
    let mut page = site.open();
    assert_eq!(page.eval::<String>("document.title"), "First");
    let console = page.console();
    assert!(console.len() == 1 && console[0].starts_with("security error: "), "{console:#?}");
    assert!(console[0].contains("Content Security Policy"), "{console:#?}");
}

#[test]
fn failed_requests_are_seen() {
    let site = Site::new("<img src=none.png><img src=http://127.0.0.2/far.png>", "");
    let mut page = site.open();
    let console = console(&mut page, &site);
    let has = |text: &str| console.iter().any(|line| line.contains(text));
    assert!(
        has("network error: Failed to load resource") && has("404") && has("(/none.png)"),
        "{console:#?}"
    );
    assert!(has("http://127.0.0.2/far.png") && has("blocked by csp"), "{console:#?}");
}

#[test]
fn a_clean_page_says_nothing() {
    let site = Site::new("<p>Nothing.</p>", "document.title = 'Done'");
    let mut page = site.open();
    assert_eq!(page.eval::<String>("document.title"), "Done");
    assert_eq!(page.console(), [""; 0]);
}

#[test]
fn without_scripts_a_page_shows_what_it_has_for_that() {
    let body = "<noscript><p id=without>No scripts.</p></noscript><a href=/next/>on</a>";
    let site = Site::new(body, "document.title = 'Scripts'; setTimeout(() => document.title = 'Timer')");
    let mut with = site.open();
    assert_eq!(with.eval::<Option<String>>("document.querySelector('#without')?.textContent"), None);
    let mut page = Browser::start().blank();
    page.without_scripts();
    page.open(&site.server.url("/"));
    page.wait_for("document.querySelector('#without').offsetHeight > 0");
    assert_eq!(page.eval::<String>("document.title"), "First");
    assert_eq!(page.eval::<u32>("Promise.resolve(7)"), 7);
    page.click("a");
    page.wait_for("document.title === 'Next'");
    assert_eq!(page.console(), [""; 0]);
}

#[test]
fn input_arrives_as_a_reader_makes_it() {
    let body = format!("<button>Press</button>{}<input>", "<br>".repeat(200));
    let script = "
        const log = [];
        const note = (event) => log.push([event.type, event.isTrusted, event.key ?? event.target.value].join(' '));
        document.querySelector('button').addEventListener('click', note);
        document.querySelector('input').addEventListener('keydown', note);
        document.querySelector('input').addEventListener('change', note);
        window.take = () => log.splice(0);";
    let site = Site::new(&body, script);
    let mut page = site.open();
    page.click("button");
    assert_eq!(page.eval::<Vec<String>>("take()"), ["click true "]);
    page.click("input");
    assert!(page.eval::<f64>("scrollY") > 2000.0);
    page.type_text("aB 汇?");
    assert_eq!(page.eval::<String>("document.querySelector('input').value"), "aB 汇?");
    page.key("Backspace");
    page.key("Enter");
    let wanted = ["a", "B", " ", "?", "Backspace", "Enter"].map(|key| format!("keydown true {key}"));
    let log = page.eval::<Vec<String>>("take()");
    assert_eq!(log, [wanted.as_slice(), &["change true aB 汇".to_owned()]].concat());
    page.key("Shift+Tab");
    assert_eq!(page.eval::<String>("document.activeElement.textContent"), "Press");
    page.key(" ");
    assert_eq!(page.eval::<Vec<String>>("take()"), ["keydown true Tab", "click true "]);
    page.key("Control+a");
    assert!(page.eval::<bool>("getSelection().toString().includes('Press')"));
}

#[test]
fn values_and_errors_come_out_of_a_page() {
    let site = Site::new("", "");
    let mut page = site.open();
    assert_eq!(page.eval::<(u8, String)>("Promise.resolve([1, '汇总'])"), (1, "汇总".to_owned()));
    assert_eq!(page.eval::<Option<u8>>("undefined"), None);
    page.eval::<()>("void (document.title = 'Set')");
    let error =
        |page: &mut Page, expression| page.try_eval::<u8>(expression).expect_err("it is not a number");
    assert!(
        error(&mut page, "(() => { throw new RangeError('too much') })()").contains("RangeError: too much")
    );
    assert!(error(&mut page, "Promise.reject('no')").contains("no"));
    assert!(error(&mut page, "1 +").contains("SyntaxError"));
    assert!(error(&mut page, "'text'").contains(r#"the value is "text""#));
}

#[test]
fn waiting_goes_on_over_timers_and_addresses() {
    let site = Site::new("<a href=/next/>on</a>", "setTimeout(() => document.title = 'Later', 50)");
    let mut page = site.open();
    page.wait_for("document.title === 'Later'");
    page.wait_for("window");
    page.click("a");
    page.wait_for("fetch('/').then(() => document.querySelector('h1').textContent === 'Next')");
    page.eval::<()>("void setTimeout(() => location.replace('/'), 10)");
    page.wait_for("document.title === 'First' || document.title === 'Later'");
}

#[test]
fn a_page_that_goes_on_at_once_is_waited_for() {
    let site = Site::new("", "location.replace('/next/#there')");
    let mut page = site.open();
    page.wait_for("document.title === 'Next'");
    assert_eq!(page.eval::<String>("location.hash"), "#there");
}

#[test]
fn dialogs_stop_nothing() {
    let site = Site::new(
        "<button>Ask</button>",
        "document.querySelector('button').onclick = () => confirm('Sure?')",
    );
    let mut page = site.open();
    page.click("button");
    assert!(page.eval::<bool>("confirm('Again?')"));
    assert_eq!(page.console(), ["dialog: Sure?", "dialog: Again?"]);
}

#[test]
fn the_window_has_the_size_and_the_scheme_that_were_asked_for() {
    let site = Site::new("", "");
    let mut page = site.open();
    let dark = "[document.documentElement.clientWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches]";
    assert_eq!(page.eval::<(u32, u32, bool)>(dark), (1280, 800, false));
    page.viewport(390, 844, true);
    assert_eq!(page.eval::<(u32, u32, bool)>(dark), (390, 844, true));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("page.png");
    page.screenshot(&path);
    let bytes = fs::read(&path).expect("the picture is written");
    let size = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    assert_eq!((&bytes[..8], size(16), size(20)), (b"\x89PNG\r\n\x1a\n".as_slice(), 390, 844));
    assert!(bytes.ends_with(b"IEND\xaeB`\x82"), "the picture is whole");
}

#[test]
fn pages_share_nothing() {
    let site = Site::new("", "");
    let (mut one, mut other) = (site.open(), site.open());
    one.eval::<()>("localStorage.setItem('language', 'zh')");
    assert_eq!(one.eval::<Option<String>>("localStorage.getItem('language')"), Some("zh".to_owned()));
    assert_eq!(other.eval::<Option<String>>("localStorage.getItem('language')"), None);
    assert!(one.eval::<bool>("document.hasFocus()") && other.eval::<bool>("document.hasFocus()"));
}

#[test]
fn a_reader_prefers_a_language() {
    let site = Site::new("", "");
    let mut page = site.open();
    assert_eq!(page.eval::<Vec<String>>("navigator.languages"), ["en-US", "en"]);
    page.languages("zh-CN,en");
    assert_eq!(page.eval::<Vec<String>>("navigator.languages"), ["zh-CN", "en"]);
    assert!(page.eval::<String>("navigator.userAgent").contains("Chrome"), "nothing else has changed");
}

#[test]
#[should_panic(expected = "the page crashed")]
fn a_crash_is_noticed_at_once() {
    Browser::start().blank().command("Page.crash", serde_json::json!({}));
}
