//! POST v1/resources-notification: the institution says that a customer's products changed (C60).
//!
//! With a product and its status, that product changes in every AUTHORISED consent that holds it. Without, the products
//! are discovered again for each such consent: what is gone is unavailable for now, what is back is available. Approvers
//! are never answered for. A second time changes nothing more, so a call that failed half-way, or for some consents, is
//! repeated as it is; what one call does not get to is in its `next` link.

use std::sync::Arc;

use futures_util::future;
use ponte_authorization::api_key::ApiScope;
use ponte_data_consent::consent::{
    ApprovalFault, Consent, ConsentChange, ConsentFault, EffectiveStatus, ResourceStatus,
};
use ponte_data_consent::legacy_id::LegacyId;
use ponte_data_consent::ports::{ConsentOwner, DiscoveredProduct, Order};
use ponte_edge::{Answer, CursorPage, ManagerCall, Refusal};
use ponte_ports::InstitutionFault;
use ponte_ports::audit::Actor;
use ponte_values::{Cnpj, Cpf, Moment, ResourceKind};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::search::Search;
use super::visitor::Visitor;
use crate::change;
use crate::ports::Ports;

/// Consents of one call where the product is named.
const NAMED: u8 = 50;
/// Consents of one call where the institution is asked for each: side by side, so that they share its 10 s.
const DISCOVERED: u8 = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Data {
    key: Key,
    #[serde(rename = "type")]
    kind: ResourceKind,
    resource_legacy_id: Option<Box<RawValue>>,
    status: Option<ResourceStatus>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    cpf: Option<Cpf>,
    cnpj: Option<Cnpj>,
}

/// Whose products changed.
enum Owner {
    Person(Cpf),
    Company(Cnpj),
}

/// What is said of them.
enum ProductChange {
    /// One product has this status now.
    Became(LegacyId, ResourceStatus),
    /// They are to be discovered again.
    Changed,
}

/// What came of a notification, in consents.
#[derive(Default, Serialize)]
struct Tally {
    /// Changed by this call.
    changed: u32,
    /// As said already.
    unchanged: u32,
    /// Left waiting for their approvers.
    pending: u32,
    /// The product never becomes that any more, or the institution refused the discovery.
    refused: u32,
    /// The institution did not answer, or others changed the consent meanwhile: to be told again.
    failed: u32,
}

/// What came of it for one consent.
#[derive(Clone, Copy)]
enum Effect {
    Changed,
    Unchanged,
    Pending,
    Refused,
    Failed,
}

pub(crate) async fn notify(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let visitor = Visitor::of(&ports, &call, ApiScope::ConsentsWrite)?;
    let Body { data } = call.json()?;
    let (owner, kind, told) = data.read()?;
    let keep = |consent: &Consent| {
        visitor.sees(consent)
            && owner.owns(consent)
            && matches!(consent.at(call.now), EffectiveStatus::Authorised(_))
            && told.concerns(&ports, consent, kind)
    };
    let (from, until, order) = (None, None, Order::Newest);
    let search = Search { holder: owner.holder(&ports), from, until, order, keep: &keep, dense: false };
    let cursor = call.request.query("cursor");
    let size = if matches!(told, ProductChange::Changed) { DISCOVERED } else { NAMED };
    let found = search.page(ports.index.as_ref(), cursor, size).await?;
    let tally = match &told {
        ProductChange::Became(legacy_id, status) => {
            let product = |consent: &Consent| public_id(&ports, consent, kind, legacy_id);
            became(&ports, &call, found.consents, product, *status).await?
        }
        ProductChange::Changed => rediscovered(&ports, &call, found.consents, kind).await?,
    };
    let link = |cursor: &str| vec![("cursor", cursor.to_owned())];
    let page = CursorPage {
        own: cursor.map(link).unwrap_or_default(),
        prev: None,
        next: found.next.as_deref().map(link),
    };
    call.cursor_page(if page.next.is_some() { 202 } else { 200 }, &tally, &page, None)
}

/// One product has another status, in each of these consents.
async fn became(
    ports: &Ports,
    call: &ManagerCall,
    consents: Vec<Consent>,
    product: impl Fn(&Consent) -> String,
    status: ResourceStatus,
) -> Result<Tally, Refusal> {
    let actor = call.manager.actor();
    let mut tally = Tally::default();
    for consent in consents {
        let id = product(&consent);
        let turn = |consent| turn(consent, (&id, status), call.now, actor.clone());
        tally.count(change::commit(ports, call, consent, turn).await?);
    }
    Ok(tally)
}

/// What a product's status makes of one consent. Approvers are not answered for: while they are asked, a product can
/// only be closed.
fn turn(
    consent: Consent,
    (id, next): (&str, ResourceStatus),
    now: Moment,
    actor: Actor,
) -> Result<(Option<ConsentChange>, Effect), Refusal> {
    use ResourceStatus::{Available, PendingAuthorisation, TemporarilyUnavailable};
    let status =
        consent.resources().iter().find(|resource| resource.id == id).map(|resource| resource.at(now));
    match (status, next) {
        (None, _) => return Ok((None, Effect::Unchanged)),
        (Some(status), next) if status == next => return Ok((None, Effect::Unchanged)),
        (Some(PendingAuthorisation), Available | TemporarilyUnavailable) => {
            return Ok((None, Effect::Pending));
        }
        (Some(_), _) => {}
    }
    // It may have ended while it was looked for: then there is nothing to change any more.
    let Ok(in_force) = consent.in_force(now) else { return Ok((None, Effect::Unchanged)) };
    match in_force.change_resource_status(id, next, actor) {
        Ok(change) => Ok((Some(change), Effect::Changed)),
        Err(ApprovalFault::Status) => Ok((None, Effect::Refused)),
        Err(fault) => Err(ConsentFault::from(fault).into()),
    }
}

/// The institution lists the products of each of these consents again.
async fn rediscovered(
    ports: &Ports,
    call: &ManagerCall,
    consents: Vec<Consent>,
    kind: ResourceKind,
) -> Result<Tally, Refusal> {
    let actor = call.manager.actor();
    let listed = consents.iter().map(|consent| listed(ports, call, consent, kind));
    let listed = future::join_all(listed).await;
    let mut tally = Tally::default();
    let mut fault = None;
    for (consent, ids) in consents.into_iter().zip(listed) {
        let ids = match ids {
            Ok(Some(ids)) => ids,
            Ok(None) => {
                tally.count(Effect::Refused);
                continue;
            }
            Err(refusal) => {
                tally.count(Effect::Failed);
                fault = Some(refusal);
                continue;
            }
        };
        // Somebody changed it after the list was asked for: they know better than the list.
        let seen = consent.version;
        let turn = |consent: Consent| {
            if consent.version != seen {
                return Ok((None, Effect::Failed));
            }
            let in_force = consent.in_force(call.now).ok();
            let change = in_force.and_then(|consent| consent.rediscovered(kind, &ids, actor.clone()));
            let effect = if change.is_some() { Effect::Changed } else { Effect::Unchanged };
            Ok((change, effect))
        };
        tally.count(change::commit(ports, call, consent, turn).await?);
    }
    match fault {
        // One consent must not hold up the others; an institution that says nothing at all is an outage.
        Some(refusal) if tally.failed == tally.all() => Err(refusal),
        Some(refusal) => {
            // Only the log hears the cause, which an answer of the edge would have told it.
            let _logged = Answer::refused(&refusal, call.now);
            Ok(tally)
        }
        None => Ok(tally),
    }
}

/// Public ids of what the institution lists for a consent; none if it refuses to say.
async fn listed(
    ports: &Ports,
    call: &ManagerCall,
    consent: &Consent,
    kind: ResourceKind,
) -> Result<Option<Vec<String>>, Refusal> {
    match ports.institution.discover(kind, consent, call.interaction).await {
        Ok(found) => {
            let id = |product: &DiscoveredProduct| public_id(ports, consent, kind, &product.legacy_id);
            Ok(Some(found.iter().map(id).collect()))
        }
        Err(InstitutionFault::NotFound | InstitutionFault::Refused(_)) => Ok(None),
        Err(fault @ InstitutionFault::Port(_)) => Err(fault.into()),
    }
}

fn public_id(ports: &Ports, consent: &Consent, kind: ResourceKind, legacy_id: &LegacyId) -> String {
    ports.pseudonyms.resource(&consent.logged_user, consent.business.as_ref(), kind, legacy_id)
}

impl Data {
    fn read(self) -> Result<(Owner, ResourceKind, ProductChange), Refusal> {
        let owner = match (self.key.cpf, self.key.cnpj) {
            (Some(cpf), None) => Owner::Person(cpf),
            (None, Some(cnpj)) => Owner::Company(cnpj),
            (None, None) | (Some(_), Some(_)) => {
                return Err(Refusal::parameter("key", "informe cpf ou cnpj, e somente um deles"));
            }
        };
        let told = match (self.resource_legacy_id, self.status) {
            (None, None) => ProductChange::Changed,
            (Some(_), Some(ResourceStatus::PendingAuthorisation)) => {
                return Err(ConsentFault::from(ApprovalFault::Status).into());
            }
            (Some(raw), Some(status)) => {
                let read = LegacyId::parse(&raw);
                let legacy_id = read.map_err(|_| Refusal::malformed("resourceLegacyId inválido"))?;
                ProductChange::Became(legacy_id, status)
            }
            (None, Some(_)) | (Some(_), None) => {
                return Err(Refusal::parameter("status", "informe resourceLegacyId e status juntos"));
            }
        };
        Ok((owner, self.kind, told))
    }
}

impl Owner {
    fn holder(&self, ports: &Ports) -> ConsentOwner {
        match self {
            Self::Person(cpf) => ConsentOwner::Person(ports.pseudonyms.person_key(cpf)),
            Self::Company(cnpj) => ConsentOwner::Company(ports.pseudonyms.company_key(cnpj)),
        }
    }

    /// Whether a consent shares this owner's products: a person's are not those of a company the person acts for.
    fn owns(&self, consent: &Consent) -> bool {
        match self {
            Self::Person(cpf) => consent.business.is_none() && consent.logged_user == *cpf,
            Self::Company(cnpj) => consent.business.as_ref() == Some(cnpj),
        }
    }
}

impl ProductChange {
    /// Whether a consent holds what is spoken of.
    fn concerns(&self, ports: &Ports, consent: &Consent, kind: ResourceKind) -> bool {
        let mut products = consent.resources().iter().filter(|resource| resource.kind == kind);
        match self {
            Self::Changed => products.next().is_some(),
            Self::Became(legacy_id, _) => {
                let id = public_id(ports, consent, kind, legacy_id);
                products.any(|resource| resource.id == id)
            }
        }
    }
}

impl Tally {
    const fn all(&self) -> u32 {
        self.changed + self.unchanged + self.pending + self.refused + self.failed
    }

    fn count(&mut self, effect: Effect) {
        let number = match effect {
            Effect::Changed => &mut self.changed,
            Effect::Unchanged => &mut self.unchanged,
            Effect::Pending => &mut self.pending,
            Effect::Refused => &mut self.refused,
            Effect::Failed => &mut self.failed,
        };
        *number += 1;
    }
}
