//! Reports to the metrics platform: what is said of a served call and of the customer's way (M10 to M15, M40).

use ponte_values::{ConsentId, Device, InteractionId, Moment, OrganisationId};
use serde::Serialize;

use crate::outbox::OutboxRow;

/// Path for reports of calls (M02).
pub const PRIVATE_REPORT: &str = "/report-api/v1/private/report";

/// A call this institution served, role SERVER (M10, M12: nothing else is allowed in).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServedCall {
    /// `x-fapi-interaction-id` of the call (M15).
    pub fapi_interaction_id: String,
    /// Template of the accepted list, never the real path (M13).
    pub endpoint: &'static str,
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
    role: &'static str,
}

/// What is known of a served call when its answer is ready.
#[derive(Clone, Debug)]
pub struct Served<'a> {
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

impl ServedCall {
    /// The report of a call.
    #[must_use]
    pub fn of(call: Served<'_>) -> Self {
        let span = call.answered.since(call.arrived).as_millis();
        Self {
            fapi_interaction_id: call.interaction.to_string(),
            endpoint: call.endpoint,
            status_code: call.status,
            http_method: call.method.to_owned(),
            timestamp: call.arrived.with_millis(),
            process_timespan: u64::try_from(span).unwrap_or(u64::MAX).max(1),
            client_org_id: call.client,
            server_org_id: call.server,
            role: "SERVER",
        }
    }

    /// The outbox row that carries the report.
    pub fn into_row(self, id: String, at: Moment) -> Result<OutboxRow, serde_json::Error> {
        Ok(OutboxRow { id, at, path: PRIVATE_REPORT, body: serde_json::to_string(&self)? })
    }
}

/// A step of the customer's way that the server side reports (M40). The server's organisation is left empty because
/// the reporter is the token's own organisation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FunnelStep<'a> {
    /// The customer arrived at the institution.
    RedirectTarget,
    /// The institution authenticated the customer.
    Authenticated,
    /// The customer goes back with a yes or a no.
    RedirectToClient {
        /// Registered redirect URI.
        callback: &'a str,
        /// Whether the consent was authorised.
        authorised: bool,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FunnelItem<'a> {
    consent_id: &'a ConsentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<ponte_values::Platform>,
    os: ponte_values::OperatingSystem,
    os_version: &'a str,
    timestamp: String,
    server_org_id: &'static str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(rename = "uri_callback", skip_serializing_if = "Option::is_none")]
    callback: Option<&'a str>,
}

impl FunnelStep<'_> {
    /// The outbox row of this step of `consent` on `device` at `at`.
    pub fn into_row(
        self,
        id: String,
        consent: &ConsentId,
        device: &Device,
        at: Moment,
    ) -> Result<OutboxRow, serde_json::Error> {
        let (path, kind, callback) = match self {
            Self::RedirectTarget => {
                ("/report-api/v2/hybrid-flow/server/redirect-target", Some("AWAITING_USER_AUTH"), None)
            }
            Self::Authenticated => ("/report-api/v2/hybrid-flow/server/authenticated", None, None),
            Self::RedirectToClient { callback, authorised } => (
                "/report-api/v2/hybrid-flow/server/redirect-to-client",
                Some(if authorised { "AUTHORISED" } else { "REJECTED" }),
                Some(truncate(callback, 200)),
            ),
        };
        let arriving = matches!(self, Self::RedirectTarget);
        let item = FunnelItem {
            consent_id: consent,
            // The platform refuses `platform` on redirect-target (M40).
            platform: (!arriving).then_some(device.platform),
            os: device.os,
            os_version: &device.os_version,
            timestamp: at.with_millis(),
            server_org_id: "",
            kind,
            callback,
        };
        Ok(OutboxRow { id, at, path, body: serde_json::to_string(&item)? })
    }
}

fn truncate(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ponte_values::{OperatingSystem, Platform};

    fn organisation() -> OrganisationId {
        OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap()
    }

    #[test]
    fn m10_m22_a_call_takes_at_least_a_millisecond() {
        let arrived = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let call = Served {
            interaction: InteractionId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
            endpoint: "/open-banking/accounts/v2/accounts",
            method: "GET",
            status: 200,
            arrived,
            answered: arrived,
            client: organisation(),
            server: organisation(),
        };
        let row = ServedCall::of(call).into_row("1".to_owned(), arrived).unwrap();
        assert_eq!(
            row.body,
            concat!(
                r#"{"fapiInteractionId":"c770aef3-6784-41f7-8e0e-ff5f97bddb3a","endpoint":"/open-banking/accounts/v2/accounts","#,
                r#""statusCode":200,"httpMethod":"GET","timestamp":"2026-03-01T12:00:00.000Z","processTimespan":1,"#,
                r#""clientOrgId":"c770aef3-6784-41f7-8e0e-ff5f97bddb3a","serverOrgId":"c770aef3-6784-41f7-8e0e-ff5f97bddb3a","role":"SERVER"}"#
            )
        );
    }

    #[test]
    fn m40_each_step_has_its_path_and_fields() {
        let consent = ConsentId::parse("urn:banco:1").unwrap();
        let device =
            Device { platform: Platform::App, os: OperatingSystem::Ios, os_version: "18".to_owned() };
        let at = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let row = |step: FunnelStep<'_>| step.into_row("1".to_owned(), &consent, &device, at).unwrap();
        let arrived = row(FunnelStep::RedirectTarget);
        assert!(arrived.path.ends_with("server/redirect-target"));
        assert!(!arrived.body.contains("platform") && arrived.body.contains("AWAITING_USER_AUTH"));
        let authenticated = row(FunnelStep::Authenticated);
        assert!(authenticated.body.contains(r#""platform":"APP","os":"IOS","osVersion":"18""#));
        let back = row(FunnelStep::RedirectToClient { callback: &"é".repeat(300), authorised: false });
        assert!(back.body.contains(r#""type":"REJECTED""#) && back.body.contains(&"é".repeat(200)));
        assert!(!back.body.contains(&"é".repeat(201)));
    }
}
