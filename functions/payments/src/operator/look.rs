//! `payments.reconcile`: the books of a day against the core's, or what the core says of one payment, at once.

use ponte_ports::audit::OperatorOrder;
use ponte_values::{Date, PaymentId};

use super::fault::CommandFault;
use super::payment_operator::PaymentOperator;
use crate::commands::Resolved;
use crate::reconcile::{Reconciliation, reconcile};
use crate::worker::look;

/// A day that is over, or today.
pub(super) async fn day(
    operator: &PaymentOperator,
    day: Date,
    order: &OperatorOrder,
) -> Result<Reconciliation, CommandFault> {
    let ports = &operator.ports;
    if day > ports.clock.now().date_brasilia() {
        return Err(CommandFault::Day);
    }
    let about = (format!("payments:{day}"), "payments.reconciled", "ORDERED");
    operator.trails.write(&operator.trail(ports.ids.uuid(), order, about)).await?;
    Ok(reconcile(ports, day).await?)
}

/// One payment, whatever its execution waits for: a parked one is asked about too.
pub(super) async fn payment(
    operator: &PaymentOperator,
    id: &PaymentId,
    order: &OperatorOrder,
) -> Result<Resolved, CommandFault> {
    let ports = &operator.ports;
    let before = ports.payments.find(id).await?.ok_or(CommandFault::Unknown)?;
    let about = (id.to_string(), "payment.reconciled", before.status().as_str());
    operator.trails.write(&operator.trail(ports.ids.uuid(), order, about)).await?;
    let version = before.version;
    if !before.status().is_final() {
        Box::pin(look(ports, before)).await?;
    }
    let after = ports.payments.find(id).await?.ok_or(CommandFault::Unknown)?;
    Ok(Resolved {
        payment: id.to_string(),
        status: after.status().as_str().to_owned(),
        parked: after.is_parked(),
        changed: after.version > version,
    })
}
