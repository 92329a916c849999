//! A call this institution made, role CLIENT (M10, M11, M14, M15).

use std::time::Duration;

use ponte_values::{InteractionId, Moment, OrganisationId, SoftwareStatementId};
use serde::Serialize;

use super::additional::AdditionalInfo;
use super::fault::ReportFault;
use super::path::PRIVATE_REPORT;
use super::wire::{bare, plain, reportable, row, timespan};
use ponte_ports::outbox::OutboxRow;

/// Shortest wait before a call may be given up (M14).
pub const PATIENCE: Duration = Duration::from_secs(15);
/// The status reported of a call that was given up (M14).
const GAVE_UP: u16 = 408;
/// The beginning of every API path; the part of a URL before it is the server's prefix.
const ROOT: &str = "/open-banking/";

/// How a call ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallOutcome {
    /// With this status.
    Answered(u16),
    /// Without an answer within [`PATIENCE`].
    GaveUp,
}

/// The facts of an outgoing call at its end. A connection that was never made is no call.
#[derive(Clone, Debug)]
pub struct ClientFacts<'a> {
    /// `x-fapi-interaction-id` that was sent; `None` where the endpoint has none (M15).
    pub interaction: Option<InteractionId>,
    /// Template of the accepted list.
    pub endpoint: &'a str,
    /// Method of the call.
    pub method: &'a str,
    /// How it ended.
    pub outcome: CallOutcome,
    /// The URL that was called.
    pub url: &'a str,
    /// Immediately before the first byte was sent.
    pub sent: Moment,
    /// Until the first byte of the answer, or until the call was given up.
    pub span: Duration,
    /// This institution.
    pub client: OrganisationId,
    /// The software statement that called.
    pub statement: SoftwareStatementId,
    /// Whom it called.
    pub server: OrganisationId,
    /// Correlation id of the calls of one journey, of our choice.
    pub correlation: Option<&'a str>,
    /// `additionalInfo` of the API (M30 to M37).
    pub info: AdditionalInfo,
}

/// The report of an outgoing call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    fapi_interaction_id: Option<String>,
    endpoint: String,
    status_code: u16,
    http_method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<String>,
    timestamp: String,
    process_timespan: u64,
    #[serde(rename = "clientSSId")]
    client_ss_id: SoftwareStatementId,
    client_org_id: OrganisationId,
    server_org_id: OrganisationId,
    endpoint_uri_prefix: String,
    role: &'static str,
    additional_info: AdditionalInfo,
}

impl CallOutcome {
    /// The status that is reported.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Answered(status) => status,
            Self::GaveUp => GAVE_UP,
        }
    }
}

impl ClientReport {
    /// The report of a call.
    pub fn of(call: ClientFacts<'_>) -> Result<Self, ReportFault> {
        let status = call.outcome.status();
        if !reportable(status) {
            return Err(ReportFault::Status);
        }
        // Security endpoints have no interaction id of their own; of every other call the platform asks for it.
        if call.interaction.is_none() && call.endpoint.starts_with(ROOT) && status != GAVE_UP && status < 500
        {
            return Err(ReportFault::Interaction);
        }
        Ok(Self {
            fapi_interaction_id: call.interaction.map(|id| id.to_string()),
            endpoint: call.endpoint.to_owned(),
            status_code: status,
            http_method: call.method.to_owned(),
            correlation_id: call.correlation.map(|text| plain(text, 100)).filter(|text| !text.is_empty()),
            timestamp: call.sent.with_millis(),
            process_timespan: timespan(call.span),
            client_ss_id: call.statement,
            client_org_id: call.client,
            server_org_id: call.server,
            endpoint_uri_prefix: prefix(call.url, call.endpoint).ok_or(ReportFault::Url)?,
            role: "CLIENT",
            additional_info: call.info,
        })
    }

    /// The outbox row that carries the report.
    pub fn into_row(self, id: String, at: Moment) -> Result<OutboxRow, serde_json::Error> {
        row(&self, PRIVATE_REPORT, id, at)
    }
}

/// `endpointUriPrefix` (M11): `https://host/prefix`, what comes before `/open-banking` (`https://host/` where nothing
/// does); of a security endpoint the whole URL. The platform's letters, at most 200 of them.
fn prefix(url: &str, endpoint: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    if host.is_empty() {
        return None;
    }
    if !endpoint.starts_with(ROOT) {
        return Some(plain(bare(url), 200));
    }
    let before = &path[..path.find(ROOT)?];
    let before = if before.is_empty() { "/" } else { before };
    Some(plain(&format!("{scheme}://{host}{before}"), 200))
}
