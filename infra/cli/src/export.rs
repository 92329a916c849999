//! Exported log lines of the functions.

use serde_json::Value;

/// The fields of our own lines in an export: a line of JSON a log line, as the function wrote it, behind a time (an export to S3), or
/// as the `message` of an event; or the one document that `aws logs filter-log-events` answers. Other lines are passed over.
pub(crate) fn fields(export: &str) -> Vec<Value> {
    if let Ok(answer) = serde_json::from_str::<Value>(export)
        && let Some(events) = answer["events"].as_array()
    {
        return events.iter().cloned().filter_map(of_line).collect();
    }
    let lines = export.lines().filter_map(|line| {
        let json = line.get(line.find('{')?..)?;
        of_line(serde_json::from_str(json).ok()?)
    });
    lines.collect()
}

/// Only the place where our own log has its fields counts: the value of any field may come from outside.
fn of_line(line: Value) -> Option<Value> {
    let mut own = match line["message"].as_str() {
        Some(message) => serde_json::from_str(message.trim()).ok()?,
        None => line,
    };
    own.get_mut("fields").map(Value::take)
}
