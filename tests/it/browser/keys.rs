//! Keys by their names, as the events that a keyboard makes.

use serde_json::{Value, json};

/// Keys with a name: what scripts call it, the number old scripts know it by, what it types.
const NAMED: [(&str, u32, &str); 14] = [
    ("Backspace", 8, ""),
    ("Tab", 9, ""),
    ("Enter", 13, "\r"),
    ("Escape", 27, ""),
    (" ", 32, " "),
    ("PageUp", 33, ""),
    ("PageDown", 34, ""),
    ("End", 35, ""),
    ("Home", 36, ""),
    ("ArrowLeft", 37, ""),
    ("ArrowUp", 38, ""),
    ("ArrowRight", 39, ""),
    ("ArrowDown", 40, ""),
    ("Delete", 46, ""),
];

/// Keys that are held down, with the protocol's bits.
const MODIFIERS: [(&str, u32); 4] = [("Alt", 1), ("Control", 2), ("Meta", 4), ("Shift", 8)];
const SHIFT: u32 = 8;

/// The events of pressing and releasing a key: `Enter`, `a`, `?`, `Shift+Tab`, `Control+k`. `None` if there
/// is no such key.
pub fn events(chord: &str) -> Option<[Value; 2]> {
    let (held, name) = match chord.rsplit_once('+') {
        Some((held, name)) if !name.is_empty() => (held.split('+').collect(), name),
        _ => (Vec::new(), chord),
    };
    let bits =
        held.iter().map(|name| MODIFIERS.iter().find(|modifier| modifier.0 == *name).map(|found| found.1));
    let held = bits.sum::<Option<u32>>()?;
    let (key, code, number, typed) = key(name)?;
    let held = if typed.starts_with(|typed: char| typed.is_ascii_uppercase()) { held | SHIFT } else { held };
    let mut event = json!({ "key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": held, "type": "keyUp" });
    let released = event.clone();
    // With anything but Shift held down a key gives a command, not a letter.
    let types = !typed.is_empty() && held & !SHIFT == 0;
    event["type"] = json!(if types { "keyDown" } else { "rawKeyDown" });
    if types {
        event["text"] = json!(typed);
    }
    Some([event, released])
}

/// A key's name, place on the keyboard, number, and what it types.
fn key(name: &str) -> Option<(&str, String, u32, &str)> {
    if let Some((key, number, typed)) = NAMED.iter().find(|named| named.0 == name) {
        let code = if *key == " " { "Space" } else { key };
        return Some((key, code.to_owned(), *number, typed));
    }
    let mut characters = name.chars();
    let (Some(character @ '!'..='~'), None) = (characters.next(), characters.next()) else { return None };
    let upper = character.to_ascii_uppercase();
    Some(match character {
        'a'..='z' | 'A'..='Z' => (name, format!("Key{upper}"), upper.into(), name),
        '0'..='9' => (name, format!("Digit{upper}"), upper.into(), name),
        _ => (name, String::new(), 0, name), // where it lies depends on the keyboard
    })
}

mod tests {
    use super::events;

    #[test]
    fn keys_are_told_as_a_keyboard_does() {
        let told = |chord| {
            let [event, _] = events(chord)?;
            let part = |name: &str| event[name].as_str().unwrap_or("-").to_owned();
            Some([part("key"), part("code"), part("text"), event["modifiers"].to_string()].join(" | "))
        };
        let cases = [
            ("Enter", "Enter | Enter | \r | 0"),
            ("Shift+Tab", "Tab | Tab | - | 8"),
            ("a", "a | KeyA | a | 0"),
            ("A", "A | KeyA | A | 8"),
            ("Control+Shift+k", "k | KeyK | - | 10"),
            ("?", "? |  | ? | 0"),
            ("+", "+ |  | + | 0"),
        ];
        for (chord, wanted) in cases {
            assert_eq!(told(chord).as_deref(), Some(wanted), "{chord}");
        }
        for chord in ["", "Entre", "Ctrl+a", "汇"] {
            assert_eq!(told(chord), None, "{chord}");
        }
    }
}
