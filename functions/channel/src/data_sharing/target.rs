//! Data consents as the steps of an interaction see them.

use async_trait::async_trait;
use ponte_data_consent::consent::{
    Authorisation, Consent, ConsentFault, ConsentStatus, EffectiveStatus, RejectedBy, Rejection,
    RejectionReason, Resource,
};
use ponte_data_consent::ports::{ConsentCommit, ConsentDecisions};
use ponte_edge::{Call, Refusal};
use ponte_payment::wire::Account;
use ponte_ports::audit::Actor;
use ponte_ports::{InstitutionFault, PortError};
use ponte_values::{Cnpj, ConsentId, Cpf, Moment, OrganisationId, Permission, ResourceKind, TargetKind};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::ports::DataSharing;
use super::{command, offers, words};
use crate::target::{
    Choice, CustomerAuthorisation, DecisionTarget, DecisionTargets, InteractionStep, Judgement, Offer,
    RejectionCause,
};

/// One data consent.
struct DataConsent {
    ports: DataSharing,
    consent: Consent,
    offered: Vec<Resource>,
}

#[async_trait]
impl DecisionTargets for DataSharing {
    fn kind(&self) -> TargetKind {
        TargetKind::Consent
    }

    async fn find(&self, id: &ConsentId) -> Result<Option<Box<dyn DecisionTarget>>, PortError> {
        let found = self.consents.find(id).await?;
        Ok(found.map(|consent| -> Box<dyn DecisionTarget> {
            Box::new(DataConsent { ports: self.clone(), consent, offered: Vec::new() })
        }))
    }
}

#[async_trait]
impl DecisionTarget for DataConsent {
    fn command_type(&self) -> &'static str {
        command::DATA_SHARING
    }

    fn customer(&self) -> (&Cpf, Option<&Cnpj>) {
        (&self.consent.logged_user, self.consent.business.as_ref())
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
            EffectiveStatus::Authorised(_) | EffectiveStatus::Rejected(_) => {
                Err(ConsentFault::NotAwaiting.into())
            }
        }
    }

    fn details(&self) -> Result<Map<String, Value>, Refusal> {
        let permissions: Vec<&str> = self.consent.permissions.iter().map(words::of).collect();
        let mut details = Map::new();
        details.insert("permissions".to_owned(), json!(permissions));
        details.insert("permissionCodes".to_owned(), json!(self.consent.permissions));
        if let Some(end) = self.consent.expires_at {
            details.insert("expirationDateTime".to_owned(), json!(end.to_string()));
        }
        Ok(details)
    }

    fn choice(&self) -> Choice {
        let chosen_only = |permission| match ResourceKind::of_permission(permission) {
            Some(kind) => kind.selectable(),
            None => permission == Permission::ResourcesRead,
        };
        if self.consent.permissions.iter().all(chosen_only) { Choice::Some } else { Choice::Any }
    }

    fn offered_account(&self, _: &Account) -> Option<&str> {
        None
    }

    async fn offers(&mut self, call: &Call) -> Result<Vec<Offer>, InstitutionFault> {
        let products = offers::products(&self.ports, &self.consent, call).await?;
        let (offers, resources) = products.into_iter().map(|product| product.offered(call.now)).unzip();
        self.offered = resources;
        Ok(offers)
    }

    fn consent_command(&self, brand: &str, tpp: &str, offers: &[Offer]) -> Result<Box<RawValue>, Refusal> {
        command::consent(&self.consent, brand, tpp, offers)
    }

    async fn judge(&mut self, _: &Call, _: &[String]) -> Result<Judgement, InstitutionFault> {
        Ok(Judgement::Allowed)
    }

    async fn authorise(
        self: Box<Self>,
        call: &Call,
        yes: CustomerAuthorisation,
        step: InteractionStep,
    ) -> Result<&'static str, Refusal> {
        let actor = Actor::Channel(step.interaction.id.clone());
        let chosen = |resource: &Resource| yes.chosen.contains(&resource.id);
        let resources = self.offered.into_iter().filter(chosen).collect();
        let authorisation = Authorisation { at: call.now, subject: yes.subject, resources };
        let change = self.consent.authorise(authorisation, actor)?;
        let commit = change.commit(call.uuid(), Some(call.interaction.to_string()));
        decide(&*self.ports.decisions, commit, step).await?;
        Ok(ConsentStatus::Authorised.as_str())
    }

    async fn reject(
        self: Box<Self>,
        call: &Call,
        cause: RejectionCause,
        step: InteractionStep,
    ) -> Result<&'static str, Refusal> {
        let actor = Actor::Channel(step.interaction.id.clone());
        let (by, reason) = match cause {
            RejectionCause::Customer => (RejectedBy::User, RejectionReason::CustomerManuallyRejected),
            RejectionCause::OtherPerson | RejectionCause::Judged => {
                (RejectedBy::Aspsp, RejectionReason::InternalSecurityReason)
            }
        };
        let change = self.consent.refuse(Rejection { by, reason, at: call.now }, actor)?;
        let commit = change.commit(call.uuid(), Some(call.interaction.to_string()));
        decide(&*self.ports.decisions, commit, step).await?;
        Ok(ConsentStatus::Rejected.as_str())
    }
}

async fn decide(
    decisions: &dyn ConsentDecisions,
    mut commit: ConsentCommit,
    step: InteractionStep,
) -> Result<(), Refusal> {
    commit.trail = commit.trail.reporting(step.reports);
    Ok(decisions.decide(commit, step.interaction).await?)
}
