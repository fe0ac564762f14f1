//! The examples of our own course in a real browser: the same numbers as the build, and nothing else needed.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use bilayer::config;
use bilayer::evaluate::code::Machine;
use bilayer::evaluate::format::{self, Format, Numerals, Style, Unit};
use bilayer::evaluate::gather;
use bilayer::evaluate::model::Model;
use bilayer::evaluate::sample::Domain;
use bilayer::evaluate::worked::Examples;
use bilayer::pipeline::{self, Options, Quiet};
use bilayer::render::theme;
use bilayer::write::Site;
use serde_json::Value;

use crate::browser::{Browser, Page, Server};

/// How many inputs each example is tried with.
const TRIES: usize = 10_000;
/// They are compared in so many lots, so that a difference can be found again.
const LOTS: usize = 100;

/// The course as a site.
struct Course {
    server: Server,
    /// The files of the site that show an example, by their addresses below the root.
    pages: Vec<(String, String)>,
    examples: Examples,
    numerals: [Numerals; 2],
    _folder: tempfile::TempDir,
}

fn course() -> &'static Course {
    static COURSE: OnceLock<Course> = OnceLock::new();
    COURSE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (sources, _) = bilayer::load::load(root).expect("our own book can be read");
        let (config, _) = config::read(&sources);
        let (units, _) = gather::units(&config, &sources);
        let (examples, _) = gather::examples(&sources, &config, &units);
        let (theme, _) = theme::load(&sources, &config);
        let theme = theme.expect("the default theme is sound");
        let mut numerals = theme.strings.values().map(|words| words.numerals());
        let numerals = [(); 2].map(|()| numerals.next().expect("the course has two languages"));
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let site = Site::open(folder.path()).expect("the folder is empty");
        pipeline::build(&sources, &Options::default(), &mut pipeline::Memory::default(), &site, &Quiet);
        site.commit().expect("the site can be written");
        let pages = pages(folder.path());
        Course { server: Server::start(folder.path()), pages, examples, numerals, _folder: folder }
    })
}

/// The pages below a folder that show an example: address and text.
fn pages(folder: &Path) -> Vec<(String, String)> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let pages = files.filter(|entry| entry.file_name() == "index.html").filter_map(|entry| {
        let html = fs::read_to_string(entry.path()).expect("pages are UTF-8");
        let address = entry.path().parent()?.strip_prefix(folder).ok()?.display().to_string();
        html.contains("<figure class=\"example").then(|| (format!("/{address}/"), html))
    });
    pages.collect()
}

impl Course {
    fn open(&self, page: &str) -> Page {
        Browser::start().page(&self.server.url(page))
    }
}

/// The data of a page's script.
fn data(html: &str) -> Option<Value> {
    let (_, rest) = html.split_once("id=\"bilayer-data\">")?;
    serde_json::from_str(rest.split_once("</script>")?.0).ok()
}

/// The format that was compiled to this.
fn format_of(compiled: &Value) -> Format {
    let digits = u8::try_from(compiled[1].as_u64().expect("a number of digits")).expect("a small number");
    let style = match compiled[0].as_str().expect("a style") {
        "d" => Style::Digits(digits),
        "f" => Style::Fixed(digits),
        "p" => Style::Percent(digits),
        "b" => Style::Bps(digits),
        "c" => Style::Compact(digits),
        "s" => Style::Scientific(digits),
        "t" => Style::Date,
        "u" => Style::Duration,
        "y" => Style::YesNo,
        _ => Style::Auto,
    };
    let label = |at: usize| compiled[at].as_str().expect("a label").trim_start_matches('\u{a0}').to_owned();
    let scale = compiled[2].as_f64().expect("a scale");
    // A percent sign belongs to the style.
    let label = |at: usize| if matches!(style, Style::Percent(_)) { String::new() } else { label(at) };
    Format { style, unit: Unit { scale, one: label(3), many: label(4) } }
}

/// Numbers that look random and that both languages make alike, from plain arithmetic alone.
struct Draw(u32);

impl Draw {
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0) / 4_294_967_296.0
    }

    /// A value of an input. Where its scale is logarithmic most are small.
    fn value(&mut self, domain: &Domain) -> f64 {
        let part = self.part();
        let part = if domain.is_log { part * part * part * part * part * part } else { part };
        let value = domain.min + part * (domain.max - domain.min);
        match domain.step {
            Some(step) => domain.min + ((value - domain.min) / step + 0.5).floor() * step,
            None => value,
        }
    }
}

/// The same in the browser, with the sums that are compared: FNV-1a over the bits of raw values and over texts.
const SCRIPT: &str = r#"((key, count, lots) => {
  const data = JSON.parse(document.getElementById("bilayer-data").textContent);
  const knobs = data.models[key].i;
  const bits = new Float64Array(1), words = new Uint32Array(bits.buffer), sums = [];
  let seed = 1, sum;
  const part = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 4294967296;
  const add = (word) => { sum = Math.imul(sum ^ word, 16777619) >>> 0; };
  for (let n = 0; n < count; n++) {
    if (n % (count / lots) === 0) sum = 2166136261;
    const inputs = knobs.map(([, , min, max, step, isLog]) => {
      let at = part();
      if (isLog) at = at * at * at * at * at * at;
      const value = min + at * (max - min);
      return step ? min + Math.floor((value - min) / step + 0.5) * step : value;
    });
    const { raw, text } = bilayer.compute(key, inputs);
    for (const value of raw) {
      bits[0] = value === value ? value : 0;
      add(words[0]); add(words[1]);
    }
    for (const shown of text) for (let at = 0; at < shown.length; at++) add(shown.charCodeAt(at));
    if (n % (count / lots) === count / lots - 1) sums.push(sum);
  }
  return sums;
})"#;

/// What the build makes of one of the page's values.
struct Shown {
    slot: usize,
    format: Format,
    at: Vec<(usize, f64)>,
    brackets: u64,
}

fn shown(data: &Value, key: &str) -> Vec<Shown> {
    let values = data["values"].as_array().expect("a list of values");
    let one = |value: &Value| Shown {
        slot: value[1].as_u64().expect("a slot") as usize,
        format: format_of(&data["formats"][value[2].as_u64().expect("a format") as usize]),
        at: value[3]
            .as_array()
            .map(|pairs| {
                let pair = |pair: &Value| {
                    (pair[0].as_u64().expect("an input") as usize, pair[1].as_f64().expect("a value"))
                };
                pairs.iter().map(pair).collect()
            })
            .unwrap_or_default(),
        brackets: value[4].as_u64().expect("0, 1 or 2"),
    };
    values.iter().filter(|value| value[0] == key).map(one).collect()
}

/// The raw values and texts of a page's numbers at these inputs.
fn computed(model: &Model, inputs: &[f64], shown: &[Shown], numerals: &Numerals) -> (Vec<f64>, Vec<String>) {
    let mut machine = Machine::new(model.slots);
    let mut run_at: Option<&[(usize, f64)]> = None;
    let (mut raw, mut texts) = (Vec::new(), Vec::new());
    for one in shown {
        if run_at != Some(&one.at) {
            let mut moved = inputs.to_vec();
            one.at.iter().for_each(|&(at, value)| moved[at] = value);
            model.run_on(&mut machine, &moved);
            run_at = Some(&one.at);
        }
        let value = machine.slots[one.slot];
        let text = format::format(value, &one.format, numerals);
        let needs_brackets = match one.brackets {
            1 => text.starts_with(&numerals.minus),
            2 => !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')),
            _ => false,
        };
        raw.push(value);
        texts.push(if needs_brackets { format!("({text})") } else { text });
    }
    (raw, texts)
}

/// The sums that the build gives, and the inputs of each try.
fn sums(model: &Model, shown: &[Shown], numerals: &Numerals) -> (Vec<u32>, Vec<Vec<f64>>) {
    let (mut sums, mut all) = (Vec::new(), Vec::new());
    let mut draw = Draw(1);
    let mut sum = 0;
    let add = |sum: &mut u32, word: u32| *sum = (*sum ^ word).wrapping_mul(16_777_619);
    for n in 0..TRIES {
        if n % (TRIES / LOTS) == 0 {
            sum = 2_166_136_261;
        }
        let inputs: Vec<f64> = model.inputs.iter().map(|knob| draw.value(&knob.domain)).collect();
        let (raw, texts) = computed(model, &inputs, shown, numerals);
        for value in raw {
            let bits = if value.is_nan() { 0 } else { value.to_bits() };
            add(&mut sum, bits as u32);
            add(&mut sum, (bits >> 32) as u32);
        }
        texts.iter().flat_map(|text| text.encode_utf16()).for_each(|unit| add(&mut sum, u32::from(unit)));
        if n % (TRIES / LOTS) == TRIES / LOTS - 1 {
            sums.push(sum);
        }
        all.push(inputs);
    }
    (sums, all)
}

#[test]
fn build_and_browser_compute_and_show_the_same() {
    use rayon::prelude::*;
    let course = course();
    let compare = |(address, html): &(String, String)| {
        let Some(data) = data(html) else { return Vec::new() };
        let mut page = course.open(address);
        let numerals = &course.numerals[usize::from(address.starts_with("/zh/"))];
        let keys: Vec<String> =
            data["models"].as_object().map(|models| models.keys().cloned().collect()).unwrap_or_default();
        let mut compared = Vec::new();
        for key in keys {
            let model = &course.examples[&key].calc().expect("only calculations have models").model;
            let shown = shown(&data, &key);
            let (built, inputs) = sums(model, &shown, numerals);
            let seen: Vec<u32> = page.eval(&format!("{SCRIPT}({key:?}, {TRIES}, {LOTS})"));
            if let Some(lot) = built.iter().zip(&seen).position(|(built, seen)| built != seen) {
                let size = TRIES / LOTS;
                for inputs in &inputs[lot * size..(lot + 1) * size] {
                    let call = format!(
                        "(({{ raw, text }}) => [raw.map((x) => Object.is(x, -0) ? \"-0\" : String(x)), text])(bilayer.compute({key:?}, {inputs:?}))"
                    );
                    let (raw, text): (Vec<String>, Vec<String>) = page.eval(&call);
                    let (built_raw, built_text) = computed(model, inputs, &shown, numerals);
                    assert_eq!(text, built_text, "{address} {key} at {inputs:?}");
                    let built_raw: Vec<String> = built_raw.iter().map(|value| format!("{value:?}")).collect();
                    let bits = |text: &String| text.parse::<f64>().map(f64::to_bits);
                    for (at, (seen, built)) in raw.iter().zip(&built_raw).enumerate() {
                        let slot = shown[at].slot;
                        assert!(
                            bits(seen) == bits(built),
                            "{address} {key} slot {slot}: {seen} in the browser, {built} in the build, at {inputs:?}"
                        );
                    }
                }
                panic!("{address} {key}: lot {lot} differs, but no single value does");
            }
            let drawings: Vec<String> = page.eval(&format!("bilayer.compute({key:?}).chart"));
            for drawing in drawings {
                assert!(html.contains(&drawing), "{address} {key}: the browser draws {drawing}");
            }
            compared.push((key, shown.len()));
        }
        compared
    };
    let compared: Vec<_> = course.pages.par_iter().flat_map_iter(compare).collect();
    let values: usize = compared.iter().map(|(_, values)| values * TRIES).sum();
    assert!(compared.len() >= 2, "no page has a calculation");
    let report = format!("browser: {} figures, {values} values equal\n", compared.len());
    std::io::stderr().write_all(report.as_bytes()).expect("there is a standard error");
}

#[test]
fn pages_with_examples_keep_a_strict_policy_and_an_empty_console() {
    let course = course();
    for (address, _) in &course.pages {
        let mut page = course.open(address);
        page.wait_for("document.readyState === 'complete'");
        assert_eq!(page.console(), Vec::<String>::new(), "{address}");
    }
}

#[test]
fn without_scripts_every_value_is_there() {
    let course = course();
    for (address, html) in &course.pages {
        let mut page = Browser::start().blank();
        page.without_scripts();
        page.open(&course.server.url(address));
        let empty: usize = page.eval(
            "[...document.querySelectorAll('[data-v], data')].filter((e) => !e.textContent.trim()).length",
        );
        assert_eq!(empty, 0, "{address}");
        let inputs: usize = page.eval("[...document.querySelectorAll('.example :is(input, button)')].filter((e) => e.checkVisibility()).length");
        assert_eq!(inputs, 0, "{address} has controls that do nothing");
        let plots: usize = page.eval("document.querySelectorAll('.example-plot svg path').length");
        assert!(plots > 0 || !html.contains("example-plot"), "{address}");
    }
}

#[test]
fn a_moved_input_changes_prose_formulas_and_plot_and_is_in_the_address() {
    let course = course();
    for lang in ["en", "zh"] {
        let (address, html) = course
            .pages
            .iter()
            .find(|(address, _)| {
                address.starts_with(&format!("/{lang}/")) && address.contains("impermanent-loss")
            })
            .expect("the course has a page on impermanent loss");
        let data = data(html).expect("the page has data");
        let key = data["models"].as_object().and_then(|models| models.keys().next()).expect("it has a model");
        let mut page = course.open(address);
        let texts = "[...document.querySelectorAll('[data-v]')].map((e) => e.textContent)";
        let drawing = "[...document.querySelectorAll('.drawing')].map((e) => e.innerHTML).join()";
        let before: Vec<String> = page.eval(texts);
        let drawn: String = page.eval(drawing);
        page.eval::<()>("void document.querySelector('[data-input=\"0\"] input[type=range]').focus()");
        page.key("ArrowRight");
        page.wait_for(&format!("location.search.includes('{key}.')"));
        let after: Vec<String> = page.eval(texts);
        assert_ne!(before, after);
        let in_prose: usize = page.eval("[...document.querySelectorAll('.prose > p data[data-v]')].length");
        assert!(in_prose > 0, "{address} has no value in a sentence");
        assert_ne!(drawn, page.eval::<String>(drawing));
        // The address brings the same state back.
        let url: String = page.eval("location.href");
        let mut again = Browser::start().page(&url);
        assert_eq!(again.eval::<Vec<String>>(texts), after);
        // And one click takes it away.
        page.click(".example-actions button");
        page.wait_for("location.search === ''");
        assert_eq!(page.eval::<Vec<String>>(texts), before);
        assert_eq!(page.console(), Vec::<String>::new());
    }
}

#[test]
fn a_protocol_is_walked_through_and_a_question_answered_by_keyboard() {
    let course = course();
    for lang in ["en", "zh"] {
        let mut page = course.open(&format!("/{lang}/channels/payment-channels/"));
        let walked = "document.querySelectorAll('.trace-steps li.now').length";
        assert_eq!(page.eval::<usize>(walked), 0);
        page.eval::<()>("void document.querySelectorAll('.trace-controls button')[2].focus()");
        page.key("Enter");
        page.wait_for(&format!("{walked} > 0"));
        let mut page = course.open(&format!("/{lang}/rollups/zk-rollups/"));
        page.eval::<()>("void document.querySelector('.quiz input[type=radio]').focus()");
        page.key(" ");
        page.eval::<()>(
            "void document.querySelector('.quiz:has(input[type=radio]) .quiz-actions button').focus()",
        );
        page.key("Enter");
        page.wait_for(
            "document.querySelector('.quiz:has(input[type=radio]) [role=status]').textContent.trim() !== ''",
        );
        assert_eq!(page.console(), Vec::<String>::new());
    }
}

#[test]
fn the_script_is_small() {
    let course = course();
    let script = fs::read_dir(course._folder.path()).expect("the site is there").flatten().find(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("examples.") && name.ends_with(".js")
    });
    let text = fs::read(script.expect("the site has the script").path()).expect("it can be read");
    let limit = 15_000;
    let bytes = gzipped(&text);
    assert!(bytes < limit, "{bytes} bytes compressed; {limit} are allowed");
}

/// How many bytes a server sends for a text: `gzip` is part of every Debian.
fn gzipped(text: &[u8]) -> usize {
    let mut gzip = Command::new("gzip");
    let mut gzip =
        gzip.arg("-9").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("there is gzip");
    let mut input = gzip.stdin.take().expect("its input is piped");
    // The script is smaller than a pipe and its output smaller still, so that neither side waits for the other.
    input.write_all(text).expect("gzip reads");
    drop(input);
    gzip.wait_with_output().expect("gzip ends").stdout.len()
}
