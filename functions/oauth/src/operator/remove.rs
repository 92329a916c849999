//! `client.remove`: a client is gone, its access tokens within a minute, its consents with the next rounds of the sweep. Its
//! software statement stays taken until a `client.reset`, so that it does not come back by itself.

use ponte_authorization::client::RegistrationChange;
use ponte_authorization::removed_client::{RemovedBy, RemovedClient};
use ponte_ports::CommitFault;

use crate::commands::ClientView;

use super::change::{ATTEMPTS, Subject, absent, view_removed};
use super::fault::CommandFault;
use super::ports::OperatorPorts;

pub(super) async fn remove(ports: &OperatorPorts, subject: &Subject<'_>) -> Result<ClientView, CommandFault> {
    for _ in 0..ATTEMPTS {
        let Some(stored) = ports.clients.registration(&subject.id).await? else {
            return Err(absent(ports, subject).await?);
        };
        let now = ports.clock.now();
        let gone = RemovedClient::of(&stored, RemovedBy::Operator, now);
        let audit = stored.audit_by_operator(RegistrationChange::Removed, now, &subject.reason);
        let audit = subject.signed(audit);
        match ports.clients.remove(&gone, &audit).await {
            Ok(()) => return Ok(view_removed(&gone, now)),
            Err(CommitFault::Conflict) => {}
            Err(CommitFault::Port(error)) => return Err(error.into()),
        }
    }
    Err(CommandFault::Conflict)
}
