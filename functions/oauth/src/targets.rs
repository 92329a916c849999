//! Targets of tokens: the consent, recurring consent or enrolment that the scope names (S12, S13, S50, S51).

use ponte_authorization::grant::Grant;
use ponte_authorization::target::Target;
use ponte_fapi::scope::{DynamicScope, RequestedTargets, Scope, ScopeFault};
use ponte_ports::PortError;
use ponte_values::{ClientId, Moment, TargetKind};

use crate::ports::Ports;

/// The targets that a request asks a customer to authorise: one, or in the optimised journey a leading one with the
/// data consent that follows it (S51).
pub(crate) fn named_by(scope: &Scope) -> Result<(Target, Option<Target>), ScopeFault> {
    Ok(match scope.requested_targets()? {
        RequestedTargets::Single(only) => (target(only), None),
        RequestedTargets::Linked { primary, secondary } => (target(primary), Some(target(secondary))),
    })
}

/// The target that the scope of a token names and the one linked to it; `None` for a client in its own name (S50).
pub(crate) fn of(scope: &Scope) -> Option<(Target, Option<Target>)> {
    let mut targets = scope.dynamic().iter().map(target);
    targets.next().map(|first| (first, targets.next()))
}

fn target(scope: &DynamicScope) -> Target {
    Target { kind: scope.kind(), id: scope.target().clone() }
}

/// Whether everything a customer is sent to decide on is this client's and still waits for a decision (C05, C09).
pub(crate) async fn await_decision(
    ports: &Ports,
    client: &ClientId,
    target: &Target,
    linked: Option<&Target>,
    now: Moment,
) -> Result<bool, PortError> {
    for target in [target].into_iter().chain(linked) {
        let state = ports.targets.find(target, now).await?;
        if !state.is_some_and(|state| state.awaits(client)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the customer of a grant authorised all of it, at the moment the first tokens are issued (S12).
pub(crate) async fn is_authorised(
    ports: &Ports,
    grant: &Grant,
    client: &ClientId,
    now: Moment,
) -> Result<bool, PortError> {
    for target in [&grant.target].into_iter().chain(&grant.linked) {
        if !stands(ports, target, &grant.subject, client, now).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a grant still gives tokens.
pub(crate) async fn is_in_force(
    ports: &Ports,
    grant: &Grant,
    client: &ClientId,
    now: Moment,
) -> Result<bool, PortError> {
    let targets = (&grant.target, grant.linked.as_ref());
    one_stands(ports, targets, &grant.subject, client, now).await
}

/// Whether an access token for what `subject` authorised still opens something. Of payments it does to its end: the API looks at
/// the status of their consent, the token does not (S30).
pub(crate) async fn opens(
    ports: &Ports,
    (target, linked): (&Target, Option<&Target>),
    subject: &str,
    client: &ClientId,
    now: Moment,
) -> Result<bool, PortError> {
    if target.kind == TargetKind::PaymentConsent {
        return Ok(true);
    }
    one_stands(ports, (target, linked), subject, client, now).await
}

/// Whether what `subject` authorised is still worth something: as long as one of the targets is in force (S13). A
/// call under one that is not is refused by the API itself.
async fn one_stands(
    ports: &Ports,
    (target, linked): (&Target, Option<&Target>),
    subject: &str,
    client: &ClientId,
    now: Moment,
) -> Result<bool, PortError> {
    for target in [target].into_iter().chain(linked) {
        if stands(ports, target, subject, client, now).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn stands(
    ports: &Ports,
    target: &Target,
    subject: &str,
    client: &ClientId,
    now: Moment,
) -> Result<bool, PortError> {
    let state = ports.targets.find(target, now).await?;
    Ok(state.is_some_and(|state| state.authorised(client, subject)))
}
