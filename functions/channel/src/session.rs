//! An interaction together with the target that the customer decides on in it.

use ponte_authorization::interaction::{ArrivalId, Interaction, InteractionFault, Waiting};
use ponte_authorization::ports::Customer;
use ponte_edge::{Call, Refusal};
use ponte_fapi::secret;
use ponte_ports::audit::{Actor, AuditEntry};

use crate::handoff::PageSecret;
use crate::ports::Ports;
use crate::proof::{self, Proof, Wish};
use crate::target::DecisionTarget;

/// The interaction that an id of an arrival or of its page names. Linked targets of the optimised journey (S51) are not decided on
/// here.
pub(crate) async fn interaction_of(ports: &Ports, id: &ArrivalId) -> Result<Interaction, Refusal> {
    let found = ports.interactions.find(id.interaction()).await?;
    Ok(found.filter(|found| found.linked.is_none()).ok_or(InteractionFault::InvalidSession)?)
}

/// Refuses to go on with an interaction that waits for a customer whose yes would be for nobody, because the client is shut out (T60,
/// T61). What was decided before goes its way.
pub(crate) async fn require_client(
    ports: &Ports,
    call: &Call,
    interaction: &Interaction,
) -> Result<(), Refusal> {
    match interaction.at(call.now) {
        Waiting::Login | Waiting::Decision(_) => {}
        Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing | Waiting::Expired => return Ok(()),
    }
    if ports.blocks.hold_client(&interaction.client, call.now).await? {
        return Err(InteractionFault::ClientGone.into());
    }
    Ok(())
}

/// An interaction with its target, both as they are stored now, and what the caller proved.
pub(crate) struct Session {
    pub(crate) interaction: Interaction,
    pub(crate) target: Box<dyn DecisionTarget>,
    /// The id that the caller knows the interaction by.
    pub(crate) arrival: ArrivalId,
    pub(crate) proof: Proof,
}

impl Session {
    /// Reads both under the id of a path, also when the session is over. A target of no kind that is decided on here is an
    /// invalid session, and so are an arrival that was not made by `authorize` and a caller who has no proof for `wish`.
    pub(crate) async fn read(ports: &Ports, call: &Call, id: &str, wish: Wish) -> Result<Self, Refusal> {
        let signed = proof::signed(ports, call).await?;
        let arrival = ArrivalId::parse(id).ok_or(InteractionFault::InvalidSession)?;
        let interaction = interaction_of(ports, &arrival).await?;
        if !interaction.arrivals().made(&arrival) {
            return Err(InteractionFault::InvalidSession.into());
        }
        Self::through(ports, call, (interaction, arrival), (wish, signed)).await
    }

    /// The same for an arrival at an interaction that is read already, and a call that is signed or not.
    pub(crate) async fn through(
        ports: &Ports,
        call: &Call,
        (interaction, arrival): (Interaction, ArrivalId),
        (wish, signed): (Wish, bool),
    ) -> Result<Self, Refusal> {
        let proof = Proof::of(ports, call, (&interaction, &arrival), signed);
        // Before anything else is read: a stranger hears as soon as somebody with an id that was never given.
        proof.require(&interaction, wish, call.now)?;
        // A no is never wrong.
        if wish != Wish::Decline {
            require_client(ports, call, &interaction).await?;
        }
        Self::with_target(ports, interaction, arrival, proof).await
    }

    /// The same for the page of an arrival, which must show its cookie before anything but the interaction is read.
    pub(crate) async fn of_page(
        ports: &Ports,
        call: &Call,
        arrival: ArrivalId,
    ) -> Result<(Self, PageSecret), Refusal> {
        let interaction = interaction_of(ports, &arrival).await?;
        let secret = PageSecret::of(call, &interaction, &arrival)?;
        let proof = Proof::of(ports, call, (&interaction, &arrival), true);
        Ok((Self::with_target(ports, interaction, arrival, proof).await?, secret))
    }

    async fn with_target(
        ports: &Ports,
        interaction: Interaction,
        arrival: ArrivalId,
        proof: Proof,
    ) -> Result<Self, Refusal> {
        for targets in ports.targets.iter().filter(|targets| targets.kind() == interaction.target.kind) {
            if let Some(target) = targets.find(&interaction.target.id).await? {
                return Ok(Self { interaction, target, arrival, proof });
            }
        }
        Err(InteractionFault::InvalidSession.into())
    }

    /// The `jti` that an authentication in this session must carry: good for no other arrival, nor for the session that the
    /// same arrival begins when this one is over, and telling nothing of its id. Within the session it may be used again,
    /// because the answer may have been lost; a second use voids what the first one opened.
    pub(crate) fn authentication_jti(&self) -> String {
        let (arrival, began) = (self.arrival.as_str(), self.interaction.started_at.millis());
        secret::hash(&format!("authentication:{arrival}:{began}"))
    }

    /// The step that the interaction waits for, as this caller may know it.
    pub(crate) fn waits_for(&self, call: &Call) -> Waiting<'_> {
        match self.interaction.at(call.now) {
            Waiting::Decision(_) if self.proof.sees_no_login() => Waiting::Login,
            waiting => waiting,
        }
    }

    /// Whether the interaction was handed to a phone from the page of this arrival.
    pub(crate) fn is_handed_off(&self) -> bool {
        self.interaction.is_handed_off() && !self.proof.sees_no_login()
    }

    /// Whether the caller may end the interaction.
    pub(crate) fn may_decline(&self) -> bool {
        self.proof.may_decline(&self.interaction)
    }

    /// Refuses a login when the interaction is past it, or its target does not wait any more (C03).
    pub(crate) fn may_log_in(&self, call: &Call) -> Result<(), Refusal> {
        match self.interaction.at(call.now) {
            Waiting::Login | Waiting::Decision(_) => self.require_awaiting(call),
            Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing | Waiting::Expired => {
                Err(InteractionFault::OutOfOrder.into())
            }
        }
    }

    /// Refuses a yes without a login, or after the end of the interaction or the target (C03).
    pub(crate) fn may_decide(&self, call: &Call) -> Result<(), Refusal> {
        match self.waits_for(call) {
            Waiting::Decision(_) => self.require_awaiting(call),
            _ => Err(InteractionFault::OutOfOrder.into()),
        }
    }

    /// Refuses when the target was decided before or has ended (C03).
    pub(crate) fn require_awaiting(&self, call: &Call) -> Result<(), Refusal> {
        self.target.require_awaiting(call.now)
    }

    /// Whether the target names this customer: the person, and the company if and only if there is one (S20).
    pub(crate) fn names(&self, customer: &Customer) -> bool {
        self.target.customer() == (&customer.cpf, customer.cnpj.as_ref())
    }

    /// The actor of the audit rows: the customer through this interaction.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Channel(self.interaction.id.clone())
    }

    /// The audit row of a step that leaves the target as it is, tied to the call that caused it.
    pub(crate) fn audit(
        &self,
        call: &Call,
        action: &'static str,
        (before, after): (Option<&'static str>, &'static str),
    ) -> AuditEntry {
        AuditEntry {
            at: call.now,
            actor: self.actor(),
            subject: self.interaction.target.id.to_string(),
            action,
            before,
            after,
            reason: None,
            interaction: Some(call.interaction.to_string()),
            operator: None,
        }
    }
}
