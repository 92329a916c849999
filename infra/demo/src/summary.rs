//! Checks of the metrics platform's summary, and the summary in words.

use serde_json::{Value, json};

use crate::expect::require;

/// The steps of a journey that ends with a yes, both sides (M40).
const FUNNEL: [&str; 5] = [
    "client/redirect-to-server",
    "server/redirect-target",
    "server/authenticated",
    "server/redirect-to-client",
    "client/redirect-target-without-errors",
];
/// Whether both sides of every interaction are PAIRED and the funnel has all its steps.
pub(crate) fn whole(summary: &Value, consent: &str, interactions: usize) -> Result<(), String> {
    let statuses = &summary["private"]["byStatus"];
    let wanted = interactions * 2;
    let paired = statuses["PAIRED"].as_u64().and_then(|count| usize::try_from(count).ok());
    let others = statuses.as_object().map_or(0, |statuses| statuses.len().saturating_sub(1));
    require(paired == Some(wanted) && others == 0, || format!("PAIRED {wanted} and nothing else (M21)"))?;
    let steps = summary["funnel"]["byConsent"][consent].as_array();
    let missing = FUNNEL.iter().find(|step| !steps.is_some_and(|steps| steps.contains(&json!(step))));
    missing.map_or(Ok(()), |step| Err(format!("the funnel step {step} (M40)")))
}

/// The platform's numbers as a sentence.
pub(crate) fn in_words(summary: &Value) -> String {
    let statuses = summary["private"]["byStatus"].as_object();
    let counts: Vec<String> =
        statuses.into_iter().flatten().map(|(status, count)| format!("{status} {count}")).collect();
    let steps: usize = summary["funnel"]["byConsent"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, steps)| steps.as_array().map_or(0, Vec::len))
        .sum();
    let reports = if counts.is_empty() { "no reports".to_owned() } else { counts.join(", ") };
    format!("{reports}; funnel {steps} of {} steps", FUNNEL.len())
}
