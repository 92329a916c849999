//! Changes of payments with all that is written with them: audit rows, notices (W08), and the report of their status (M51).

use ponte_metrics::report::payment_status::{
    PaymentEvent, PaymentReport, PaymentStatus as Reported, PaymentType,
};
use ponte_payment::payment::{Counted, Payment, PaymentChange, PaymentStatus};
use ponte_payment::ports::{PaymentWriteFault, PaymentsCommit, Spending};
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

/// The commit of changes, for callers that add to it. A list has one audit row and one notice for all of it, and its reports come after
/// it: a row of each for sixty payments is more than a transaction takes.
pub(crate) fn of(
    ports: &Ports,
    changes: Vec<PaymentChange>,
    interaction: Option<String>,
) -> Result<PaymentsCommit, PortError> {
    let id = ports.ids.uuid();
    let notice = PaymentChange::notice(&changes, format!("{id}-0"));
    let (changes, reports): (Vec<PaymentChange>, Option<OutboxRow>) =
        match <[PaymentChange; 1]>::try_from(changes) {
            Ok([only]) => {
                let report = if only.tells { report(&only.payment)? } else { None };
                (vec![only], report)
            }
            Err(list) => (list.into_iter().map(PaymentChange::reported_later).collect(), None),
        };
    let audit = audit(&changes).map(|entry| AuditEntry { interaction, ..entry });
    let given_back = changes.iter().filter_map(given_back).collect();
    let trail = Trail::new(id).audited(audit).telling(notice).reporting(reports);
    let payments = changes.into_iter().map(|change| change.payment).collect();
    Ok(PaymentsCommit { payments, idempotency: None, spending: None, given_back, trail })
}

/// Writes the report of a payment that changed with a whole list.
pub(crate) async fn report_late(ports: &Ports, payment: Payment) -> Result<(), PaymentWriteFault> {
    let row = report(&payment)?;
    let Ok(change) = payment.reported() else { return Ok(()) };
    let mut commit = of(ports, vec![change], None)?;
    commit.trail = commit.trail.reporting(row);
    ports.payments.change(commit).await
}

/// The audit row of changes: of one payment its own, of a list one that is about their consent.
fn audit(changes: &[PaymentChange]) -> Option<AuditEntry> {
    let first = changes.iter().find_map(|change| change.audit.clone().map(|entry| (change, entry)));
    first.map(|(change, entry)| match changes.len() {
        1 => entry,
        _ => AuditEntry { subject: change.payment.consent.to_string(), ..entry },
    })
}

/// What a payment does not count among any more.
fn given_back(change: &PaymentChange) -> Option<Spending> {
    let Counted { customer, day } = change.given_back.clone()?;
    let amount = change.payment.amount();
    Some(Spending { customer, day, amount, most: amount })
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
