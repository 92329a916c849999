//! The record of a call: one log line, and one report for the metrics platform in the outbox.

use std::time::Duration;

use ponte_authorization::api_key::ApiKeyId;
use ponte_fapi::certificate::ClientCertificate;
use ponte_metrics::outbox::LostReport;
use ponte_metrics::ports::HeldReports;
use ponte_metrics::report::{ServerFacts, ServerReport};
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{PortError, chain};
use ponte_values::{ConsentId, InteractionId, Moment, OrganisationId};

use tokio::time::timeout;

use crate::call_limits::MonthCall;
use crate::context::Context;
use crate::log::report_failure;

/// Where a report waits, and the created target it waits for (M38).
pub(crate) type Held<'a> = (&'a dyn HeldReports, &'a ConsentId);

/// How long an answer waits for one try to store its report.
const PATIENCE: Duration = Duration::from_millis(300);
/// Tries to store a report: an answer waits 600 ms for it at most.
const TRIES: u32 = 2;

/// How long an answer waits for its report at most.
#[cfg(test)]
pub(crate) const LONGEST: Duration = Duration::from_millis(600);

/// The access decision on a managed route, as the log may know it: id of the key and outcome, never the secret or the
/// customer.
#[derive(Default)]
pub(crate) struct AccessLog {
    key: Option<ApiKeyId>,
    outcome: Option<&'static str>,
}

impl AccessLog {
    pub(crate) fn of(&mut self, key: &ApiKeyId) {
        self.key = Some(key.clone());
    }

    pub(crate) fn decided(&mut self, outcome: &'static str) {
        self.outcome = Some(outcome);
    }
}

/// Facts about the caller that the endpoint found out, for log line, report and the count of the month.
#[derive(Default)]
pub(crate) struct KnownCaller {
    pub(crate) client: Option<OrganisationId>,
    pub(crate) access: AccessLog,
    /// What a served answer counts among (L06).
    pub(crate) month: Option<MonthCall>,
}

/// The facts of a call that both the log and the report use.
pub(crate) struct CallRecord {
    pub(crate) route: &'static str,
    /// One that we know, whatever was sent.
    pub(crate) method: &'static str,
    pub(crate) interaction: InteractionId,
    pub(crate) arrived: Moment,
    pub(crate) answered: Moment,
}

impl CallRecord {
    /// The one log line of the call, of bounded length whatever was sent (T62). Route templates, never paths: an id in a path
    /// belongs to a customer.
    pub(crate) fn log(&self, status: u16, client: Option<&OrganisationId>, access: &AccessLog) {
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

    /// Puts the report into the outbox before the answer leaves. The call of an unknown client is logged instead: the
    /// platform discards a report without client, and no other report could pair with it (M21, M22). A report that the
    /// store does not take in [`TRIES`] times [`PATIENCE`] is logged whole, with the consent it waits for: it carries no
    /// personal data, and a command of `pcm` puts it into the outbox from there (T64).
    pub(crate) async fn report(
        &self,
        context: &Context,
        endpoint: &'static str,
        status: u16,
        client: Option<OrganisationId>,
        held: Option<Held<'_>>,
    ) {
        let Some(client) = client else {
            tracing::warn!(endpoint, status, interaction = %self.interaction, "client unknown, call not reported");
            return;
        };
        let call = ServerReport::of(ServerFacts {
            interaction: self.interaction,
            endpoint,
            method: self.method,
            status,
            arrived: self.arrived,
            answered: self.answered,
            client,
            server: context.organisation.clone(),
        });
        let held = held.filter(|_| call.takes_drop_reason());
        match call.into_row(context.ids.uuid(), self.arrived) {
            Ok(row) => {
                if let Err(error) = stored(context, &row, held).await {
                    let consent = held.map(|(_, consent)| consent);
                    let lost_report = LostReport::of(&row).waiting_for(consent).text();
                    tracing::error!(chain = chain(&error), lost_report, "report not stored");
                }
            }
            Err(error) => report_failure("report not written", &error),
        }
    }
}

/// Stores a report. The same row is put again, so that a try whose reply was lost does no harm.
async fn stored(context: &Context, row: &OutboxRow, held: Option<Held<'_>>) -> Result<(), PortError> {
    let mut tries = 1;
    loop {
        let put = match held {
            Some((reports, target)) => reports.hold(row, target),
            None => context.outbox.add(row),
        };
        let outcome = timeout(PATIENCE, put).await;
        match outcome.unwrap_or_else(|late| Err(PortError::timeout("outbox table", late))) {
            Err(_) if tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

/// The organisation a client certificate names, for calls refused before their token was read.
pub(crate) fn organisation_of(certificate: Option<&str>) -> Option<OrganisationId> {
    let certificate = ClientCertificate::from_pem(certificate?).ok()?;
    OrganisationId::parse(certificate.organisation_id()?).ok()
}
