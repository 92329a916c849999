//! The six scenarios of the platform's integration manual: the report of each side, and the status that must follow.
//!
//! The institution takes the part of the one whose report the scenario is about; its reports are given as items for its
//! outbox, faults included.

use ponte_machine::clock;
use ponte_web::caller::NoAnswer;
use serde_json::{Map, Value, json};

use crate::reporter::Reporter;

const ENDPOINT: &str = "/open-banking/accounts/v2/accounts";
/// In our list, and taken out of the platform's in scenario 5.
const WITHDRAWN: &str = "/open-banking/funds/v1/investments";

/// One scenario, played once.
pub struct Scenario {
    /// Its number in the manual.
    pub number: u8,
    /// The scenario, in a few words.
    pub title: &'static str,
    /// In every item of it, and in no other: found by `{"correlations":[..]}` at `/sandbox/summary`.
    pub correlation: String,
    /// The interaction; none where the manual has none.
    pub interaction: Option<String>,
    /// The report of the institution.
    pub ours: Value,
    /// The report of the other participant, if it makes one.
    pub theirs: Option<Value>,
    /// Status that every report of the scenario ends with.
    pub status: &'static str,
    /// Message of the platform when it discards.
    pub message: Option<String>,
    /// Whether the other participant may look at it.
    pub both_see_it: bool,
    /// An endpoint that the platform's list lacks while ours has it.
    withdrawn: Option<&'static str>,
}

impl Scenario {
    /// The part of the world in it: what the platform's list lacks, and what the other participant reports.
    pub async fn begin(&self, participant: &Reporter) -> Result<(), NoAnswer> {
        if let Some(endpoint) = self.withdrawn {
            participant.control("/sandbox/endpoints", &json!({ "withdrawn": [endpoint] })).await?;
        }
        if let Some(theirs) = &self.theirs {
            participant.report(std::slice::from_ref(theirs)).await?;
        }
        Ok(())
    }

    /// Whether the platform has all its reports in the state they must end with; what it has instead if not.
    pub async fn ended(&self, anybody: &Reporter) -> Result<(), String> {
        let asked = anybody.summary(&json!({ "correlations": [self.correlation] })).await;
        let summary = asked.map_err(|problem| problem.reason)?;
        let got = &summary["private"]["byStatus"];
        let reports = 1 + usize::from(self.theirs.is_some());
        let as_told = *got == json!({ self.status: reports });
        let message = &summary["private"]["discarded"][0]["message"];
        let said = self.message.is_none() || message.as_str() == self.message.as_deref();
        if as_told && said { Ok(()) } else { Err(format!("{got} {message}")) }
    }

    /// Puts the world in order again.
    pub async fn end(&self, participant: &Reporter) -> Result<(), NoAnswer> {
        if self.withdrawn.is_some() {
            participant.control("/sandbox/endpoints", &Value::Null).await?;
        }
        Ok(())
    }
}

/// A scenario between an institution and a participant.
///
/// # Panics
/// When `number` is not 1 to 6.
#[must_use]
pub fn scenario(number: u8, institution: &Reporter, participant: &Reporter) -> Scenario {
    let correlation = format!("scenario-{number}-{}", clock::new_id());
    let interaction = clock::new_id();
    let served = || call("SERVER", participant, institution, &correlation, &interaction);
    let made = || call("CLIENT", institution, participant, &correlation, &interaction);
    let theirs = || call("CLIENT", participant, institution, &correlation, &interaction);
    let scenario = |title, ours, status| Scenario {
        number,
        title,
        correlation: correlation.clone(),
        interaction: Some(interaction.clone()),
        ours,
        theirs: None,
        status,
        message: None,
        both_see_it: true,
        withdrawn: None,
    };
    match number {
        1 => {
            Scenario { theirs: Some(theirs()), ..scenario("both sides report the same", served(), "PAIRED") }
        }
        2 => Scenario {
            theirs: Some(with(theirs(), "statusCode", json!(500))),
            ..scenario("the other side saw another status", served(), "PAIRED_INCONSISTENT")
        },
        3 => Scenario {
            interaction: None,
            both_see_it: false,
            ..scenario(
                "a call without answer or interaction id",
                without(with(made(), "statusCode", json!(408)), &["fapiInteractionId"]),
                "SINGLE",
            )
        },
        4 => Scenario {
            message: Some("Missing property: 'httpMethod'".to_owned()),
            ..scenario("a report without httpMethod", without(served(), &["httpMethod"]), "DISCARDED")
        },
        // One that is in no list is parked before it is sent; this one is in ours.
        5 => Scenario {
            message: Some(format!("Unlisted endpoint: {WITHDRAWN}")),
            withdrawn: Some(WITHDRAWN),
            ..scenario(
                "a report of an endpoint that is not listed",
                with(served(), "endpoint", json!(WITHDRAWN)),
                "DISCARDED",
            )
        },
        6 => Scenario {
            message: Some("Missing property: 'clientOrgId', 'serverOrgId'".to_owned()),
            both_see_it: false,
            ..scenario(
                "a report without either organisation",
                without(served(), &["clientOrgId", "serverOrgId"]),
                "DISCARDED",
            )
        },
        other => unreachable!("the manual has no scenario {other}"),
    }
}

/// A call of `client` at `server`, as the one of the two with this role reports it.
fn call(role: &str, client: &Reporter, server: &Reporter, correlation: &str, interaction: &str) -> Value {
    let item = json!({
        "fapiInteractionId": interaction,
        "endpoint": ENDPOINT,
        "statusCode": 200,
        "httpMethod": "GET",
        "correlationId": correlation,
        "timestamp": clock::now().with_millis(),
        "processTimespan": 120,
        "clientOrgId": client.organisation(),
        "serverOrgId": server.organisation(),
        "role": role,
    });
    if role == "SERVER" {
        return item;
    }
    let item = with(item, "clientSSId", json!(client.software_statement()));
    let item = with(item, "endpointUriPrefix", json!("https://localhost/"));
    with(item, "additionalInfo", json!({}))
}

fn with(mut item: Value, field: &str, value: Value) -> Value {
    item[field] = value;
    item
}

fn without(item: Value, fields: &[&str]) -> Value {
    let Value::Object(item) = item else { return item };
    let kept = item.into_iter().filter(|(name, _)| !fields.contains(&name.as_str()));
    Value::Object(kept.collect::<Map<_, _>>())
}
