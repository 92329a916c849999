//! `client.block`, `client.unblock`, and what every command about a client does.

use ponte_authorization::client::{ClientRegistration, RegistrationChange};
use ponte_authorization::removed_client::RemovedClient;
use ponte_ports::CommitFault;
use ponte_ports::audit::{AuditEntry, OperatorAction, OperatorOrder, OperatorReason};
use ponte_values::{ClientId, Moment};

use crate::commands::ClientView;

use super::fault::CommandFault;
use super::ports::OperatorPorts;
use super::tries::Tries;

/// The client that a command is about, and who ordered it why.
pub(super) struct Subject {
    pub(super) id: ClientId,
    pub(super) reason: OperatorReason,
    order: OperatorOrder,
    ordered_at: Option<Moment>,
}

impl Subject {
    /// The reason is a member of the command, or stands in the action alone.
    pub(super) fn read(
        id: &str,
        reason: Option<&str>,
        action: &OperatorAction,
    ) -> Result<Self, CommandFault> {
        let id = ClientId::parse(id).map_err(|_| CommandFault::Input("id: a client_id"))?;
        let reason = match reason {
            Some(text) => OperatorReason::parse(text).ok(),
            None => action.reason.clone(),
        };
        let reason = reason.ok_or(CommandFault::Input(
            "reason: 1 to 200 printable characters on one line, without personal data",
        ))?;
        let order = OperatorOrder::for_reason(action, &reason)?;
        Ok(Self { id, reason, order, ordered_at: action.ordered_at })
    }

    /// The audit row of the command, with who ordered it (T47).
    pub(super) fn signed(&self, entry: AuditEntry) -> AuditEntry {
        self.order.signed(entry)
    }
}

/// What became of a client.
pub(super) enum Standing {
    /// It is registered.
    Registered(Box<ClientRegistration>),
    /// It was removed, and its software statement may register anew at any moment.
    Free(Box<RemovedClient>),
    /// It was removed, and its software statement is taken by that.
    Gone(Box<RemovedClient>),
    /// It was removed at that time, and its software statement is this client by now.
    Became(ClientId, Moment),
}

impl Standing {
    /// # Errors
    /// When there was no such client.
    pub(super) async fn of(ports: &OperatorPorts, id: &ClientId) -> Result<Self, CommandFault> {
        if let Some(stored) = ports.clients.registration(id).await? {
            return Ok(Self::Registered(Box::new(stored)));
        }
        let removed = ports.clients.removed(id).await?.ok_or(CommandFault::NoClient)?;
        match ports.clients.of_software(&removed.client.software).await? {
            None => Ok(Self::Free(Box::new(removed))),
            Some(other) if other != *id => Ok(Self::Became(other, removed.at)),
            Some(_) => Ok(Self::Gone(Box::new(removed))),
        }
    }
}

/// Shuts a client out. If it removed itself, its software statement is shut out, as the client that it has become or by taking it:
/// whoever goes and comes again does not escape. One that is shut out already is answered with since when: the answer of a command
/// may be lost, and the command is given again.
pub(super) async fn block(ports: &OperatorPorts, subject: &Subject) -> Result<ClientView, CommandFault> {
    let (mut tries, mut id) = (Tries::new(ports), subject.id.clone());
    while tries.next().await {
        let now = ports.clock.now();
        let (outcome, view) = match Standing::of(ports, &id).await? {
            Standing::Registered(stored) => {
                if let Some(since) = stored.client.blocked_at {
                    return Ok(view(&stored, since));
                }
                let blocked = stored.blocked(now)?;
                let audit = blocked.audit_by_operator(RegistrationChange::Blocked, now, &subject.reason);
                let outcome = ports.clients.replace(&blocked, &subject.signed(audit)).await;
                (outcome, view(&blocked, now))
            }
            Standing::Free(removed) => withhold(ports, subject, *removed, now).await,
            Standing::Gone(removed) => return Ok(view_removed(&removed, removed.at)),
            Standing::Became(other, _) => {
                id = other;
                continue;
            }
        };
        if tries.done(outcome)? {
            return Ok(view);
        }
    }
    Err(tries.over())
}

/// Takes the software statement of a removed client.
pub(super) async fn withhold(
    ports: &OperatorPorts,
    subject: &Subject,
    removed: RemovedClient,
    now: Moment,
) -> (Result<(), CommitFault>, ClientView) {
    let withheld = removed.withheld();
    let audit = subject.signed(withheld.audit_of_withholding(now, &subject.reason));
    (ports.clients.withhold(&withheld, &audit).await, view_removed(&withheld, now))
}

/// Opens it again. One that is open is answered as it is; one that was shut out after the order stays shut out, since an order whose
/// answer was lost is run again later.
pub(super) async fn unblock(ports: &OperatorPorts, subject: &Subject) -> Result<ClientView, CommandFault> {
    let decide = |stored: ClientRegistration, _| {
        let is_newer = |blocked_at| subject.ordered_at.is_some_and(|ordered_at| blocked_at > ordered_at);
        if stored.client.blocked_at.is_some_and(is_newer) {
            return Err(CommandFault::BlockedSince);
        }
        Ok(stored.unblocked()?)
    };
    let is_open = |stored: &ClientRegistration, now| stored.client.blocked_at.is_none().then_some(now);
    change(ports, subject, RegistrationChange::Unblocked, is_open, decide).await
}

/// Changes a registered client as `decide` says, with its audit row. One that `since` finds changed already is answered as of then.
pub(super) async fn change(
    ports: &OperatorPorts,
    subject: &Subject,
    change: RegistrationChange,
    since: impl Fn(&ClientRegistration, Moment) -> Option<Moment> + Send + Sync,
    decide: impl Fn(ClientRegistration, Moment) -> Result<ClientRegistration, CommandFault> + Send + Sync,
) -> Result<ClientView, CommandFault> {
    let mut tries = Tries::new(ports);
    while tries.next().await {
        let Some(stored) = ports.clients.registration(&subject.id).await? else {
            return Err(absent(ports, subject).await?);
        };
        let now = ports.clock.now();
        if let Some(since) = since(&stored, now) {
            return Ok(view(&stored, since));
        }
        let changed = decide(stored, now)?;
        let audit = subject.signed(changed.audit_by_operator(change, now, &subject.reason));
        if tries.done(ports.clients.replace(&changed, &audit).await)? {
            return Ok(view(&changed, now));
        }
    }
    Err(tries.over())
}

/// Why a client is not there.
async fn absent(ports: &OperatorPorts, subject: &Subject) -> Result<CommandFault, CommandFault> {
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
