//! Checks as text: how a sample of the accepted reports stands at the platform.

use std::fmt::Write as _;

use ponte_metrics::ledger::check::{Example, PairFacts, ReportState, Sampled};
use ponte_pcm::commands::Checks;
use serde_json::Value;

use crate::table::number;

/// The checks of several days.
pub(super) fn checks(answer: &Checks) -> String {
    let days = answer.checks.iter().map(|(day, check)| {
        let mut sum = Sampled::default();
        for sampled in check.sampled.values() {
            sum += *sampled;
        }
        let check = Sample {
            at: &check.at.with_millis(),
            complete: check.complete,
            sampled: sum,
            examples: &check.examples,
        };
        format!("{day}: {}", sample(&check))
    });
    days.collect::<Vec<_>>().join("\n")
}

/// The part that the check of a day and the detail of a day have in common.
pub(super) struct Sample<'a> {
    /// When the platform was asked.
    pub(super) at: &'a str,
    /// Whether the whole sample was asked for.
    pub(super) complete: bool,
    /// States of all APIs and roles together.
    pub(super) sampled: Sampled,
    /// Reports that need somebody.
    pub(super) examples: &'a [Example],
}

/// States of a sample, and the reports that need somebody.
pub(super) fn sample(sample: &Sample<'_>) -> String {
    let Sampled { asked, paired, inconsistent, unpaired, single, waiting, discarded, unknown } =
        sample.sampled;
    let states = [
        ("paired", paired),
        ("inconsistent", inconsistent),
        ("unpaired", unpaired),
        ("single", single),
        ("waiting", waiting),
        ("discarded", discarded),
        ("unknown", unknown),
    ];
    let states = states.map(|(state, count)| format!("{} {state}", number(count))).join(", ");
    let mut text = format!("asked for {} at {}: {states}", number(asked), sample.at);
    if !sample.complete {
        text.push_str("; time ran out before the whole sample was asked for");
    }
    for one in sample.examples {
        let _ = write!(text, "\n  {}", example(one));
    }
    text
}

fn example(example: &Example) -> String {
    let Example { interaction, api, role, .. } = example;
    let theirs = example.theirs.as_ref();
    let differs = example.differs.iter().map(|name| {
        format!(" {name}: ours {}, theirs {}", fact(Some(&example.ours), name), fact(theirs, name))
    });
    let differs = differs.collect::<String>();
    format!("{:<19} {interaction} {role} {api}{differs}", state(example.status))
}

/// A fact by its name in the report, as JSON; `null` where that side says nothing of it.
fn fact(side: Option<&PairFacts>, name: &str) -> Value {
    let mut facts = serde_json::to_value(side).unwrap_or_default();
    facts[name].take()
}

/// The state as the platform writes it.
const fn state(state: Option<ReportState>) -> &'static str {
    match state {
        Some(ReportState::Accepted) => "ACCEPTED",
        Some(ReportState::Discarded) => "DISCARDED",
        Some(ReportState::Single) => "SINGLE",
        Some(ReportState::Unpaired) => "UNPAIRED",
        Some(ReportState::PairedInconsistent) => "PAIRED_INCONSISTENT",
        Some(ReportState::Paired) => "PAIRED",
        None => "UNKNOWN",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_example_says_what_each_side_reported() {
        let checks: Checks = serde_json::from_value(json!({ "checks": { "2026-03-01": {
            "at": "2026-03-02T12:00:00.000Z", "complete": false,
            "sampled": { "accounts/v2 SERVER": { "asked": 1, "inconsistent": 1 }, "token SERVER": { "asked": 1, "unknown": 1 } },
            "examples": [
                {
                    "interaction": "i", "api": "accounts/v2", "role": "SERVER", "status": "PAIRED_INCONSISTENT",
                    "ours": { "statusCode": 200, "httpMethod": "GET" }, "theirs": { "statusCode": 404 },
                    "differs": ["statusCode", "httpMethod"],
                },
                { "interaction": "j", "api": "token", "role": "SERVER", "status": null, "ours": {} },
            ],
        }}}))
        .unwrap();
        let text = super::checks(&checks);
        let lines = text.lines().collect::<Vec<_>>();
        assert!(lines[0].starts_with("2026-03-01: asked for 2 at 2026-03-02T12:00:00.000Z: 0 paired, 1 inc"));
        assert!(
            lines[0].ends_with("1 unknown; time ran out before the whole sample was asked for"),
            "{text}"
        );
        assert_eq!(
            lines[1],
            "  PAIRED_INCONSISTENT i SERVER accounts/v2 statusCode: ours 200, theirs 404 httpMethod: ours \"GET\", theirs null"
        );
        assert_eq!(lines[2], "  UNKNOWN             j SERVER token");
    }
}
