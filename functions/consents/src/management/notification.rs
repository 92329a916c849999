//! POST v1/resources-notification: the institution says that a customer's products changed (C60).
//!
//! With `resourceLegacyId` and `status`, that product gets this status in the AUTHORISED consents that hold it;
//! `PENDING_AUTHORISATION` is not accepted. `UNAVAILABLE` is final, and a product that waits for approvers can only become
//! `UNAVAILABLE`. Without both, the institution is asked again, for each AUTHORISED consent with products of this `type`:
//! an `AVAILABLE` product that it no longer lists becomes `TEMPORARILY_UNAVAILABLE`, and one of that status that it lists
//! becomes `AVAILABLE`. Products that a consent does not hold are not added.
//!
//! Products of the kinds that no customer chooses are in no consent but discovered under each that permits them: the named one
//! changes where it was discovered, and without both they are discovered again when a client next asks for them (`discovered`).
//!
//! The answer counts consents by outcome (`tally`); it is 202 with `links.next` while consents are left. A repetition changes
//! nothing more, so after an error or a count in `failed` the call is repeated as it is.

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_authorization::customer_listing::{ConsentOwner, Order};
use ponte_data_consent::consent::{ApprovalFault, Consent, ConsentFault, EffectiveStatus, ResourceStatus};
use ponte_edge::{Answer, CursorPage, CustomerScope, MalformedRequest, ManagerCall, ParameterFault, Refusal};
use ponte_ports::LegacyId;
use ponte_values::{Cnpj, Cpf, ResourceKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::customer_scope;
use super::search::Search;
use super::{discovered, product_status, rediscovery};
use crate::ports::Ports;

/// Most consents that one call changes when the body names the product.
const NAMED: u8 = 50;
/// Most consents that one call asks the institution about, at the same time.
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

/// Owner of the products on the wire: exactly one of the two documents.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    cpf: Option<Cpf>,
    cnpj: Option<Cnpj>,
}

/// Owner of the products that changed.
enum ProductOwner {
    Person(Cpf),
    Company(Cnpj),
}

/// The announced change.
enum ProductChange {
    /// One product has this status now.
    Status(LegacyId, ResourceStatus),
    /// The products are to be discovered again.
    Rediscover,
}

pub(crate) async fn notify(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsWrite)?;
    let Body { data } = call.json()?;
    let (owner, kind, change) = data.read()?;
    let keep = |consent: &Consent| {
        customer_scope::sees(&customer, consent)
            && owner.owns(consent)
            && matches!(consent.at(call.now), EffectiveStatus::Authorised(_))
            && change.concerns(&ports, consent, kind)
    };
    let (from, until, order) = (None, None, Order::Newest);
    let search = Search { owner: owner.owner(&ports), from, until, order, keep: &keep, dense: false };
    let cursor = call.request.query("cursor");
    let asks = kind.selectable() && matches!(change, ProductChange::Rediscover);
    let size = if asks { DISCOVERED } else { NAMED };
    let found = search.page(ports.index.as_ref(), cursor, size).await?;
    let tally = match &change {
        ProductChange::Status(legacy_id, status) if !kind.selectable() => {
            discovered::change(&ports, &call, found.consents, (kind, legacy_id), *status).await?
        }
        ProductChange::Rediscover if !kind.selectable() => {
            discovered::announce(&ports, &call, found.consents, kind).await?
        }
        ProductChange::Status(legacy_id, status) => {
            let product = |consent: &Consent| product_status::public_id(&ports, consent, kind, legacy_id);
            product_status::apply(&ports, &call, found.consents, product, *status).await?
        }
        ProductChange::Rediscover => rediscovery::apply(&ports, &call, found.consents, kind).await?,
    };
    let link = |cursor: &str| vec![("cursor", cursor.to_owned())];
    let page = CursorPage {
        own: cursor.map(link).unwrap_or_default(),
        prev: None,
        next: found.next.as_deref().map(link),
    };
    call.cursor_page(if page.next.is_some() { 202 } else { 200 }, &tally, &page, None)
}

impl Data {
    fn read(self) -> Result<(ProductOwner, ResourceKind, ProductChange), Refusal> {
        let owner = match (self.key.cpf, self.key.cnpj) {
            (Some(cpf), None) => ProductOwner::Person(cpf),
            (None, Some(cnpj)) => ProductOwner::Company(cnpj),
            (None, None) | (Some(_), Some(_)) => {
                return Err(Refusal::invalid_parameter("key", ParameterFault::OneDocument));
            }
        };
        let change = match (self.resource_legacy_id, self.status) {
            (None, None) => ProductChange::Rediscover,
            (Some(_), Some(ResourceStatus::PendingAuthorisation)) => {
                return Err(ConsentFault::from(ApprovalFault::Status).into());
            }
            (Some(raw), Some(status)) => {
                let read = LegacyId::parse(&raw);
                let legacy_id = read.map_err(|_| MalformedRequest::Invalid("resourceLegacyId"))?;
                ProductChange::Status(legacy_id, status)
            }
            (None, Some(_)) | (Some(_), None) => {
                return Err(Refusal::invalid_parameter("status", ParameterFault::ProductAndStatus));
            }
        };
        Ok((owner, self.kind, change))
    }
}

impl ProductOwner {
    fn owner(&self, ports: &Ports) -> ConsentOwner {
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
    /// Whether a consent holds a product of the change, or may have some discovered.
    fn concerns(&self, ports: &Ports, consent: &Consent, kind: ResourceKind) -> bool {
        if !kind.selectable() {
            return consent.permits(kind.permission());
        }
        let mut products = consent.resources().iter().filter(|resource| resource.kind == kind);
        match self {
            Self::Rediscover => products.next().is_some(),
            Self::Status(legacy_id, _) => {
                let id = product_status::public_id(ports, consent, kind, legacy_id);
                products.any(|resource| resource.id == id)
            }
        }
    }
}
