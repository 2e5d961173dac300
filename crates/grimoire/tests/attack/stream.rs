//! Whether a text is a stream of events as the API tells them.
//!
//! What comes in: a body. What goes out: what is wrong with it. What it refuses to know: what the events are about.

use serde_json::Value;

/// What is wrong with a stream that ends with events of these types, such as `preview_ready done`.
pub(crate) fn misfit(body: &str, last: &str) -> Option<String> {
    let mut types = Vec::new();
    for (place, frame) in body.split_terminator("\n\n").filter(|frame| !frame.starts_with(':')).enumerate() {
        let number = place + 1;
        let Some((id, data)) = frame.split_once('\n') else { return Some(format!("no frame: {frame:?}")) };
        let data = data.strip_prefix("data: ").and_then(|d| serde_json::from_str::<Value>(d).ok());
        let Some(data) = data else { return Some(format!("no event: {frame:?}")) };
        if id != format!("id: {number}") || data["seq"] != number {
            return Some(format!("event {number} is {frame:?}"));
        }
        types.push(data["type"].as_str().unwrap_or_default().to_owned());
    }
    let ends = types.join(" ").ends_with(last) && types.last().is_some_and(|t| t == "done");
    (!ends).then(|| format!("the events are {types:?}"))
}
