//! Discovery of products that customers do not choose one by one: asked for when a client calls, all kinds side by side.
//!
//! An answer counts until the end that the institution gave it. What fails for one kind says nothing of the others: what is known of it
//! goes on counting. Answers of several environments at the same time meet at the state of the consent, of which each change is one
//! transaction: an answer to a question that is older than what was written since is left alone.

use futures_util::future;
use ponte_catalog::Frequency;
use ponte_data_consent::consent::{Consent, InForce, Resource};
use ponte_data_consent::discovery::{
    DiscoveryState, DiscoveryStep, KEPT, KindAnswer, StoredResources, steps, validity,
};
use ponte_data_consent::ports::{DiscoveryCommit, ResourcesRequest};
use ponte_edge::{CustomerCall, Refusal};
use ponte_ports::audit::Actor;
use ponte_ports::{CommitFault, InstitutionFault, Trail};
use ponte_values::ResourceKind;

use crate::ports::Ports;

/// The class of the list of resources, for which all kinds are asked: whoever asks, an answer may take as long.
const TIME: Frequency = Frequency::High;
/// How often an answer is stored anew because somebody else changed the state in between.
const ATTEMPTS: u32 = 6;

/// What is known after the institution was asked for what was due.
pub(crate) struct Discovery {
    pub(crate) state: DiscoveryState,
    /// Kinds that were asked for in vain, and why.
    silent: Vec<(ResourceKind, InstitutionFault)>,
}

impl Discovery {
    /// The fault of a kind that was never answered; `None` if there is something to go by.
    pub(crate) fn fault_of(self, kind: ResourceKind) -> Option<InstitutionFault> {
        if self.state.is_answered(kind) {
            return None;
        }
        let own = self.silent.into_iter().find(|(silent, _)| *silent == kind);
        // It was answered, and the answer was overtaken by an announcement or by another one that is being stored.
        Some(own.map_or(InstitutionFault::NotReady(None), |(_, fault)| fault))
    }

    /// Kinds of these that were never answered and may be soon: the institution is collecting them, or did not say so in time.
    pub(crate) fn waiting(&self, kinds: &[ResourceKind]) -> Vec<ResourceKind> {
        let failed = |kind: ResourceKind| {
            self.silent.iter().any(|(silent, fault)| *silent == kind && !is_not_ready(fault))
        };
        kinds.iter().copied().filter(|kind| !self.state.is_answered(*kind) && !failed(*kind)).collect()
    }

    /// The fault of a kind that failed, if one did.
    pub(crate) fn into_fault(self) -> Option<InstitutionFault> {
        self.silent.into_iter().map(|(_, fault)| fault).find(|fault| !is_not_ready(fault))
    }
}

fn is_not_ready(fault: &InstitutionFault) -> bool {
    match fault {
        InstitutionFault::NotReady(_) => true,
        InstitutionFault::Port(error) => error.is_timeout(),
        InstitutionFault::NotFound | InstitutionFault::Refused(_) | InstitutionFault::Limited(..) => false,
    }
}

/// What is known under the consent of a call, after [`refreshed`].
///
/// # Errors
/// A store that failed. An institution that fails is no error here.
pub(crate) async fn known(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    kinds: &[ResourceKind],
) -> Result<Discovery, Refusal> {
    let state = ports.discovered.state(&call.proof.consent().id).await?.unwrap_or_default();
    refreshed(ports, call, state, kinds).await
}

/// Asks for those of these kinds that are due by this state, side by side, and stores what is answered.
///
/// # Errors
/// A store that failed. An institution that fails is no error here.
pub(crate) async fn refreshed(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    state: DiscoveryState,
    kinds: &[ResourceKind],
) -> Result<Discovery, Refusal> {
    let state = state.at(call.now);
    let due = kinds.iter().copied().filter(|kind| state.is_due(*kind, call.now));
    let outcomes = future::join_all(due.map(|kind| asked(ports, call, &state, kind))).await;
    let (mut answers, mut silent) = (Vec::new(), Vec::new());
    for (kind, outcome) in outcomes {
        match outcome {
            Ok(answer) => answers.push(answer),
            Err(fault) => silent.push((kind, fault)),
        }
    }
    let state = if answers.is_empty() { state } else { stored(ports, call, state, &answers).await? };
    Ok(Discovery { state, silent })
}

/// Notes since when these kinds are asked for in vain; the state after it.
pub(crate) async fn noted(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    state: DiscoveryState,
    kinds: &[ResourceKind],
) -> Result<DiscoveryState, Refusal> {
    let Some(next) = state.clone().asked(kinds, call.now) else { return Ok(state) };
    let step = DiscoveryStep { resources: Vec::new(), state: next.clone(), needs_notice: false };
    match ports.discovered.commit(commit_of(call, step)).await {
        Ok(()) => Ok(next),
        // Somebody else writes of the same consent: the next call notes it.
        Err(CommitFault::Conflict) => Ok(state),
        Err(CommitFault::Port(error)) => Err(error.into()),
    }
}

/// The answer for one kind.
async fn asked(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    state: &DiscoveryState,
    kind: ResourceKind,
) -> (ResourceKind, Result<KindAnswer, InstitutionFault>) {
    let (consent, round) = (call.proof.consent(), state.round(kind));
    let (correlation, budget, left) = (call.interaction, TIME.time_limit(), call.time_left());
    let request = ResourcesRequest { kind, correlation, consent, budget, left };
    let found = match ports.institution.resources(request).await {
        // An institution implements what it offers. One that has shown products of the kind before is in trouble instead.
        Err(InstitutionFault::NotFound) if state.count(kind) == 0 => Ok(Vec::new()),
        found => found,
    };
    let answer = found.map(|found| {
        let valid_until = validity(found.iter().map(|listed| listed.valid_until), call.now);
        let listed = found.into_iter().map(|listed| {
            let (person, company) = (&consent.logged_user, consent.business.as_ref());
            let id = ports.pseudonyms.resource(person, company, kind, &listed.legacy_id);
            Resource::new(id, kind, listed.status, listed.legacy_id)
        });
        KindAnswer { kind, round, listed: listed.collect(), valid_until }
    });
    (kind, answer)
}

/// Stores answers, each change on the state that it was made from. Of a long answer that is cut off the next one writes the rest.
async fn stored(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    mut state: DiscoveryState,
    answers: &[KindAnswer],
) -> Result<DiscoveryState, Refusal> {
    let consent = call.proof.consent();
    for next in 2..=ATTEMPTS + 1 {
        let there = products(ports, consent, answers).await?;
        let steps = steps(consent, state.clone(), &there, answers, call.now);
        match committed(ports, call, state, steps).await {
            Ok(after) => return Ok(after),
            Err(CommitFault::Conflict) => {}
            Err(CommitFault::Port(error)) => return Err(error.into()),
        }
        call.pause_before(next).await;
        state = ports.discovered.state(&consent.id).await?.unwrap_or_default().at(call.now);
    }
    // The others were faster each time: what they stored is as good.
    Ok(state)
}

/// What is stored of the kinds that were answered.
async fn products(
    ports: &Ports,
    consent: &Consent,
    answers: &[KindAnswer],
) -> Result<StoredResources, Refusal> {
    let only = match answers {
        [answer] => Some(answer.kind),
        _ => None,
    };
    Ok(ports.discovered.list(&consent.id, only, usize::MAX).await?)
}

/// One step after the other; the state after the last.
async fn committed(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    mut state: DiscoveryState,
    steps: Vec<DiscoveryStep>,
) -> Result<DiscoveryState, CommitFault> {
    for step in steps {
        state = step.state.clone();
        ports.discovered.commit(commit_of(call, step)).await?;
    }
    Ok(state)
}

/// The commit of a step. What a client may have seen before is told and written down, like a change of a chosen product.
fn commit_of(call: &CustomerCall<InForce>, step: DiscoveryStep) -> DiscoveryCommit {
    let consent = call.proof.consent();
    let interaction = Some(call.interaction.to_string());
    let trail = if step.needs_notice {
        let action = "consent.resources_rediscovered";
        consent.discovered_change(action, Actor::Ponte, call.now, call.uuid(), interaction)
    } else {
        Trail::new(call.uuid())
    };
    DiscoveryCommit {
        consent: consent.id.clone(),
        state: step.state,
        kept_until: call.now.plus(KEPT),
        resources: step.resources,
        trail,
    }
}
