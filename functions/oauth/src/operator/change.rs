//! `client.block`, `client.unblock`, and what every command about a client does.

use ponte_authorization::client::{ClientFault, ClientRegistration, RegistrationChange};
use ponte_authorization::removed_client::RemovedClient;
use ponte_ports::CommitFault;
use ponte_ports::audit::{AuditEntry, OperatorAction, OperatorReason};
use ponte_values::{ClientId, Moment};

use crate::commands::ClientView;

use super::fault::CommandFault;
use super::ports::OperatorPorts;

/// How often a command decides again because the client or another operator changed the registration in between.
pub(super) const ATTEMPTS: u8 = 8;

/// The client that a command is about, and who ordered it why.
pub(super) struct Subject<'a> {
    pub(super) id: ClientId,
    pub(super) reason: OperatorReason,
    action: &'a OperatorAction,
}

impl<'a> Subject<'a> {
    pub(super) fn read(id: &str, reason: &str, action: &'a OperatorAction) -> Result<Self, CommandFault> {
        let id = ClientId::parse(id).map_err(|_| CommandFault::Input("id: a client_id"))?;
        let reason = OperatorReason::parse(reason).map_err(|_| {
            CommandFault::Input("reason: 1 to 200 printable characters on one line, without personal data")
        })?;
        Ok(Self { id, reason, action })
    }

    /// The audit row of the command, with who ordered it (T47).
    pub(super) fn signed(&self, entry: AuditEntry) -> AuditEntry {
        self.action.signed(entry)
    }
}

/// Shuts a client out.
pub(super) async fn block(ports: &OperatorPorts, subject: &Subject<'_>) -> Result<ClientView, CommandFault> {
    change(ports, subject, RegistrationChange::Blocked, ClientRegistration::blocked).await
}

/// Opens it again.
pub(super) async fn unblock(
    ports: &OperatorPorts,
    subject: &Subject<'_>,
) -> Result<ClientView, CommandFault> {
    change(ports, subject, RegistrationChange::Unblocked, |stored, _| stored.unblocked()).await
}

/// Changes a registered client as `decide` says, with its audit row.
pub(super) async fn change(
    ports: &OperatorPorts,
    subject: &Subject<'_>,
    change: RegistrationChange,
    decide: impl Fn(ClientRegistration, Moment) -> Result<ClientRegistration, ClientFault> + Send + Sync,
) -> Result<ClientView, CommandFault> {
    for _ in 0..ATTEMPTS {
        let Some(stored) = ports.clients.registration(&subject.id).await? else {
            return Err(absent(ports, subject).await?);
        };
        let now = ports.clock.now();
        let changed = decide(stored, now)?;
        let audit = subject.signed(changed.audit_by_operator(change, now, &subject.reason));
        match ports.clients.replace(&changed, &audit).await {
            Ok(()) => return Ok(view(&changed, now)),
            Err(CommitFault::Conflict) => {}
            Err(CommitFault::Port(error)) => return Err(error.into()),
        }
    }
    Err(CommandFault::Conflict)
}

/// Why a client is not there.
pub(super) async fn absent(
    ports: &OperatorPorts,
    subject: &Subject<'_>,
) -> Result<CommandFault, CommandFault> {
    let removed = ports.clients.removed(&subject.id).await?;
    Ok(removed.map_or(CommandFault::NoClient, |removed| CommandFault::Removed(removed.at.with_millis())))
}

/// A client as the answers show it.
pub(super) fn view(registration: &ClientRegistration, now: Moment) -> ClientView {
    ClientView { status: registration.status().to_owned(), ..ClientView::of(&registration.client, now) }
}

/// A client that is gone as the answers show it.
pub(super) fn view_removed(removed: &RemovedClient, now: Moment) -> ClientView {
    ClientView { status: "REMOVED".to_owned(), ..ClientView::of(&removed.client, now) }
}
