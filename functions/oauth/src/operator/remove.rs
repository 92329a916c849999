//! `client.remove`: a client is gone, its access tokens within a minute, its consents with the next rounds of the sweep. Its
//! software statement stays taken until a `client.reset`, so that it does not come back by itself; also that of a client that
//! had removed itself.

use ponte_authorization::client::RegistrationChange;
use ponte_authorization::removed_client::{RemovedBy, RemovedClient};

use crate::commands::ClientView;

use super::change::{Standing, Subject, view_removed, withhold};
use super::fault::CommandFault;
use super::ports::OperatorPorts;
use super::tries::Tries;

pub(super) async fn remove(ports: &OperatorPorts, subject: &Subject) -> Result<ClientView, CommandFault> {
    let mut tries = Tries::new(ports);
    while tries.next().await {
        let now = ports.clock.now();
        let (outcome, view) = match Standing::of(ports, &subject.id).await? {
            Standing::Registered(stored) => {
                let gone = RemovedClient::of(&stored, RemovedBy::Operator, now);
                let audit = stored.audit_by_operator(RegistrationChange::Removed, now, &subject.reason);
                let outcome = ports.clients.remove(&gone, &subject.signed(audit)).await;
                (outcome, view_removed(&gone, now))
            }
            Standing::Free(removed) => withhold(ports, subject, *removed, now).await,
            // Given again after a lost answer, or by a second operator: it is as they want it, since then.
            Standing::Gone(removed) => return Ok(view_removed(&removed, removed.at)),
            // Consents that end do not come back: they end for the client alone that the operator names.
            Standing::Became(other, at) => return Err(CommandFault::Became(at.with_millis(), other)),
        };
        if tries.done(outcome)? {
            return Ok(view);
        }
    }
    Err(tries.over())
}
