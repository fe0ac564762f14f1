//! A page as its reader has it: opened, looked at, clicked and typed on.
//!
//! Whatever goes wrong fails the test at the line that asked.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::devtools::{DevTools, Fault};
use super::{console, keys};

/// How long a condition may take to become true.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long to wait between two looks at a page that cannot call back.
const PAUSE: Duration = Duration::from_millis(10);

/// A page in a browser, with cookies, storage and cache of its own. Closed when it is dropped.
pub struct Page {
    devtools: DevTools,
    /// The main frame.
    frame: String,
    /// Whether the page's scripts run.
    has_scripts: bool,
}

impl Page {
    /// A page without an address, 1280 by 800, light, in the browser that listens at `address`.
    #[track_caller]
    pub fn new(address: &str) -> Self {
        let mut page = ready(Self::create(address), "a new page");
        page.viewport(1280, 800, false);
        page
    }

    fn create(address: &str) -> Result<Self, Fault> {
        let mut devtools = DevTools::connect(address)?;
        // The context ends with this connection, and the page with the context.
        let context = devtools.call("Target.createBrowserContext", json!({ "disposeOnDetach": true }))?;
        let target = json!({ "url": "about:blank", "browserContextId": context["browserContextId"] });
        let target = devtools.call("Target.createTarget", target)?;
        let frame = target["targetId"].as_str().unwrap_or_default().to_owned();
        devtools.attach(&frame)?;
        for domain in ["Page", "Runtime", "Log", "Network", "Inspector"] {
            devtools.call(&format!("{domain}.enable"), json!({}))?;
        }
        devtools.call("Page.setLifecycleEventsEnabled", json!({ "enabled": true }))?;
        // Else only one page of the browser would have the focus.
        devtools.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }))?;
        Ok(Self { devtools, frame, has_scripts: true })
    }

    /// Gives any command of the DevTools protocol, for what has no method here.
    #[track_caller]
    pub fn command(&mut self, method: &str, parameters: Value) -> Value {
        let what = format!("{method} {parameters}");
        ready(self.devtools.call(method, parameters), &what)
    }

    /// Stops the scripts of all pages that are opened from now on. `eval` and the like still work, but for
    /// timers.
    #[track_caller]
    pub fn without_scripts(&mut self) {
        self.has_scripts = false;
        self.command("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    }

    /// Sets the size of the window in CSS pixels, and whether the reader likes it dark.
    #[track_caller]
    pub fn viewport(&mut self, width: u32, height: u32, dark: bool) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.command("Emulation.setDeviceMetricsOverride", size);
        // Scroll bars lie over the page, as on phones, or take 15 pixels of it: the size shall be the page's.
        self.command("Emulation.setScrollbarsHidden", json!({ "hidden": true }));
        let scheme = json!({ "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } });
        self.command("Emulation.setEmulatedMedia", json!({ "features": [scheme] }));
    }

    /// Sets the languages that the reader prefers: `zh-CN,en`.
    #[track_caller]
    pub fn languages(&mut self, tags: &str) {
        self.command("Emulation.setUserAgentOverride", json!({ "userAgent": "", "acceptLanguage": tags }));
    }

    /// Goes to an address and waits until the page and what it shows are loaded.
    #[track_caller]
    pub fn open(&mut self, url: &str) {
        let loaded = self.load(url);
        ready(loaded, url);
    }

    fn load(&mut self, url: &str) -> Result<(), Fault> {
        let before = self.devtools.events().len();
        let reply = self.devtools.call("Page.navigate", json!({ "url": url }))?;
        if let Some(error) = reply["errorText"].as_str() {
            return Err(Fault::Refused(error.to_owned()));
        }
        // Without a loader only the fragment has changed.
        let Some(loader) = reply["loaderId"].as_str() else { return Ok(()) };
        // A script may go on to another page before this one is loaded: that one is waited for, then.
        let mut has_begun = false;
        let frame = &self.frame;
        self.devtools.wait_for(before, "the page is not loaded", |event| {
            let values = &event["params"];
            let is_ours = event["method"] == "Page.lifecycleEvent" && values["frameId"] == **frame;
            has_begun |= is_ours && values["loaderId"] == loader;
            (has_begun && is_ours && values["name"] == "load").then_some(())
        })
    }

    /// The value of a JavaScript expression, awaited if it is a promise. An object literal needs
    /// parentheses; a statement is `eval::<()>("void (…)")`.
    #[track_caller]
    pub fn eval<T: DeserializeOwned>(&mut self, expression: &str) -> T {
        match self.try_eval(expression) {
            Ok(value) => value,
            Err(error) => panic!("{expression}\n{error}"),
        }
    }

    /// The same, or the text of what was thrown.
    pub fn try_eval<T: DeserializeOwned>(&mut self, expression: &str) -> Result<T, String> {
        let value = self.devtools.evaluate(expression).map_err(|fault| fault.to_string())?;
        serde_json::from_value(value.clone()).map_err(|error| format!("the value is {value}: {error}"))
    }

    /// Waits until a JavaScript expression is true; until then it may throw, and the page may go elsewhere.
    #[track_caller]
    pub fn wait_for(&mut self, condition: &str) {
        // What is true may be an element or a window, which cannot be brought out of the page.
        let met = self.until(&format!("(await ({condition}\n)) && true"), PATIENCE);
        self.expect_met(met, condition);
    }

    /// The first true value of an expression, or why there was none.
    fn until(&mut self, expression: &str, patience: Duration) -> Result<Value, String> {
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // Without scripts a page has no timers: it looks once, and is asked again.
            let patience = if self.has_scripts { left.as_millis() } else { 0 };
            let why = match self.devtools.evaluate(&poll(expression, patience)) {
                Ok(mut found) if found.get("value").is_some() => return Ok(found["value"].take()),
                Ok(found) => found["why"].as_str().unwrap_or_default().to_owned(),
                Err(Fault::Refused(reason)) => reason, // it may be under way to another address
                Err(fault) => return Err(fault.to_string()),
            };
            if left.is_zero() {
                return Err(why);
            }
            thread::sleep(PAUSE.min(left));
        }
    }

    #[track_caller]
    fn expect_met(&mut self, met: Result<Value, String>, what: &str) -> Value {
        match met {
            Ok(value) => value,
            Err(why) => {
                let place = self.try_eval::<String>("location.href").unwrap_or_else(|error| error);
                panic!("waited in vain for {what}\n  {why}\n  at {place}\n  console: {:#?}", self.console())
            }
        }
    }

    /// Clicks the middle of the first element of a CSS selector, scrolled into view if need be, once it is
    /// shown and nothing lies over it.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let place = self.until(&middle(selector), PATIENCE);
        let place = self.expect_met(place, &format!("a click on {selector}"));
        for (kind, buttons, count) in [("mouseMoved", 0, 0), ("mousePressed", 1, 1), ("mouseReleased", 0, 1)]
        {
            let button = if count == 0 { "none" } else { "left" };
            let event = json!({
                "type": kind, "x": place[0], "y": place[1], "button": button, "buttons": buttons, "clickCount": count,
            });
            self.command("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses and releases a key: `Enter`, `a`, `?`, `Shift+Tab`, `Control+k`.
    #[track_caller]
    pub fn key(&mut self, chord: &str) {
        let Some(events) = keys::events(chord) else { panic!("there is no key {chord}") };
        for event in events {
            self.command("Input.dispatchKeyEvent", event);
        }
    }

    /// Types into what has the focus: key by key, or as an input method does where no key has the character.
    #[track_caller]
    pub fn type_text(&mut self, text: &str) {
        for character in text.chars().map(String::from) {
            if keys::events(&character).is_some() {
                self.key(&character);
            } else {
                self.command("Input.insertText", json!({ "text": character }));
            }
        }
    }

    /// All that was logged since the page was made: messages, exceptions, violations of the content security
    /// policy, failed requests. `console` has the forms of the lines.
    #[track_caller]
    pub fn console(&mut self) -> Vec<String> {
        // What the page said before this answer comes before it.
        ready(self.devtools.evaluate("0"), "the console");
        console::lines(self.devtools.events())
    }

    /// Writes what is in the window to a PNG.
    #[track_caller]
    pub fn screenshot(&mut self, path: &Path) {
        let picture = self.command("Page.captureScreenshot", json!({ "format": "png" }));
        let bytes = from_base64(picture["data"].as_str().unwrap_or_default());
        let written = fs::write(path, bytes);
        assert!(written.is_ok(), "{}: {written:?}", path.display());
    }
}

/// Fails the test that asked for what there is not.
#[track_caller]
fn ready<T>(result: Result<T, Fault>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(fault) => panic!("{what}\n{fault}"),
    }
}

/// A promise of `{ value }`, the first true value of an expression, or of `{ why }` when the time is up.
fn poll(expression: &str, milliseconds: u128) -> String {
    format!(
        "(async () => {{
            const end = performance.now() + {milliseconds};
            for (let why; ;) {{
                try {{
                    const value = await ({expression}\n);
                    if (value) return {{ value }};
                    why = `it is ${{value}}`;
                }} catch (error) {{
                    why = String(error);
                }}
                if (performance.now() >= end) return {{ why }};
                await new Promise((next) => setTimeout(next, 10));
            }}
        }})()"
    )
}

/// The script that gives the middle of an element in the window, and throws if a click there would not hit it.
fn middle(selector: &str) -> String {
    let selector = json!(selector);
    format!(
        "(() => {{
            const element = document.querySelector({selector});
            if (!element) throw new Error('there is no such element');
            const middle = () => {{
                const box = [...element.getClientRects()].find((box) => box.width > 0 && box.height > 0);
                const isShown = box && element.checkVisibility({{ visibilityProperty: true }});
                if (!isShown) throw new Error('it is not shown');
                return [box.x + box.width / 2, box.y + box.height / 2];
            }};
            const top = () => document.elementFromPoint(...middle());
            if (!element.contains(top())) {{
                element.scrollIntoView({{ block: 'center', inline: 'center', behavior: 'instant' }});
            }}
            if (!element.contains(top())) throw new Error(`${{top()?.outerHTML.slice(0, 200)}} lies over it`);
            return middle();
        }})()"
    )
}

/// The bytes of a text in base64.
fn from_base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let values = text.bytes().filter_map(|byte| (0_u32..).zip(digits).find(|(_, digit)| **digit == byte));
    let values: Vec<_> = values.map(|(value, _)| value).collect();
    let group = |four: &[u32]| {
        let bits = four.iter().fold(0, |bits, value| bits << 6 | value) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    values.chunks(4).flat_map(group).collect()
}

mod tests {
    use std::time::Duration;

    use super::super::Browser;
    use super::middle;

    #[test]
    fn base64_is_read() {
        // RFC 4648, section 10.
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmE=", "fooba")]
        {
            assert_eq!(super::from_base64(text), bytes.as_bytes());
        }
    }

    #[test]
    fn who_waits_in_vain_learns_why() {
        let mut page = Browser::start().blank();
        let cover = "<i style='position: fixed; inset: 0'></i>";
        let body = format!("<p hidden>a</p><details><s>a</s></details><b>b</b>{cover}");
        page.eval::<()>(&format!("void (document.body.innerHTML = {body:?})"));
        let mut why = |expression: &str| page.until(expression, Duration::ZERO).expect_err("it cannot be");
        assert_eq!(why("document.body.children.length === 2"), "it is false");
        assert_eq!(
            why("document.querySelector('u').id"),
            "TypeError: Cannot read properties of null (reading 'id')"
        );
        assert!(why("1 +").contains("SyntaxError"));
        assert_eq!(why(&middle("u")), "Error: there is no such element");
        assert_eq!(why(&middle("p")), "Error: it is not shown");
        assert_eq!(why(&middle("s")), "Error: it is not shown");
        assert!(why(&middle("b")).ends_with("</i> lies over it"));
    }
}
