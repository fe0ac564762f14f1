//! A reader of the MathML that is written here.

/// MathML as one line of text, from which everything that can be seen can be told: fractions as [a|b], roots as
/// √[a], scripts as ^[a], _[a].
pub(super) fn plain(written: &str) -> String {
    let root = parse(written).expect("checked before");
    root.children.iter().map(Element::plain).collect()
}

/// An element that was read.
#[derive(Default, Debug)]
pub(super) struct Element {
    name: String,
    is_without_line: bool,
    text: String,
    /// What is in it.
    pub children: Vec<Element>,
}

impl Element {
    fn plain(&self) -> String {
        let parts: Vec<_> = self.children.iter().map(Self::plain).collect();
        match (self.name.as_str(), &*parts) {
            ("mfrac", [n, k]) if self.is_without_line => format!("[{n}¦{k}]"),
            ("mfrac", [over, under]) => format!("[{over}|{under}]"),
            ("msup", [base, above]) => format!("{base}^[{above}]"),
            ("msub", [base, below]) => format!("{base}_[{below}]"),
            ("msubsup", [base, below, above]) => format!("{base}_[{below}]^[{above}]"),
            ("munderover", [sign, below, above]) => format!("{sign}_[{below}]^[{above}]"),
            ("msqrt", _) => format!("√[{}]", parts.concat()),
            ("mtr", _) => format!("{};", parts.join(",")),
            ("mspace" | "thin", _) => " ".to_owned(),
            _ => parts.concat() + &self.text,
        }
    }
}

/// Reads MathML of the few forms that are written here; or what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Element, String> {
    let mut open = vec![Element::default()];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (piece, after) = match first {
            '<' => rest.split_at(rest.find('>').ok_or("a tag without end")? + 1),
            _ => rest.split_at(rest.find('<').unwrap_or(rest.len())),
        };
        rest = after;
        let top = open.last_mut().ok_or("nothing open")?;
        let Some(tag) = piece.strip_prefix('<').and_then(|tag| tag.strip_suffix('>')) else {
            if !matches!(&*top.name, "mi" | "mn" | "mo" | "mtext") {
                return Err(format!("text {piece} in <{}>", top.name));
            }
            let text = piece.replace("&lt;", "‹").replace("&gt;", "›").replace("&amp;", "＆");
            top.text += Some(&*text).filter(|text| !text.contains('&')).ok_or("a bare &")?;
            continue;
        };
        match tag.strip_prefix('/') {
            Some(name) if name == top.name => {
                let closed = open.pop().ok_or("nothing open")?;
                complete(&closed)?;
                open.last_mut().ok_or("too much closed")?.children.push(closed);
            }
            Some(name) => return Err(format!("</{name}> closes <{}>", top.name)),
            None => {
                let name = tag.trim_end_matches('/').split(' ').next().unwrap_or_default().to_owned();
                let is_without_line = tag.contains("linethickness");
                let element = Element { name, is_without_line, ..Element::default() };
                if tag.ends_with('/') { top.children.push(element) } else { open.push(element) }
            }
        }
    }
    let root = open.pop().ok_or("nothing open")?;
    if open.is_empty() { Ok(root) } else { Err(format!("<{}> is not closed", root.name)) }
}

/// Whether an element has as many children as it must have.
fn complete(element: &Element) -> Result<(), String> {
    let expected = match &*element.name {
        "mfrac" | "msup" | "msub" => 2,
        "msubsup" | "munderover" => 3,
        "mi" | "mn" | "mo" | "mtext" => 0,
        "mrow" | "msqrt" | "mtd" | "mtr" | "mtable" => return Ok(()),
        name => return Err(format!("<{name}> is not expected")),
    };
    let is_complete = element.children.len() == expected;
    if is_complete { Ok(()) } else { Err(format!("<{}> has {}", element.name, element.children.len())) }
}

/// Whether MathML can be read, and brackets stand at both ends of their rows: elsewhere they are set as other signs.
pub(super) fn well_formed(text: &str) -> Result<(), String> {
    // The inside of `<math>` is a row as well.
    closed(&parse(text)?)
}

fn closed(element: &Element) -> Result<(), String> {
    let signs: Vec<_> =
        element.children.iter().map(|child| (child.name == "mo").then_some(&*child.text)).collect();
    let (first, last) = (signs.first().copied().flatten(), signs.last().copied().flatten());
    let closing = match first {
        Some("(") => Some(")"),
        Some("⌊") => Some("⌋"),
        Some("⌈") => Some("⌉"),
        Some("|") => Some("|"),
        _ => None,
    };
    let is_fence = |sign: &&str| ["(", ")", "⌊", "⌋", "⌈", "⌉", "|"].contains(sign);
    let fences = signs.iter().flatten().filter(|sign| is_fence(sign)).count();
    let is_closed = match closing {
        Some(_) => last == closing && fences == 2,
        None => fences == 0,
    };
    if is_closed {
        element.children.iter().try_for_each(closed)
    } else {
        Err(format!("brackets in {signs:?}"))
    }
}
