//! Changes of payments with all that is written with them: audit rows, notices (W08), and the report of their status (M51).

use ponte_metrics::report::payment_status::{
    PaymentEvent, PaymentReport, PaymentStatus as Reported, PaymentType,
};
use ponte_payment::payment::{Payment, PaymentChange, PaymentStatus};
use ponte_payment::ports::{PaymentWriteFault, PaymentsCommit};
use ponte_payment::wire::Purpose;
use ponte_ports::audit::AuditEntry;
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{PortError, Trail};

use crate::ports::Ports;

const WHAT: &str = "payment report";

/// Commits changes of payments of one consent, in one transaction. `interaction` is the id of the call, if one ordered it.
pub(crate) async fn commit(
    ports: &Ports,
    changes: Vec<PaymentChange>,
    interaction: Option<String>,
) -> Result<(), PaymentWriteFault> {
    ports.payments.change(of(ports, changes, interaction)?).await
}

/// The commit of changes, for callers that add to it.
pub(crate) fn of(
    ports: &Ports,
    changes: Vec<PaymentChange>,
    interaction: Option<String>,
) -> Result<PaymentsCommit, PortError> {
    let id = ports.ids.uuid();
    let notices: Vec<_> = changes
        .iter()
        .enumerate()
        .filter_map(|(number, change)| change.notice(format!("{id}-{number}")))
        .collect();
    let reports = changes.iter().filter(|change| change.tells);
    let reports = reports.map(|change| report(&change.payment)).collect::<Result<Vec<_>, _>>()?;
    let audit: Vec<_> = changes.iter().filter_map(|change| change.audit.clone()).collect();
    let audit = audit.into_iter().map(|entry| AuditEntry { interaction: interaction.clone(), ..entry });
    let trail = Trail::new(id).audited(audit).telling(notices).reporting(reports.into_iter().flatten());
    let payments = changes.into_iter().map(|change| change.payment).collect();
    Ok(PaymentsCommit { payments, idempotency: None, given_back: Vec::new(), trail })
}

/// The report of a status that the platform counts; `None` for others.
fn report(payment: &Payment) -> Result<Option<OutboxRow>, PortError> {
    let status = match payment.status() {
        PaymentStatus::Acsc => Reported::Settled,
        PaymentStatus::Schd => Reported::Scheduled,
        PaymentStatus::Rjct => {
            Reported::Rejected(payment.rejection().map_or("NAO_INFORMADO", |end| end.code.as_str()))
        }
        PaymentStatus::Canc => {
            Reported::Cancelled(payment.cancellation().map_or("NAO_INFORMADO", |end| end.reason.as_str()))
        }
        PaymentStatus::Rcvd | PaymentStatus::Pdng | PaymentStatus::Accp | PaymentStatus::Acpd => {
            return Ok(None);
        }
    };
    let kind = match payment.purpose {
        Purpose::Immediate => PaymentType::Immediate,
        Purpose::SingleScheduled => PaymentType::Scheduled,
        Purpose::RecurrentScheduled => PaymentType::Recurrent,
        Purpose::Withdraw => PaymentType::Withdraw,
        Purpose::Change => PaymentType::Change,
    };
    let report = PaymentReport::of(PaymentEvent {
        at: payment.status_updated_at,
        consent: &payment.consent,
        payment: payment.id.as_str(),
        status,
        kind,
        client: payment.organisation.clone(),
    });
    let report = report.map_err(|fault| PortError::new(WHAT, format!("{fault:?}")))?;
    // The version names the event, so that telling it again writes the same row.
    let row = report.into_row(format!("{}-{}", payment.id, payment.version));
    row.map(Some).map_err(|error| PortError::new(WHAT, error))
}
