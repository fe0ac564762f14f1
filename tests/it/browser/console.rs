//! What a page has to say to a developer: messages, exceptions, violations and failed requests, as lines.

use std::collections::BTreeMap;

use serde_json::Value;

use super::devtools::thrown;

/// The lines of the events, in their order.
///
/// `console.warning: text`, `exception: Error: text (url:line)`, `security error: text (url:line)`,
/// `failed: url: net::ERR_…` and `dialog: text`.
pub fn lines(events: &[Value]) -> Vec<String> {
    let mut addresses = BTreeMap::new();
    events.iter().filter_map(|event| line(event, &mut addresses)).collect()
}

/// The line of an event, if it has one; `addresses` has the addresses of requests.
fn line<'a>(event: &'a Value, addresses: &mut BTreeMap<&'a str, &'a str>) -> Option<String> {
    let values = &event["params"];
    match text(&event["method"]) {
        "Runtime.consoleAPICalled" => {
            let words: Vec<_> = values["args"].as_array()?.iter().map(word).collect();
            Some(format!("console.{}: {}", text(&values["type"]), words.join(" ")))
        }
        "Runtime.exceptionThrown" => {
            let details = &values["exceptionDetails"];
            let thrown = thrown(details);
            let first = thrown.lines().next().unwrap_or_default();
            Some(format!("exception: {first}{}", place(&details["url"], &details["lineNumber"], 1)))
        }
        "Log.entryAdded" => {
            let entry = &values["entry"];
            let place = place(&entry["url"], &entry["lineNumber"], 0);
            Some(format!(
                "{} {}: {}{place}",
                text(&entry["source"]),
                text(&entry["level"]),
                text(&entry["text"])
            ))
        }
        "Network.requestWillBeSent" => {
            addresses.insert(text(&values["requestId"]), text(&values["request"]["url"]));
            None
        }
        "Network.loadingFailed" => {
            let address = addresses.get(text(&values["requestId"])).copied().unwrap_or("a request");
            let reason = values["blockedReason"].as_str().map(|reason| format!(", blocked by {reason}"));
            // What a page gives up because the reader goes on to another is no failure.
            let is_given_up = values["canceled"] == true && reason.is_none();
            (!is_given_up).then(|| {
                format!("failed: {address}: {}{}", text(&values["errorText"]), reason.unwrap_or_default())
            })
        }
        "Page.javascriptDialogOpening" => Some(format!("dialog: {}", text(&values["message"]))),
        _ => None,
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// An argument of `console.log` as a console shows it.
fn word(argument: &Value) -> String {
    let parts = ["value", "unserializableValue", "description", "type"];
    let shown = parts.iter().find_map(|part| argument.get(part)).unwrap_or(argument);
    shown.as_str().map_or_else(|| shown.to_string(), str::to_owned)
}

/// Where something happened; the protocol counts lines from 0 or from 1.
fn place(address: &Value, line: &Value, first: u64) -> String {
    match (text(address), line.as_u64()) {
        ("", _) => String::new(),
        (address, None) => format!(" ({address})"),
        (address, Some(line)) => format!(" ({address}:{})", line + first),
    }
}
