//! What is said of a call afterwards: one log line, and one report for the metrics platform in the outbox.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use ponte_authorization::api_key::ApiKeyId;
use ponte_fapi::certificate::ClientCertificate;
use ponte_metrics::ports::HeldReports;
use ponte_metrics::report::{Served, ServedCall};
use ponte_values::{ConsentId, InteractionId, Moment, OrganisationId};

use crate::app::report_failure;
use crate::door::Desk;

/// Where a report waits, and the consent it waits for (M38).
pub(crate) type Held<'a> = (&'a dyn HeldReports, &'a ConsentId);
/// What is said of the access decision on a managed route: the id of the key and what came of it, never the secret or
/// whom the call is about.
#[derive(Default)]
pub(crate) struct Access {
    key: Option<ApiKeyId>,
    outcome: Option<&'static str>,
}

impl Access {
    pub(crate) fn of(&mut self, key: &ApiKeyId) {
        self.key = Some(key.clone());
    }

    pub(crate) fn decided(&mut self, outcome: &'static str) {
        self.outcome = Some(outcome);
    }
}

/// The facts of a call that both the log and the report use.
pub(crate) struct Line<'a> {
    pub(crate) route: &'static str,
    pub(crate) method: &'a str,
    pub(crate) interaction: InteractionId,
    pub(crate) arrived: Moment,
    pub(crate) answered: Moment,
}

impl Line<'_> {
    /// The one log line of the call. Route templates, never paths: an id in a path belongs to a customer.
    pub(crate) fn log(&self, status: u16, client: Option<&OrganisationId>, access: &Access) {
        tracing::info!(
            route = self.route,
            method = self.method,
            status,
            ms = u64::try_from(self.answered.since(self.arrived).as_millis()).unwrap_or(u64::MAX),
            interaction = %self.interaction,
            client = client.map_or("", |organisation| organisation.as_str()),
            key = access.key.as_ref().map(ApiKeyId::as_str),
            access = access.outcome,
            "call"
        );
    }

    /// Leaves the report in the outbox before the answer does. A call of nobody we know is logged instead: the platform
    /// discards a report without client, and there is nobody to pair it with (M21, M22). A report the store did not take
    /// is logged whole: it carries no personal data and can be sent again.
    pub(crate) async fn report(
        &self,
        desk: &Desk,
        endpoint: &'static str,
        status: u16,
        client: Option<OrganisationId>,
        held: Option<Held<'_>>,
    ) {
        let Some(client) = client else {
            tracing::warn!(endpoint, status, interaction = %self.interaction, "client unknown, call not reported");
            return;
        };
        let call = ServedCall::of(Served {
            interaction: self.interaction,
            endpoint,
            method: self.method,
            status,
            arrived: self.arrived,
            answered: self.answered,
            client,
            server: desk.organisation.clone(),
        });
        let held = held.filter(|_| call.takes_drop_reason());
        match call.into_row(desk.ids.uuid(), self.arrived) {
            Ok(row) => {
                let stored = match held {
                    Some((reports, consent)) => reports.hold(&row, consent).await,
                    None => desk.outbox.add(&row).await,
                };
                if let Err(error) = stored {
                    report_failure("report not stored", &error);
                    tracing::error!(report = row.body, "report to be sent again");
                }
            }
            Err(error) => report_failure("report not written", &error),
        }
    }
}

/// The client certificate of a call, PEM.
pub(crate) fn certificate_of(event: &ApiGatewayV2httpRequest) -> Option<String> {
    event.request_context.authentication.as_ref()?.client_cert.as_ref()?.client_cert_pem.clone()
}

/// The organisation a client certificate names, for calls refused before their token was read.
pub(crate) fn organisation_of(certificate: Option<&str>) -> Option<OrganisationId> {
    let certificate = ClientCertificate::from_pem(certificate?).ok()?;
    OrganisationId::parse(certificate.organisation_id()?).ok()
}
