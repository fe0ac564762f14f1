//! A page of the preview, open in a browser, with its reader in the middle of something.

use serde::Deserialize;
use serde_json::{Value, json};

use super::command::Preview;
use crate::browser::{Browser, Page};

/// Runs before all scripts of a page: notes what it is told and what it asks for.
const NOTES: &str = "
    window.heard = [];
    window.asked = [];
    window.EventSource = class extends EventSource {
      constructor(...values) {
        super(...values);
        this.addEventListener('message', ({ data }) => heard.push(JSON.parse(data)));
      }
    };
    const real = window.fetch;
    window.fetch = async (...values) => {
      const response = await real(...values);
      await response.clone().text();
      asked.push(new URL(values[0], location).pathname);
      return response;
    };";

/// The reader opens the fold, moves an input of the example and scrolls down; the theme marks where they are.
const SETTLE: &str = "(async () => {
    window.mark = 1;
    document.querySelector('#fold').open = true;
    const slider = document.querySelector('.example input[type=range]');
    slider.value = 700;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    window.moved = slider.value;
    scrollTo({ top: 900, behavior: 'instant' });
    const isDone = () => location.search.includes('fee.price') && document.querySelector('.contents [aria-current]');
    while (!isDone()) await new Promise((next) => setTimeout(next, 10));
    window.place = scrollY; // the moved example has grown
    window.total = document.querySelector('main p [data-v]').textContent;
    window.touched = [];
    const told = ({ type, attributeName, target }) => [type, attributeName ?? '', target.nodeName].join(' ');
    new MutationObserver((all) => touched.push(...all.map(told)))
      .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    window.begun = asked.length;
  })()";

/// What is wrong with a page that was patched, in words.
const LOST: &str = "[
    [window.mark === 1, 'it was loaded again'],
    [performance.getEntriesByType('navigation').length === 1, 'it has navigated'],
    [document.querySelector('#fold')?.open, 'the fold is closed'],
    [Math.abs(scrollY - window.place) <= 1, `scrolled from ${window.place} to ${scrollY}`],
    [document.querySelector('.example input[type=range]')?.value === window.moved, 'the input is back'],
    [document.querySelector('main p [data-v]').textContent === window.total, 'the number in the text is back'],
    [location.search.includes('fee.price'), 'the input is not in the address'],
  ].filter(([is]) => !is).map(([, text]) => text)";

/// The report over a page.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Overlay {
    /// The heading of the open sheet, or the text of the pill; empty if neither is to be seen.
    pub title: String,
    /// Whether the sheet is open.
    pub is_open: bool,
    /// For each problem its code, its place and what is marked.
    pub problems: Vec<[String; 3]>,
}

/// An open page.
pub struct Tab {
    /// In the browser.
    pub page: Page,
}

impl Tab {
    /// Opens the page at a path of the site and waits until it follows the book.
    #[track_caller]
    pub fn open(preview: &Preview, path: &str) -> Self {
        let mut page = Browser::start().blank();
        page.command("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NOTES }));
        page.open(&preview.url(path));
        let mut tab = Self { page };
        tab.follows();
        tab
    }

    /// Waits until the page has been told something and, if it is a page, has asked for itself: from then on it can
    /// be patched. Marks it.
    #[track_caller]
    pub fn follows(&mut self) {
        self.page.wait_for("window.heard?.length && (asked.length || !heard.at(-1).key)");
        self.page.eval::<()>("void (window.mark = 1)");
    }

    /// Puts the reader into the middle of the long page.
    #[track_caller]
    pub fn settle(&mut self) {
        self.page.wait_for("document.querySelector('.example input[type=range]')");
        self.page.eval::<()>(SETTLE);
        assert!(self.page.eval::<f64>("scrollY") > 800.0, "the page does not scroll");
    }

    /// Waits until the text of the page has `text`, which came without a reload.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        self.page.wait_for(&format!("document.body.textContent.includes({})", json!(text)));
        self.was_not_loaded_again();
    }

    /// Fails if the page was loaded again since it was opened.
    #[track_caller]
    pub fn was_not_loaded_again(&mut self) {
        assert!(self.page.eval::<bool>("window.mark === 1"), "the page was loaded again");
    }

    /// Fails unless the reader is where [`Tab::settle`] has left them, and the browser has nothing to complain of.
    #[track_caller]
    pub fn is_settled(&mut self) {
        let lost: Vec<String> = self.page.eval(LOST);
        assert!(lost.is_empty(), "{lost:?}");
        self.is_quiet();
    }

    /// Fails if the browser has something to complain of.
    #[track_caller]
    pub fn is_quiet(&mut self) {
        let console = self.page.console();
        assert!(console.is_empty(), "{console:#?}");
    }

    /// Waits until the page was told of an edition, and fails if anything in it was touched or asked for since the
    /// reader settled.
    #[track_caller]
    pub fn is_untouched_by(&mut self, build: u64) {
        self.page.wait_for(&format!("heard.at(-1).build >= {build}"));
        let (touched, asked): (Vec<String>, Vec<String>) = self.page.eval("[touched, asked.slice(begun)]");
        assert!(touched.is_empty() && asked.is_empty(), "touched: {touched:?}; fetched: {asked:?}");
        self.is_settled();
    }

    /// The number of the edition that the page was told of last.
    pub fn build(&mut self) -> u64 {
        self.page.eval("heard.at(-1).build")
    }

    /// What the page was told last.
    pub fn event(&mut self) -> Value {
        self.page.eval("heard.at(-1)")
    }

    /// What is to be seen of problems.
    pub fn overlay(&mut self) -> Overlay {
        self.page.eval(
            "(() => {
              const root = document.querySelector('bilayer-preview').shadowRoot, $ = (s) => root.querySelector(s);
              const isOpen = !$('section').hidden, pill = $('.pill').hidden ? '' : $('.pill').textContent;
              const text = (item, selector) => item.querySelector(selector)?.textContent ?? '';
              const problems = isOpen ? [...root.querySelectorAll('ol > li:not(.more)')] : [];
              return {
                title: isOpen ? $('h2').textContent : pill,
                is_open: isOpen,
                problems: problems.map((item) => [
                  text(item, '.message [lang]'), text(item, '.place'), text(item, '.source mark'),
                ]),
              };
            })()",
        )
    }
}
