//! The report of a call that this institution served, role SERVER (M10; M12 allows no other field).

use std::borrow::Cow;

use ponte_values::{InteractionId, Moment, OrganisationId};
use serde::{Deserialize, Serialize};

use super::drop_reason::DropReason;
use super::fault::ReportFault;
use super::path::PRIVATE_REPORT;
use super::wire::{row, timespan};
use ponte_ports::outbox::OutboxRow;

/// The report of a served call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServerReport {
    /// `x-fapi-interaction-id` of the call (M15).
    pub fapi_interaction_id: String,
    /// Template of the accepted list, never the real path (M13).
    pub endpoint: Cow<'static, str>,
    /// Status of the answer.
    pub status_code: u16,
    /// Method of the call.
    pub http_method: String,
    /// When the call arrived, UTC with milliseconds.
    pub timestamp: String,
    /// Milliseconds until the first byte of the answer, above zero (M22).
    pub process_timespan: u64,
    /// Organisation of the client.
    pub client_org_id: OrganisationId,
    /// This institution.
    pub server_org_id: OrganisationId,
    role: Server,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    additional_info: Option<Dropped>,
}

/// The only fact that a server adds (M12, M38).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Dropped {
    drop_reason: DropReason,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
enum Server {
    #[serde(rename = "SERVER")]
    Role,
}

/// The facts of a served call when its answer is ready.
#[derive(Clone, Debug)]
pub struct ServerFacts<'a> {
    /// The call's interaction id.
    pub interaction: InteractionId,
    /// Template of the accepted list.
    pub endpoint: &'static str,
    /// Method of the call.
    pub method: &'a str,
    /// Status of the answer.
    pub status: u16,
    /// Arrival.
    pub arrived: Moment,
    /// Departure of the answer.
    pub answered: Moment,
    /// The client's organisation.
    pub client: OrganisationId,
    /// This institution.
    pub server: OrganisationId,
}

impl ServerReport {
    /// The report of a call.
    #[must_use]
    pub fn of(call: ServerFacts<'_>) -> Self {
        Self {
            fapi_interaction_id: call.interaction.to_string(),
            endpoint: Cow::Borrowed(call.endpoint),
            status_code: call.status,
            http_method: call.method.to_owned(),
            timestamp: call.arrived.with_millis(),
            process_timespan: timespan(call.answered.since(call.arrived)),
            client_org_id: call.client,
            server_org_id: call.server,
            role: Server::Role,
            additional_info: None,
        }
    }

    /// Reads a report that was written before.
    pub fn read(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    /// Whether the platform waits for a reason: the call created a consent, and the report has no reason yet (M38). A
    /// refusal has none, because the customer was not looked up.
    #[must_use]
    pub fn takes_drop_reason(&self) -> bool {
        let created = self.status_code == 201 && DropReason::belongs_to(&self.endpoint, &self.http_method);
        created && self.additional_info.is_none()
    }

    /// The report with a drop reason. Once: a report has one reason at most (M38).
    pub fn dropped(self, reason: DropReason) -> Result<Self, ReportFault> {
        if !self.takes_drop_reason() {
            return Err(ReportFault::DropReason);
        }
        Ok(Self { additional_info: Some(Dropped { drop_reason: reason }), ..self })
    }

    /// The outbox row that carries the report.
    pub fn into_row(self, id: String, at: Moment) -> Result<OutboxRow, serde_json::Error> {
        row(&self, PRIVATE_REPORT, id, at)
    }
}
