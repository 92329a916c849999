//! `client.reset`: a software statement may register once more. A client that is registered keeps its `client_id` and its
//! consents, for whoever lost the registration token; one that was removed by an operator becomes a new client.

use ponte_authorization::client::{ClientRegistration, RegistrationChange};
use ponte_authorization::removed_client::RemovedBy;
use ponte_ports::CommitFault;

use crate::commands::ClientView;

use super::change::{Subject, change, view_removed};
use super::fault::CommandFault;
use super::ports::OperatorPorts;

pub(super) async fn reset(ports: &OperatorPorts, subject: &Subject) -> Result<ClientView, CommandFault> {
    let removed = ports.clients.removed(&subject.id).await?;
    let Some(removed) = removed.filter(|removed| removed.by == RemovedBy::Operator) else {
        let since = |stored: &ClientRegistration, _| stored.reset_at;
        return change(
            ports,
            subject,
            RegistrationChange::Reset,
            since,
            |stored, now| Ok(stored.reset(now)?),
        )
        .await;
    };
    let now = ports.clock.now();
    let audit = subject.signed(removed.audit_of_reset(now, &subject.reason));
    match ports.clients.release(&removed, &audit).await {
        Ok(()) => Ok(view_removed(&removed, now)),
        Err(CommitFault::Conflict) => Err(CommandFault::Released),
        Err(CommitFault::Port(error)) => Err(error.into()),
    }
}
