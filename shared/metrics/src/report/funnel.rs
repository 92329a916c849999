//! The customer's way between two institutions, step by step (M40 to M42). The organisation is left empty: the reporter
//! is the organisation of the platform's token.

use ponte_values::{ConsentId, Device, Moment, OperatingSystem, Platform};
use serde::Serialize;

use super::wire::{bare, row, truncate};
use ponte_ports::outbox::OutboxRow;

/// Longest text of a step, in characters.
const TEXT: usize = 200;

/// A step of the customer's way (M40). The first and the last two are the client's to tell, the others the server's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FunnelStep<'a> {
    /// The client sends the customer away.
    RedirectToServer {
        /// `authorization_endpoint` of the server's discovery document, without what the client adds to it.
        authorization_endpoint: Option<&'a str>,
    },
    /// The customer arrived at the institution.
    RedirectTarget {
        /// The step that the customer waits for there.
        arrival: Arrival,
        /// `authorization_endpoint` of our discovery document.
        authorization_endpoint: Option<&'a str>,
    },
    /// The institution authenticated the customer.
    Authenticated,
    /// The customer goes back with a yes or a no.
    RedirectToClient {
        /// Registered redirect URI.
        callback: &'a str,
        /// Whether the consent was authorised.
        authorised: bool,
    },
    /// The customer is back at the client, with an error.
    RedirectTargetWithErrors {
        /// Code of the answer: `access_denied`.
        error: &'a str,
    },
    /// The customer is back at the client.
    RedirectTargetWithoutErrors,
}

/// The step that a customer who arrives waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Arrival {
    /// To change to another device.
    AwaitingHandoff,
    /// To log in.
    AwaitingUserAuth,
    /// To be taken into the institution's app.
    AwaitingRedirectToApp,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Decision {
    Authorised,
    Rejected,
}

#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
enum Kind {
    Arrival(Arrival),
    Decision(Decision),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FunnelItem<'a> {
    consent_id: &'a ConsentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<Platform>,
    os: OperatingSystem,
    os_version: &'a str,
    timestamp: String,
    #[serde(flatten)]
    reporter: Reporter,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(rename = "uri_callback", skip_serializing_if = "Option::is_none")]
    callback: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_authorization_endpoint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// Side that takes the step: the field that names the organisation, empty.
#[derive(Serialize)]
enum Reporter {
    #[serde(rename = "clientOrgId")]
    Client(&'static str),
    #[serde(rename = "serverOrgId")]
    Server(&'static str),
}

impl FunnelStep<'_> {
    /// Every path of the platform that takes steps.
    pub const PATHS: [&'static str; 6] = [
        "/report-api/v2/hybrid-flow/client/redirect-to-server",
        "/report-api/v2/hybrid-flow/server/redirect-target",
        "/report-api/v2/hybrid-flow/server/authenticated",
        "/report-api/v2/hybrid-flow/server/redirect-to-client",
        "/report-api/v2/hybrid-flow/client/redirect-target-with-errors",
        "/report-api/v2/hybrid-flow/client/redirect-target-without-errors",
    ];

    /// Path of the platform that takes this step.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        let [to_server, target, authenticated, to_client, with_errors, without_errors] = Self::PATHS;
        match self {
            Self::RedirectToServer { .. } => to_server,
            Self::RedirectTarget { .. } => target,
            Self::Authenticated => authenticated,
            Self::RedirectToClient { .. } => to_client,
            Self::RedirectTargetWithErrors { .. } => with_errors,
            Self::RedirectTargetWithoutErrors => without_errors,
        }
    }

    /// The outbox row of this step of `consent` on `device` at `at`.
    pub fn into_row(
        self,
        id: String,
        consent: &ConsentId,
        device: &Device,
        at: Moment,
    ) -> Result<OutboxRow, serde_json::Error> {
        let mut item = FunnelItem {
            consent_id: consent,
            platform: Some(device.platform),
            os: device.os,
            os_version: &device.os_version,
            timestamp: at.with_millis(),
            reporter: Reporter::Server(""),
            kind: None,
            callback: None,
            uri_authorization_endpoint: None,
            error: None,
        };
        match self {
            Self::RedirectToServer { authorization_endpoint } => {
                item.reporter = Reporter::Client("");
                item.uri_authorization_endpoint = authorization_endpoint.map(bare);
            }
            Self::RedirectTarget { arrival, authorization_endpoint } => {
                // The platform refuses `platform` on redirect-target (M40).
                item.platform = None;
                item.kind = Some(Kind::Arrival(arrival));
                item.uri_authorization_endpoint = authorization_endpoint.map(bare);
            }
            Self::Authenticated => {}
            Self::RedirectToClient { callback, authorised } => {
                let decision = if authorised { Decision::Authorised } else { Decision::Rejected };
                item.kind = Some(Kind::Decision(decision));
                item.callback = Some(truncate(callback, TEXT));
            }
            Self::RedirectTargetWithErrors { error } => {
                item.reporter = Reporter::Client("");
                item.error = Some(truncate(error, TEXT));
            }
            Self::RedirectTargetWithoutErrors => item.reporter = Reporter::Client(""),
        }
        row(&item, self.path(), id, at)
    }
}
