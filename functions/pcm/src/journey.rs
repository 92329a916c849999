//! Steps of a customer's journey that the institution's back end reports itself: `POST
//! /api/journey/v1/consents/{consentId}/report`.
//!
//! The bodies are those of the funnel article: `{"step": "AUTHENTICATED", "data": {"platform", "os", "osVersion",
//! ..}}`. The same step of the same consent within a minute is one report, however often it arrives, and an arrival that
//! was reported when the customer came is not reported again.

use ponte_metrics::report::{Arrival, FunnelStep};
use ponte_ports::PortError;
use ponte_ports::outbox::OutboxRow;
use ponte_values::{ConsentId, Device, Moment, OperatingSystem, Platform};
use serde::Deserialize;

use crate::ports::Ports;

/// Longest text that is read; a text longer than the platform takes is cut.
const LONGEST: usize = 2_000;

/// Why a body is no step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepFault {
    /// Not the JSON of a step, or with members that no step has.
    Unreadable,
    /// This member of `data` is missing.
    Missing(&'static str),
    /// This member of `data` has no value that it may have.
    Invalid(&'static str),
    /// This member of `data` belongs to other steps.
    Unwanted(&'static str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    step: Step,
    data: Data,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Step {
    RedirectToServer,
    RedirectTarget,
    Authenticated,
    RedirectToClient,
    RedirectTargetWithErrors,
    RedirectTargetWithoutErrors,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Data {
    platform: Option<String>,
    os: Option<String>,
    os_version: Option<String>,
    r#type: Option<String>,
    uri_authorization_endpoint: Option<String>,
    #[serde(rename = "uri_callback")]
    uri_callback: Option<String>,
    error: Option<String>,
}

/// The report of a step.
#[derive(Debug)]
pub struct Report {
    row: OutboxRow,
    marker: String,
    /// The consent at which the customer arrived, if that is the step.
    arrived_at: Option<ConsentId>,
}

impl Report {
    /// Reads a step of `consent` that arrived at `now`.
    pub fn read(consent: &ConsentId, body: &[u8], now: Moment) -> Result<Self, StepFault> {
        // A derived reader alone would take a list of the members in their order.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(StepFault::Unreadable);
        }
        let Body { step, data } = serde_json::from_slice(body).map_err(|_| StepFault::Unreadable)?;
        data.belongs_to(step)?;
        let device = data.device(step)?;
        let endpoint = data.uri_authorization_endpoint.as_deref();
        let funnel_step = match step {
            Step::RedirectToServer => FunnelStep::RedirectToServer { authorization_endpoint: endpoint },
            Step::RedirectTarget => {
                FunnelStep::RedirectTarget { arrival: data.arrival()?, authorization_endpoint: endpoint }
            }
            Step::Authenticated => FunnelStep::Authenticated,
            Step::RedirectToClient => {
                let callback = required("uri_callback", data.uri_callback.as_deref())?;
                FunnelStep::RedirectToClient { callback, authorised: data.decision()? }
            }
            Step::RedirectTargetWithErrors => {
                FunnelStep::RedirectTargetWithErrors { error: required("error", data.error.as_deref())? }
            }
            Step::RedirectTargetWithoutErrors => FunnelStep::RedirectTargetWithoutErrors,
        };
        let minute = now.seconds().div_euclid(60);
        let marker = format!("{}|{step:?}|{minute}", consent.as_str());
        let row =
            funnel_step.into_row(id_of(&marker), consent, &device, now).map_err(|_| StepFault::Unreadable)?;
        let arrived_at = (step == Step::RedirectTarget).then(|| consent.clone());
        Ok(Self { row, marker, arrived_at })
    }

    /// Leaves the report in the outbox, once, and gives its id. An arrival that was reported when the customer came to the
    /// authorization endpoint has a report: that one's id is given, and the customer is not counted twice.
    pub async fn leave(self, ports: &Ports) -> Result<String, PortError> {
        if let Some(consent) = &self.arrived_at
            && let Some(report) = ports.arrivals.arrival_at(consent).await?
        {
            return Ok(report);
        }
        // False: it was reported within this minute, which is what the caller wants.
        ports.ledger.add_once(&self.row, &self.marker).await?;
        Ok(self.row.id)
    }
}

impl Data {
    /// Members of one step are refused in another: the caller means something that would not be reported.
    fn belongs_to(&self, step: Step) -> Result<(), StepFault> {
        let typed = matches!(step, Step::RedirectTarget | Step::RedirectToClient);
        let sent_away = matches!(step, Step::RedirectToServer | Step::RedirectTarget);
        for (name, there, wanted) in [
            ("type", self.r#type.is_some(), typed),
            ("uriAuthorizationEndpoint", self.uri_authorization_endpoint.is_some(), sent_away),
            ("uri_callback", self.uri_callback.is_some(), step == Step::RedirectToClient),
            ("error", self.error.is_some(), step == Step::RedirectTargetWithErrors),
        ] {
            if there && !wanted {
                return Err(StepFault::Unwanted(name));
            }
        }
        let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > LONGEST);
        match () {
            () if long(&self.uri_authorization_endpoint) => {
                Err(StepFault::Invalid("uriAuthorizationEndpoint"))
            }
            () if long(&self.uri_callback) => Err(StepFault::Invalid("uri_callback")),
            () if long(&self.error) => Err(StepFault::Invalid("error")),
            () => Ok(()),
        }
    }

    fn device(&self, step: Step) -> Result<Device, StepFault> {
        let platform = match (self.platform.as_deref(), step) {
            // The platform takes none for this step: whatever is said is dropped (M40).
            (None, Step::RedirectTarget) => Platform::Browser,
            (text, _) => word("platform", text)?,
        };
        let os: OperatingSystem = word("os", self.os.as_deref())?;
        let os_version = required("osVersion", self.os_version.as_deref())?;
        let text = serde_json::json!({ "platform": platform, "os": os, "osVersion": os_version });
        serde_json::from_value(text).map_err(|_| StepFault::Invalid("osVersion"))
    }

    fn arrival(&self) -> Result<Arrival, StepFault> {
        word("type", self.r#type.as_deref())
    }

    fn decision(&self) -> Result<bool, StepFault> {
        match required("type", self.r#type.as_deref())? {
            "AUTHORISED" => Ok(true),
            "REJECTED" => Ok(false),
            _ => Err(StepFault::Invalid("type")),
        }
    }
}

fn required<'a>(name: &'static str, text: Option<&'a str>) -> Result<&'a str, StepFault> {
    match text {
        None => Err(StepFault::Missing(name)),
        Some(text) if text.trim().is_empty() => Err(StepFault::Invalid(name)),
        Some(text) => Ok(text),
    }
}

/// One of the words that a member may have.
fn word<T: serde::de::DeserializeOwned>(name: &'static str, text: Option<&str>) -> Result<T, StepFault> {
    let text = required(name, text)?;
    serde_json::from_value(serde_json::Value::from(text)).map_err(|_| StepFault::Invalid(name))
}

/// An id that the same marker always has: two runs of FNV-1a with different beginnings.
fn id_of(marker: &str) -> String {
    let hash = |seed: u64| {
        marker.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    format!("{:016x}{:016x}", hash(0xcbf2_9ce4_8422_2325), hash(0x6c62_272e_07bb_0142))
}

#[cfg(test)]
mod tests;
