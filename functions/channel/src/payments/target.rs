//! Payment consents as the steps of an interaction see them.

use async_trait::async_trait;
use ponte_edge::{Call, Refusal};
use ponte_payment::connector::ConsentRefused;
use ponte_payment::consent::{
    Authorisation, ConsentRejectionCode, EffectiveStatus, PaymentConsent, PaymentConsentChange,
    PaymentConsentFault,
};
use ponte_payment::wire::Account;
use ponte_ports::audit::Actor;
use ponte_ports::{InstitutionFault, PortError};
use ponte_values::{Cnpj, ConsentId, Cpf, Moment, OrganisationId, TargetKind};
use serde_json::value::{RawValue, to_value};
use serde_json::{Map, Value, json};

use super::offers::OfferedAccount;
use super::ports::PaymentDecisions;
use super::{command, judgement, offers};
use crate::target::{
    Choice, CustomerAuthorisation, DecisionTarget, DecisionTargets, InteractionStep, Judgement, Offer,
    RejectionCause,
};

/// One payment consent.
struct OnePayment {
    ports: PaymentDecisions,
    consent: PaymentConsent,
    offered: Vec<OfferedAccount>,
    /// Why a yes cannot be done, once it was judged.
    refused: Option<ConsentRefused>,
}

#[async_trait]
impl DecisionTargets for PaymentDecisions {
    fn kind(&self) -> TargetKind {
        TargetKind::PaymentConsent
    }

    async fn find(&self, id: &ConsentId) -> Result<Option<Box<dyn DecisionTarget>>, PortError> {
        let found = self.consents.find(id).await?;
        Ok(found.map(|consent| -> Box<dyn DecisionTarget> {
            Box::new(OnePayment { ports: self.clone(), consent, offered: Vec::new(), refused: None })
        }))
    }
}

#[async_trait]
impl DecisionTarget for OnePayment {
    fn command_type(&self) -> &'static str {
        command::PAYMENT
    }

    fn customer(&self) -> (&Cpf, Option<&Cnpj>) {
        (self.consent.person(), self.consent.company())
    }

    fn organisation(&self) -> &OrganisationId {
        &self.consent.organisation
    }

    fn status(&self, now: Moment) -> &'static str {
        self.consent.at(now).status().as_str()
    }

    fn require_awaiting(&self, now: Moment) -> Result<(), Refusal> {
        match self.consent.at(now) {
            EffectiveStatus::Awaiting => Ok(()),
            _ => Err(refusal(PaymentConsentFault::NotAwaiting)),
        }
    }

    fn details(&self) -> Result<Map<String, Value>, Refusal> {
        let request = &self.consent.request;
        let mut details = Map::new();
        let text = |value| to_value(value).map_err(|_| Refusal::internal());
        details.insert("creditor".to_owned(), text(&request.creditor)?);
        details.insert("payment".to_owned(), command::payment(&self.consent)?);
        if let Some(account) = &request.debtor_account {
            details.insert("debtorAccount".to_owned(), json!(account));
        }
        details.insert("expirationDateTime".to_owned(), json!(self.consent.expires_at.to_string()));
        Ok(details)
    }

    fn choice(&self) -> Choice {
        Choice::Debtor
    }

    fn offered_account(&self, account: &Account) -> Option<&str> {
        let named = |offered: &&OfferedAccount| offered.debtor.account == *account;
        self.offered.iter().find(named).map(|offered| offered.id.as_str())
    }

    async fn offers(&mut self, call: &Call) -> Result<Vec<Offer>, InstitutionFault> {
        self.offered = offers::accounts(&self.ports, &self.consent, call).await?;
        Ok(self.offered.iter().map(|account| account.offer(&self.consent)).collect())
    }

    fn consent_command(&self, brand: &str, tpp: &str, offers: &[Offer]) -> Result<Box<RawValue>, Refusal> {
        command::consent(&self.consent, brand, tpp, offers)
    }

    async fn judge(&mut self, call: &Call, chosen: &[String]) -> Result<Judgement, InstitutionFault> {
        let account = self.offered.iter().find(|account| chosen.contains(&account.id));
        self.refused = judgement::refusal_of(&self.ports, &self.consent, account, call).await?;
        Ok(if self.refused.is_some() { Judgement::Refused } else { Judgement::Allowed })
    }

    async fn authorise(
        self: Box<Self>,
        call: &Call,
        yes: CustomerAuthorisation,
        step: InteractionStep,
    ) -> Result<&'static str, Refusal> {
        let actor = Actor::Channel(step.interaction.id.clone());
        let account = self.offered.into_iter().find(|account| yes.chosen.contains(&account.id));
        // It was judged with this choice, and without an account refused.
        let OfferedAccount { debtor, approvers, .. } = account.ok_or_else(Refusal::internal)?;
        let authorisation =
            Authorisation { at: call.now, subject: yes.subject, debtor, after_approvals: false };
        let first_day = judgement::first_day(&self.consent);
        let change = self.consent.authorise(authorisation, approvers, first_day, actor).map_err(refusal)?;
        decide(&self.ports, call, change, step).await
    }

    async fn reject(
        self: Box<Self>,
        call: &Call,
        cause: RejectionCause,
        step: InteractionStep,
    ) -> Result<&'static str, Refusal> {
        let actor = Actor::Channel(step.interaction.id.clone());
        let (code, detail) = match (cause, self.refused) {
            (RejectionCause::Customer, _) => (ConsentRejectionCode::RejeitadoUsuario, None),
            (RejectionCause::OtherPerson, _) => (ConsentRejectionCode::AutenticacaoDivergente, None),
            (RejectionCause::Judged, Some(refused)) => (refused.code, refused.detail),
            (RejectionCause::Judged, None) => (ConsentRejectionCode::NaoInformado, None),
        };
        let code = code.told_in(self.consent.api);
        let change = self.consent.reject(code, detail, actor, call.now).map_err(refusal)?;
        decide(&self.ports, call, change, step).await
    }
}

/// Commits a change with the step of the interaction, and gives the status after it.
async fn decide(
    ports: &PaymentDecisions,
    call: &Call,
    change: PaymentConsentChange,
    step: InteractionStep,
) -> Result<&'static str, Refusal> {
    let mut commit = change.commit(call.uuid(), Some(call.interaction.to_string()));
    commit.trail = commit.trail.reporting(step.reports);
    let status = commit.consent.at(call.now).status().as_str();
    ports.decisions.decide(commit, step.interaction).await?;
    Ok(status)
}

/// The answer to a decision on what does not wait for one, as of data consents (C03).
fn refusal(_: PaymentConsentFault) -> Refusal {
    Refusal::wrong_status("O consentimento não está mais em AWAITING_AUTHORISATION")
}
