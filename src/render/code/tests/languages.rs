//! What each of the main languages looks like, marked up.

use super::check;

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
