//! Decision targets: what a customer authorises or rejects in an interaction, such as a data consent. A target says what
//! is shown and what may be chosen, and commits the decision.
//!
//! To add a kind: a module that implements [`DecisionTargets`] and [`DecisionTarget`], and its line where `main.rs` fills
//! `Ports::targets`. Steps, interaction API, command loop and handoff stay as they are.

use async_trait::async_trait;
use ponte_authorization::interaction::{CustomerAnswer, Interaction};
use ponte_edge::{Call, ParameterFault, Refusal};
use ponte_payment::wire::{Account, Issuer};
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{InstitutionFault, PortError};
use ponte_values::{Cnpj, ConsentId, Cpf, Moment, OrganisationId, TargetKind};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Source of the targets of one kind.
#[async_trait]
pub trait DecisionTargets: Send + Sync {
    /// The dynamic scope that names them; `consent` names data consents and payment consents (S50).
    fn kind(&self) -> TargetKind;
    /// Reads one, strongly consistent; `None` if the id is of no target of this kind.
    async fn find(&self, id: &ConsentId) -> Result<Option<Box<dyn DecisionTarget>>, PortError>;
}

/// One target as it was read for this call.
#[async_trait]
pub trait DecisionTarget: Send + Sync {
    /// `type` of its commands: `DATA_SHARING` or `PAYMENT`.
    fn command_type(&self) -> &'static str;
    /// The person who may decide, and the company the person must act for (S20).
    fn customer(&self) -> (&Cpf, Option<&Cnpj>);
    /// The organisation whose client asks for it.
    fn organisation(&self) -> &OrganisationId;
    /// Its status on the wire at a moment.
    fn status(&self, now: Moment) -> &'static str;
    /// Refuses a decision on a target that was decided before or has ended (C03).
    fn require_awaiting(&self, now: Moment) -> Result<(), Refusal>;
    /// Its own members in `data` of the interaction API.
    fn details(&self) -> Result<Map<String, Value>, Refusal>;
    /// How many of the offers a yes takes.
    fn choice(&self) -> Choice;
    /// Id of the offer that is this account, for a target that debits the chosen one; `None` if it was not offered.
    fn offered_account(&self, account: &Account) -> Option<&str>;
    /// Asks the institution for the products that the customer may choose from, and keeps them: [`Self::authorise`] looks
    /// the chosen ones up there, so this comes first.
    async fn offers(&mut self, call: &Call) -> Result<Vec<Offer>, InstitutionFault>;
    /// The JSON object `consentCommand` of the command loop (docs/command-loop.md). `brand` is the institution's, `tpp` the
    /// name of the client that asks.
    fn consent_command(&self, brand: &str, tpp: &str, offers: &[Offer]) -> Result<Box<RawValue>, Refusal>;
    /// Whether a yes to this choice may be committed: [`Self::authorise`] follows [`Judgement::Allowed`], and
    /// [`Self::reject`] with [`RejectionCause::Judged`] follows [`Judgement::Refused`]. It changes nothing that is stored.
    ///
    /// # Errors
    /// When it cannot be judged now; the customer may try again.
    async fn judge(&mut self, call: &Call, chosen: &[String]) -> Result<Judgement, InstitutionFault>;
    /// Commits the authorisation and the step of the interaction in one transaction; returns the status after it, as it
    /// is on the wire. Ids that were not offered are left out; [`choose`] refuses them before.
    ///
    /// # Errors
    /// A refusal when the target does not wait any more, or somebody else was faster.
    async fn authorise(
        self: Box<Self>,
        call: &Call,
        yes: CustomerAuthorisation,
        step: InteractionStep,
    ) -> Result<&'static str, Refusal>;
    /// Commits the rejection and the step of the interaction in one transaction; returns the status after it, as it is on
    /// the wire.
    async fn reject(
        self: Box<Self>,
        call: &Call,
        cause: RejectionCause,
        step: InteractionStep,
    ) -> Result<&'static str, Refusal>;
}

/// How many of the offers a yes takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// Any number: something is authorised without a product too.
    Any,
    /// One at least, because every permission of the target is about products that customers choose.
    Some,
    /// The account to debit.
    Debtor,
}

/// Whether a yes may be committed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judgement {
    /// It may.
    Allowed,
    /// The target is rejected instead, for a reason that it knows itself.
    Refused,
}

/// A product the customer may choose, named by a public id (C56).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Public id.
    pub id: String,
    /// Kind of product, as the Resources API names it.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Name to be shown: a JSON array of `{key, value}`, as the institution gave it.
    pub name: Box<RawValue>,
    /// Status it would have after a yes (C60).
    pub status: &'static str,
    /// Currency of what is on it (ISO 4217), where the institution tells it; nobody keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_currency: Option<String>,
    /// The amount, a decimal number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_amount: Option<String>,
    /// Whether it is chosen until the customer says otherwise, where the institution says so; a proposal, and no choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_selected: Option<bool>,
    /// Whether its other owners must approve too before it may be read (C60).
    #[serde(skip)]
    pub waits_for_others: bool,
}

/// The authorisation that the customer gives.
#[derive(Clone, Debug)]
pub struct CustomerAuthorisation {
    /// Pseudonym of the customer (S16).
    pub subject: String,
    /// Ids of what was chosen among the offers.
    pub chosen: Vec<String>,
}

/// Cause of a rejection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RejectionCause {
    /// The customer said no (C06).
    Customer,
    /// Somebody else logged in than the target names (S20).
    OtherPerson,
    /// The customer said yes, and the institution cannot do it (P33).
    Judged,
}

/// The step of the interaction that is committed with a decision.
#[derive(Clone, Debug)]
pub struct InteractionStep {
    /// The interaction after the step.
    pub interaction: Interaction,
    /// Its funnel reports (M40).
    pub reports: Vec<OutboxRow>,
}

/// The offers that the customer chose, as the channel names them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Chosen {
    /// Ids of offers; `None` where the channel leaves the choice open.
    pub(crate) resources: Option<Vec<String>>,
    /// The account to debit.
    pub(crate) debtor: Option<Account>,
}

impl Chosen {
    /// The yes to it, to be known again (T61).
    pub(crate) fn answer(&self) -> CustomerAnswer {
        let Some(debtor) = &self.debtor else { return CustomerAnswer::yes(self.resources.as_deref()) };
        let issuer = debtor.issuer.as_ref().map_or("", Issuer::expose);
        let (ispb, number, kind) = (debtor.ispb.as_str(), debtor.number.expose(), debtor.account_type);
        let account = format!("account {ispb} {issuer} {number} {kind:?}");
        let resources = self.resources.clone().unwrap_or_default();
        CustomerAnswer::yes(Some(&[resources, vec![account]].concat()))
    }
}

/// Ids of the chosen offers. Where the channel leaves the choice open they are those of all offers, or for a target that debits an
/// account the only one.
///
/// # Errors
/// 422 for what was not offered, and for another number of accounts to debit than one.
pub(crate) fn choose(
    target: &dyn DecisionTarget,
    offers: &[Offer],
    chosen: Chosen,
) -> Result<Vec<String>, Refusal> {
    if target.choice() != Choice::Debtor {
        return chosen_ids(offers, chosen.resources);
    }
    // Without any account there is nothing to choose, and the yes is judged by that.
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let debtor = |fault| Refusal::invalid_parameter("debtorAccount", fault);
    let Some(account) = &chosen.debtor else {
        let mut ids = chosen_ids(offers, chosen.resources)?;
        ids.dedup();
        return if ids.len() == 1 { Ok(ids) } else { Err(debtor(ParameterFault::OneDebtor)) };
    };
    let id = target.offered_account(account).ok_or_else(|| debtor(ParameterFault::NotOffered))?;
    let other = |ids: Vec<String>| ids.iter().any(|other| other != id);
    if chosen.resources.is_some_and(other) {
        return Err(debtor(ParameterFault::OneDebtor));
    }
    Ok(vec![id.to_owned()])
}

fn chosen_ids(offers: &[Offer], chosen: Option<Vec<String>>) -> Result<Vec<String>, Refusal> {
    let Some(chosen) = chosen else {
        return Ok(offers.iter().map(|offer| offer.id.clone()).collect());
    };
    let offered = |id: &String| offers.iter().any(|offer| offer.id == *id);
    if !chosen.iter().all(offered) {
        return Err(Refusal::invalid_parameter("resources", ParameterFault::NotOffered));
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c60_what_was_not_offered_is_not_chosen() {
        let offer = Offer {
            id: "public-1".to_owned(),
            kind: "ACCOUNT",
            name: RawValue::from_string("[]".to_owned()).unwrap(),
            status: "AVAILABLE",
            balance_currency: None,
            balance_amount: None,
            default_selected: None,
            waits_for_others: false,
        };
        let offers = [offer];
        assert_eq!(chosen_ids(&offers, None).unwrap(), ["public-1"]);
        assert!(chosen_ids(&offers, Some(vec!["other".to_owned()])).is_err());
    }
}
