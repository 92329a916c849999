//! What the platform said of a sample of accepted reports.

use std::fmt::Write as _;

use serde_json::Value;

use super::table::{number, text};

/// The samples of each day that was checked.
pub(super) fn checks(answer: &Value) -> String {
    let checks = answer["checks"].as_object().into_iter().flatten();
    let said = checks.map(|(day, found)| {
        let mut sum = serde_json::Map::new();
        for sampled in found["sampled"].as_object().into_iter().flatten().map(|(_, sampled)| sampled) {
            for (state, count) in sampled.as_object().into_iter().flatten() {
                let so_far = sum.get(state).and_then(Value::as_u64).unwrap_or_default();
                sum.insert(state.clone(), (so_far + count.as_u64().unwrap_or_default()).into());
            }
        }
        format!("{day}: {}", check(found, &Value::Object(sum)))
    });
    said.collect::<Vec<_>>().join("\n")
}

/// States of a sample, and the reports that need somebody.
pub(super) fn check(found: &Value, sample: &Value) -> String {
    let states = ["paired", "inconsistent", "unpaired", "single", "waiting", "discarded", "unknown"];
    let states = states.iter().map(|state| format!("{} {state}", number(&sample[*state])));
    let mut said = format!(
        "asked for {} at {}: {}",
        number(&sample["asked"]),
        text(&found["at"]),
        states.collect::<Vec<_>>().join(", ")
    );
    if found["complete"] == false {
        said.push_str("; time ran out before the whole sample was asked for");
    }
    for example in found["examples"].as_array().into_iter().flatten() {
        let differs = example["differs"].as_array().into_iter().flatten().map(|field| {
            let field = text(field);
            format!(" {field}: ours {}, theirs {}", example["ours"][field], example["theirs"][field])
        });
        let _ = write!(
            said,
            "\n  {:<19} {} {} {}{}",
            example["status"].as_str().unwrap_or("UNKNOWN"),
            text(&example["interaction"]),
            text(&example["role"]),
            text(&example["api"]),
            differs.collect::<String>()
        );
    }
    said
}
