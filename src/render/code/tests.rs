//! Code in, HTML out, for the languages books use most; then what must hold for any code.

use std::thread;

use super::memo::Limits;
use super::*;

fn html(highlighter: &Highlighter, name: &str, code: &str) -> String {
    let language = highlighter.language(name).expect("a language the test names");
    let mut out = String::new();
    highlighter.highlight(language, code, &mut out);
    out
}

#[track_caller]
fn check(name: &str, code: &str, expected: &str) {
    assert_eq!(html(&Highlighter::new(), name, code), expected);
}

/// The HTML of a block by lines parsed afresh, none of them remembered.
fn html_without_memo(highlighter: &Highlighter, name: &str, code: &str) -> String {
    let language = highlighter.language(name).expect("a language the test names");
    let syntax = language.syntax.expect("a language with a grammar");
    let mut nothing = LineMemo::new(Limits { states: 0, age: 0, bytes: 0, line: 0 });
    let mut out = String::new();
    highlighter.highlight_lines(syntax, code, &mut nothing, &mut out);
    out
}

/// The code that HTML shows: its text, unescaped.
fn shown(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split_inclusive('>') {
        text.push_str(piece.split('<').next().unwrap_or_default());
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn solidity() {
    check(
        "solidity",
        r#"contract Vault is Ownable {
    mapping(address => uint256) public balances;

    /// @notice Adds what was sent.
    function deposit(uint256 amount) external payable returns (bool) {
        require(msg.sender != address(0), "nobody");
        balances[msg.sender] += amount * 1e18;
        emit Deposited(msg.sender, 0x1f);
        return true;
    }
}
"#,
        r#"<span class="k">contract</span> <span class="t">Vault</span> <span class="k">is</span> <span class="v">Ownable</span> {
    <span class="k">mapping</span>(<span class="t">address</span> <span class="k">=&gt;</span> <span class="t">uint256</span>) <span class="k">public</span> balances;

    <span class="c">/// @notice Adds what was sent.</span>
    <span class="k">function</span> <span class="f">deposit</span>(<span class="t">uint256</span> <span class="v">amount</span>) <span class="k">external payable returns</span> (<span class="t">bool</span>) {
        <span class="k">require</span>(<span class="v">msg.sender</span> <span class="o">!=</span> <span class="t">address</span>(<span class="n">0</span>), <span class="s">&quot;nobody&quot;</span>);
        balances[<span class="v">msg.sender</span>] <span class="o">+=</span> amount <span class="o">*</span> <span class="n">1e18</span>;
        <span class="k">emit</span> <span class="f">Deposited</span>(<span class="v">msg.sender</span>, <span class="n">0x1f</span>);
        <span class="k">return</span> <span class="n">true</span>;
    }
}
"#,
    );
}

#[test]
fn rust() {
    check(
        "rust",
        r#"#[derive(Debug, Clone)]
pub struct Point<'a, T: Copy> {
    name: &'a str, // borrowed
    items: Vec<T>,
}

fn len(&self, n: usize) -> Option<u32> {
    let text = format!("{} of\t{n}", self.x + 1.5e3);
    match n {
        0 => None,
        _ => Some(MAX),
    }
}
"#,
        r#"<span class="a">#[derive(Debug, Clone)]</span>
<span class="k">pub struct</span> <span class="t">Point</span>&lt;<span class="t">'a</span>, T: <span class="t">Copy</span>&gt; {
    name: <span class="o">&amp;</span><span class="t">'a</span> <span class="k">str</span>, <span class="c">// borrowed</span>
    items: <span class="t">Vec</span>&lt;T&gt;,
}

<span class="k">fn</span> <span class="f">len</span>(<span class="o">&amp;</span><span class="v">self</span>, <span class="v">n</span>: <span class="k">usize</span>) -&gt; <span class="t">Option</span>&lt;<span class="k">u32</span>&gt; {
    <span class="k">let</span> text <span class="o">=</span> <span class="f">format!</span>(<span class="s">&quot;</span><span class="e">{}</span> <span class="s">of</span><span class="e">\t{n}</span><span class="s">&quot;</span>, <span class="v">self</span>.x <span class="o">+</span> <span class="n">1.5e3</span>);
    <span class="k">match</span> n {
        <span class="n">0</span> <span class="o">=&gt;</span> <span class="t">None</span>,
        <span class="o">_ =&gt;</span> <span class="t">Some</span>(<span class="n">MAX</span>),
    }
}
"#,
    );
}

#[test]
fn typescript() {
    check(
        "ts",
        r#"@Injectable()
export class Pool<T> extends Base {
  private readonly fee: number = 0.3;
  async quote(x: bigint): Promise<string> {
    const price = await this.read(`/pool/${x + 1n}`);
    return price ?? null; // unknown
  }
}
"#,
        r#"<span class="a">@Injectable()</span>
<span class="k">export class</span> <span class="t">Pool</span>&lt;<span class="t">T</span>&gt; <span class="k">extends</span> <span class="t">Base</span> {
  <span class="k">private readonly</span> fee: <span class="t">number</span> <span class="o">=</span> <span class="n">0.3</span>;
  <span class="k">async</span> <span class="f">quote</span>(<span class="v">x</span>: <span class="t">bigint</span>): <span class="t">Promise</span>&lt;<span class="t">string</span>&gt; {
    <span class="k">const</span> price <span class="o">=</span> <span class="k">await</span> <span class="v">this</span>.<span class="f">read</span>(<span class="s">`/pool/</span><span class="e">${</span>x <span class="o">+</span> <span class="n">1n</span><span class="e">}</span><span class="s">`</span>);
    <span class="k">return</span> price <span class="o">??</span> <span class="n">null</span>; <span class="c">// unknown</span>
  }
}
"#,
    );
}

#[test]
fn javascript() {
    check(
        "js",
        r#"import { readFile } from "node:fs/promises";

export async function count(path, { least = 40 } = {}) {
  const counts = new Map();
  for (const line of path.split(/\r?\n/)) {
    if (!line || counts.has(line)) continue;
  }
  return [...counts].map(([key, v]) => `${key}: ${v}`);
}
"#,
        r#"<span class="k">import</span> { readFile } <span class="k">from</span> <span class="s">&quot;node:fs/promises&quot;</span>;

<span class="k">export async function</span> <span class="f">count</span>(<span class="v">path</span>, { <span class="v">least</span> <span class="o">=</span> <span class="n">40</span> } <span class="o">=</span> {}) {
  <span class="k">const</span> counts <span class="o">=</span> <span class="k">new</span> <span class="t">Map</span>();
  <span class="k">for</span> (<span class="k">const</span> line <span class="k">of</span> path.<span class="f">split</span>(<span class="s">/</span><span class="e">\r?\n</span><span class="s">/</span>)) {
    <span class="k">if</span> (<span class="o">!</span>line <span class="o">||</span> counts.<span class="f">has</span>(line)) <span class="k">continue</span>;
  }
  <span class="k">return</span> [<span class="o">...</span>counts].<span class="f">map</span>(([<span class="v">key</span>, <span class="v">v</span>]) <span class="o">=&gt;</span> <span class="s">`</span><span class="e">${</span>key<span class="e">}</span><span class="s">:</span> <span class="e">${</span>v<span class="e">}</span><span class="s">`</span>);
}
"#,
    );
}

#[test]
fn python() {
    check(
        "py",
        r#"@cached(size=1)
def area(r: float, *rest, unit="m") -> str:
    """Of a circle."""
    if r is not None and r >= 0:
        print(f"{r:>3} {unit}\n", 3.14 * r ** 2)
    return lambda z: self.z  # later
"#,
        r#"<span class="a">@cached(</span><span class="v">size</span><span class="o">=</span><span class="n">1</span><span class="a">)</span>
<span class="k">def</span> <span class="f">area</span>(<span class="v">r</span>: <span class="t">float</span>, <span class="o">*</span><span class="v">rest</span>, <span class="v">unit</span><span class="o">=</span><span class="s">&quot;m&quot;</span>) -&gt; <span class="t">str</span>:
    <span class="c">&quot;&quot;&quot;Of a circle.&quot;&quot;&quot;</span>
    <span class="k">if</span> r <span class="k">is not</span> <span class="n">None</span> <span class="k">and</span> r <span class="o">&gt;=</span> <span class="n">0</span>:
        <span class="f">print</span>(<span class="s">f&quot;</span>{r<span class="n">:&gt;3</span>} {unit}<span class="e">\n</span><span class="s">&quot;</span>, <span class="n">3.14</span> <span class="o">*</span> r <span class="o">**</span> <span class="n">2</span>)
    <span class="k">return lambda</span> <span class="v">z</span>: <span class="v">self</span>.z  <span class="c"># later</span>
"#,
    );
}

#[test]
fn bash() {
    check(
        "console",
        r#"$ cargo build --release && ls -la | grep -v "$HOME/x" > out.txt
# a comment
if [ -f "$1" ]; then
  export A=${B:-1}
  echo 'done' $(date)
fi
"#,
        r#"<span class="f">$</span> cargo build <span class="a">--release</span> <span class="o">&amp;&amp;</span> <span class="f">ls</span> <span class="a">-la</span> <span class="o">|</span> <span class="f">grep</span> <span class="a">-v</span> <span class="s">&quot;</span><span class="v">$HOME</span><span class="s">/x&quot;</span> <span class="o">&gt;</span> out.txt
<span class="c"># a comment</span>
<span class="k">if</span> <span class="f">[</span> <span class="a">-f</span> <span class="s">&quot;</span><span class="v">$1</span><span class="s">&quot;</span> <span class="f">]</span>; <span class="k">then</span>
  <span class="k">export</span> <span class="v">A</span><span class="o">=</span><span class="v">${B</span><span class="o">:-</span><span class="s">1</span><span class="v">}</span>
  <span class="f">echo</span> <span class="s">'done'</span> <span class="v">$</span>(<span class="f">date</span>)
<span class="k">fi</span>
"#,
    );
}

#[test]
fn json() {
    check(
        "jsonc",
        r#"{
  "name": "block\n", // a comment
  "limits": { "entries": [1, -2.5e3, true, null] }
}
"#,
        r#"{
  <span class="g">&quot;name&quot;</span>: <span class="s">&quot;block</span><span class="e">\n</span><span class="s">&quot;</span>, <span class="c">// a comment</span>
  <span class="g">&quot;limits&quot;</span>: { <span class="g">&quot;entries&quot;</span>: [<span class="n">1</span>, <span class="n">-2.5e3</span>, <span class="n">true</span>, <span class="n">null</span>] }
}
"#,
    );
}

#[test]
fn toml() {
    check(
        "toml",
        r#"# a comment
[package.metadata]
name = "bilayer\t"
since = 2026-11-22
features = ['a', { b = 1.5, c = true }]
"#,
        r#"<span class="c"># a comment</span>
[<span class="g">package</span>.<span class="g">metadata</span>]
<span class="g">name</span> = <span class="s">&quot;bilayer</span><span class="e">\t</span><span class="s">&quot;</span>
<span class="g">since</span> = <span class="n">2026-11-22</span>
<span class="g">features</span> = [<span class="s">'a'</span>, { <span class="g">b</span> = <span class="n">1.5</span>, <span class="g">c</span> = <span class="n">true</span> }]
"#,
    );
}

#[test]
fn diff() {
    check(
        "diff",
        r#"--- a/x
+++ b/x
@@ -1,2 +1,2 @@ fn main
 same
-old <b>
+new
"#,
        r#"<span class="g">--- a/x</span>
<span class="g">+++ b/x</span>
<span class="g">@@ -1,2 +1,2 @@ fn main</span>
 same
<span class="d">-old &lt;b&gt;</span>
<span class="i">+new</span>
"#,
    );
}

#[test]
fn names_of_one_language() {
    let highlighter = Highlighter::new();
    let names = [
        "solidity sol Solidity SOL",
        "rust rs",
        "typescript ts",
        "javascript js node mjs jsx",
        "json jsonc json5",
        "toml",
        "yaml yml",
        "bash sh shell console zsh shell-session",
        "diff patch",
        "python py python3",
        "go golang",
        "c h",
        "html htm",
        "css",
        "sql",
        "markdown md",
        "vyper vy",
        "latex tex",
        "dockerfile docker",
        "text txt plain plaintext",
    ];
    let mut languages: Vec<Language> = Vec::new();
    for line in names {
        let all: Vec<_> = line.split(' ').map(|name| highlighter.language(name)).collect();
        assert!(all.iter().all(|language| language.is_some() && *language == all[0]), "{line}");
        languages.extend(all[0]);
    }
    languages.sort();
    languages.dedup();
    assert_eq!(languages.len(), names.len());
}

#[test]
fn grammars_behind_shared_names() {
    let syntaxes = two_face::syntax::extra_newlines();
    let highlighter = Highlighter::new();
    let grammar = |name: &str| {
        let language = highlighter.language(name).expect("a language the test names");
        let index = language.syntax.expect("a language with a grammar");
        syntaxes.syntaxes()[usize::from(index)].name.clone()
    };
    assert_eq!(grammar("c"), "C");
    assert_eq!(grammar("h"), "C");
    assert_eq!(grammar("fs"), "F#");
    assert_eq!(grammar("js"), "JavaScript (Babel)");
    assert_eq!(grammar("shell"), "Bourne Again Shell (bash)");
    assert_eq!(grammar("tex"), "LaTeX");
}

#[test]
fn unknown_language() {
    let highlighter = Highlighter::new();
    let cases = [
        ("rsut", Some("rust")),
        ("Soldity", Some("solidity")),
        ("javscript", Some("javascript")),
        ("typescipt", Some("typescript")),
        ("shel", Some("shell")),
        ("cairo", None),
        ("zzzzzz", None),
        ("x", None),
    ];
    for (name, near) in cases {
        assert_eq!(highlighter.language(name), None, "{name}");
        assert_eq!(highlighter.suggest(name).as_deref(), near, "{name}");
    }
}

#[test]
fn plain_text_and_escapes() {
    check("", "a < b && c > \"d\" 'e'", "a &lt; b &amp;&amp; c &gt; &quot;d&quot; 'e'");
    check("json", r#""<&>""#, r#"<span class="s">&quot;&lt;&amp;&gt;&quot;</span>"#);
}

#[test]
fn line_ends_stay() {
    check("rust", "", "");
    check("rust", "\n\n", "\n\n");
    check(
        "rust",
        "let x;\r\n\r\n// é",
        "<span class=\"k\">let</span> x;\r\n\r\n<span class=\"c\">// é</span>",
    );
    check("rust", "  \n\t", "  \n\t");
}

#[test]
fn spans_end_with_their_line() {
    check(
        "rust",
        "/* one\n\n   two */ fn",
        "<span class=\"c\">/* one</span>\n\n   <span class=\"c\">two */</span> <span class=\"k\">fn</span>",
    );
}

#[test]
fn overlong_code_is_plain() {
    let line = "let x; ".repeat(150);
    check("rust", &line, &line);
    let after = format!("{line}\nlet");
    check("rust", &after, &format!("{line}\n<span class=\"k\">let</span>"));
    let block = "let x;\n".repeat(160_000);
    check("rust", &block, &block);
}

#[test]
fn a_block_has_few_long_lines() {
    let line = format!("let x{};\n", " ".repeat(490));
    let highlighted = html(&Highlighter::new(), "rust", &line);
    let count = MAX_LONG_LINES / line.len();
    let code = line.repeat(count + 1) + "let";
    check("rust", &code, &[&highlighted.repeat(count), &line, "<span class=\"k\">let</span>"].concat());
}

#[test]
fn a_long_block_ends_plain() {
    let count = MAX_HIGHLIGHTED / MIN_LINE_COST;
    let code = "let\n".repeat(count + 2);
    let expected = "<span class=\"k\">let</span>\n".repeat(count) + "let\nlet\n";
    check("rust", &code, &expected);
}

/// Deterministic noise: a piece of every `n` in turn, at places a small generator chooses.
fn noise(pieces: &[&str], seed: u64, count: usize) -> String {
    let mut state = seed;
    let mut pick = || {
        // Knuth's MMIX generator; its high bits are the random ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        pieces[(state >> 33) as usize % pieces.len()]
    };
    (0..count).map(|_| pick()).collect()
}

const LANGUAGES: &[&str] = &[
    "solidity",
    "rust",
    "ts",
    "js",
    "json",
    "toml",
    "yaml",
    "bash",
    "diff",
    "python",
    "go",
    "c",
    "html",
    "css",
    "sql",
    "markdown",
    "vyper",
    "latex",
    "dockerfile",
];

const PIECES: &[&str] = &[
    "fn ", "let ", "x", "1", "0x", ".", "'", "\"", "`", "(", ")", "{", "}", "[", "]", "<", ">", "/", "/*",
    "*/", "//", "#", "$", "${", "\\", "<<EOF", "EOF", "&", "=", ":", ";", ",", " ", "\n", "\n", "\n", "\r\n",
    "\t", "\0", "中", "é", "\u{feff}", "r##\"", "```", "---", "%", "@", "!", "-", "+",
];

#[test]
fn noise_keeps_its_text_and_balance() {
    let highlighter = Highlighter::new();
    for (seed, name) in (0..).zip(LANGUAGES) {
        let code = noise(PIECES, seed, 600);
        let html = html(&highlighter, name, &code);
        assert_eq!(shown(&html), code, "{name}");
        for line in html.lines() {
            assert_eq!(line.matches("<span").count(), line.matches("</span>").count(), "{line}");
        }
    }
}

#[test]
fn memo_changes_nothing() {
    let highlighter = Highlighter::new();
    for (seed, name) in (0..).zip(LANGUAGES) {
        for round in 0..4 {
            let code = noise(PIECES, seed * 4 + round, 300);
            let fresh = html_without_memo(&highlighter, name, &code);
            assert_eq!(html(&highlighter, name, &code), fresh, "{name}");
            assert_eq!(html(&Highlighter::new(), name, &code), fresh, "{name}, lines known");
        }
    }
}

#[test]
fn a_full_memo_changes_nothing() {
    let highlighter = Highlighter::new();
    let syntax = highlighter.language("rust").and_then(|rust| rust.syntax).expect("a grammar");
    let mut small = LineMemo::new(Limits { states: 3, age: 500, bytes: 2_000, line: 40 });
    for seed in 0..20 {
        let code = noise(PIECES, seed, 200);
        let mut out = String::new();
        highlighter.highlight_lines(syntax, &code, &mut small, &mut out);
        assert_eq!(out, html_without_memo(&highlighter, "rust", &code));
    }
}

#[test]
fn threads_agree() {
    let highlighter = Highlighter::new();
    let blocks: Vec<String> = (0..30).map(|seed| noise(PIECES, seed, 100)).collect();
    let all = || -> Vec<String> { blocks.iter().map(|block| html(&highlighter, "ts", block)).collect() };
    let (one, two) = thread::scope(|scope| {
        let (one, two) = (scope.spawn(all), scope.spawn(all));
        (one.join().expect("no panic"), two.join().expect("no panic"))
    });
    assert_eq!(one, two);
    assert_eq!(one, all());
}
