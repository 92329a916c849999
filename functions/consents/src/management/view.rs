//! Consents as the management API shows them. A key for customers sees neither the documents of other people nor the
//! callers of the institution; the id of an interaction is shown to nobody, because whoever knows it may decide in it.

use ponte_authorization::approval::{Approver, ApproverAnswer};
use ponte_data_consent::consent::{
    Consent, EffectiveStatus, Extension, Note, Rejection, Resource, ResourceStatus,
};
use ponte_data_consent::discovery::DiscoveredResource;
use ponte_edge::CustomerScope;
use ponte_ports::LegacyId;
use ponte_ports::audit::{Actor, AuditRecord};
use ponte_values::{ConsentId, Moment, PermissionSet, PersonName, ResourceKind};
use serde::Serialize;

use crate::settings::Settings;

/// A consent in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConsentItem<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    created_on: String,
    status_updated_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_on: Option<String>,
    brand_id: String,
    client_id: &'a str,
    organisation_id: &'a str,
    permissions: PermissionSet,
    #[serde(skip_serializing_if = "Option::is_none")]
    journey: Option<Journey<'a>>,
}

/// The optimised journey a consent belongs to (C40).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Journey<'a> {
    is_linked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    link_id: Option<&'a str>,
}

/// A consent with its products, its end and its history.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConsentDetail<'a> {
    #[serde(flatten)]
    item: ConsentItem<'a>,
    logged_user: Party<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    business_entity: Option<Party<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorised_on: Option<String>,
    resources: Vec<Product<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<Ending<'a>>,
    renewals: u32,
    history: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Party<'a> {
    document: Document<'a>,
}

#[derive(Serialize)]
struct Document<'a> {
    identification: &'a str,
    rel: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Product<'a> {
    resource_id: &'a str,
    #[serde(rename = "type")]
    kind: ResourceKind,
    status: ResourceStatus,
    resource_legacy_id: &'a LegacyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval: Option<Approval<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Approval<'a> {
    deadline: String,
    approvers: Vec<ApproverView<'a>>,
}

#[derive(Serialize)]
struct ApproverView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cpf: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<ApproverDecision>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApproverDecision {
    approved: bool,
    answered_on: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ending<'a> {
    rejected_by: &'static str,
    reason: Reason<'a>,
    rejected_on: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reason<'a> {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_information: Option<&'a str>,
}

#[derive(Serialize)]
struct Change<'a> {
    at: Moment,
    actor: ActorView<'a>,
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    after: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interaction: Option<&'a str>,
}

#[derive(Serialize)]
struct ActorView<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

/// A renewal (C34).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Renewal<'a> {
    requested_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_expires_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logged_user: Option<Party<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_ip_address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_user_agent: Option<&'a str>,
}

impl<'a> ConsentItem<'a> {
    /// The effective status at `now`: a deadline that passed counts even if nobody wrote it down.
    pub(super) fn of(consent: &'a Consent, settings: &Settings, now: Moment) -> Self {
        let updated = match consent.at(now) {
            EffectiveStatus::Rejected(end) => end.at,
            EffectiveStatus::Awaiting | EffectiveStatus::Authorised(_) => consent.status_updated_at,
        };
        let link_id = consent.link_id.as_ref().map(ConsentId::as_str);
        Self {
            id: consent.id.as_str(),
            kind: "DATA_SHARING",
            status: consent.at(now).status().as_str(),
            created_on: consent.created_at.to_string(),
            status_updated_on: updated.to_string(),
            expires_on: consent.expires_at.map(|end| end.to_string()),
            brand_id: settings.institution.to_string(),
            client_id: consent.client.as_str(),
            organisation_id: consent.organisation.as_str(),
            permissions: consent.permissions,
            journey: consent.linked.then_some(Journey { is_linked: true, link_id }),
        }
    }
}

impl<'a> ConsentDetail<'a> {
    /// A consent at a moment, with a page of its history, and the products that were discovered under it. What an ended one shared is
    /// shown as it was at its end.
    pub(super) fn of(
        consent: &'a Consent,
        discovered: &'a [DiscoveredResource],
        history: &'a [AuditRecord],
        customer: &CustomerScope,
        (settings, now): (&Settings, Moment),
    ) -> Self {
        let end = match consent.at(now) {
            EffectiveStatus::Rejected(end) => Some(end),
            EffectiveStatus::Awaiting | EffectiveStatus::Authorised(_) => None,
        };
        let seen_at = end.map_or(now, |end| end.at);
        let authorisation = consent.authorisation();
        let chosen = authorisation.map_or(&[][..], |yes| &yes.resources);
        let products = chosen.iter().chain(discovered.iter().map(|found| &found.resource));
        Self {
            item: ConsentItem::of(consent, settings, now),
            logged_user: Party::new(consent.logged_user.expose(), "CPF"),
            business_entity: consent.business.as_ref().map(|company| Party::new(company.expose(), "CNPJ")),
            authorised_on: authorisation.map(|yes| yes.at.to_string()),
            resources: products.map(|product| Product::of(product, customer, seen_at)).collect(),
            rejection: end.map(|end| Ending::of(end, consent.note())),
            renewals: consent.renewals,
            history: history.iter().map(|entry| Change::of(entry, customer)).collect(),
        }
    }
}

impl<'a> Party<'a> {
    const fn new(identification: &'a str, rel: &'static str) -> Self {
        Self { document: Document { identification, rel } }
    }
}

impl<'a> Product<'a> {
    fn of(resource: &'a Resource, customer: &CustomerScope, at: Moment) -> Self {
        let approval = resource.approvals().map(|approvals| Approval {
            deadline: approvals.deadline().to_string(),
            approvers: approvals
                .approvers()
                .iter()
                .map(|person| ApproverView::of(person, customer))
                .collect(),
        });
        Self {
            resource_id: &resource.id,
            kind: resource.kind,
            status: resource.at(at),
            resource_legacy_id: &resource.legacy_id,
            approval,
        }
    }
}

impl<'a> ApproverView<'a> {
    fn of(person: &'a Approver, customer: &CustomerScope) -> Self {
        let decision = |answer: ApproverAnswer| ApproverDecision {
            approved: answer.approved,
            answered_on: answer.at.to_string(),
        };
        Self {
            cpf: customer.may_see(&person.cpf).then(|| person.cpf.expose()),
            name: person.name.as_ref().map(PersonName::expose),
            answer: person.answer.map(decision),
        }
    }
}

impl<'a> Ending<'a> {
    fn of(end: Rejection, note: Option<&'a Note>) -> Self {
        let reason = Reason { code: end.reason.as_str(), additional_information: note.map(Note::as_str) };
        Self { rejected_by: end.by.as_str(), reason, rejected_on: end.at.to_string() }
    }
}

impl<'a> Change<'a> {
    fn of(entry: &'a AuditRecord, customer: &CustomerScope) -> Self {
        Self {
            at: entry.at,
            actor: ActorView::of(&entry.actor, customer),
            action: &entry.action,
            before: entry.before.as_deref(),
            after: &entry.after,
            reason: entry.reason.as_deref(),
            interaction: entry.interaction.as_deref(),
        }
    }
}

impl<'a> ActorView<'a> {
    fn of(actor: &'a Actor, customer: &CustomerScope) -> Self {
        let (kind, id) = match actor {
            Actor::Client(id) => ("CLIENT", Some(id)),
            Actor::Manager(id) => ("MANAGER", Some(id).filter(|_| !customer.is_customer())),
            Actor::Channel(_) => ("CHANNEL", None),
            Actor::Operator => ("OPERATOR", None),
            Actor::Ponte => ("PONTE", None),
        };
        Self { kind, id: id.map(String::as_str) }
    }
}

impl<'a> Renewal<'a> {
    pub(super) fn of(renewal: &'a Extension, customer: &CustomerScope) -> Self {
        let own = customer.may_see(&renewal.logged_user);
        let logged_user = Party::new(renewal.logged_user.expose(), "CPF");
        Self {
            requested_on: renewal.requested_at.to_string(),
            expires_on: renewal.expires_at.map(|end| end.to_string()),
            previous_expires_on: renewal.previous_expires_at.map(|end| end.to_string()),
            logged_user: own.then_some(logged_user),
            customer_ip_address: own.then_some(renewal.ip_address.as_str()),
            customer_user_agent: own.then_some(renewal.user_agent.as_str()),
        }
    }
}
