//! Products that a data consent may share: asked of the institution, named by public ids (C56).

use futures_util::future;
use ponte_authorization::approval::Approvals;
use ponte_data_consent::consent::{Consent, Resource, ResourceStatus};
use ponte_data_consent::ports::{Balance, DiscoveredProduct};
use ponte_edge::Call;
use ponte_ports::InstitutionFault;
use ponte_values::{Moment, ResourceKind};
use serde_json::value::RawValue;

use super::ports::DataSharing;
use crate::target::Offer;

/// A product the institution listed.
pub(super) struct Product {
    name: Box<RawValue>,
    balance: Option<Balance>,
    default_selected: Option<bool>,
    /// The product as a yes would store it: what others own too waits for them, whoever asks (C60).
    resource: Resource,
}

/// The products to choose from. The institution is asked only for kinds of which there can be any, side by side; products
/// that customers do not choose one by one are shared by their permissions alone.
pub(super) async fn products(
    ports: &DataSharing,
    consent: &Consent,
    call: &Call,
) -> Result<Vec<Product>, InstitutionFault> {
    let kinds = ResourceKind::chosen().filter(|kind| consent.permits(kind.permission()));
    let discoveries = kinds.map(|kind| async move {
        let found = ports.institution.discover(kind, consent, call.interaction, call.time_left()).await?;
        Ok::<_, InstitutionFault>(found.into_iter().map(move |found| (kind, found)))
    });
    let mut products: Vec<Product> = Vec::new();
    for (kind, found) in future::try_join_all(discoveries).await?.into_iter().flatten() {
        let product = Product::of(ports, consent, (kind, found), call.now);
        if !products.iter().any(|other| other.resource.id == product.resource.id) {
            products.push(product);
        }
    }
    Ok(products)
}

impl Product {
    fn of(
        ports: &DataSharing,
        consent: &Consent,
        (kind, found): (ResourceKind, DiscoveredProduct),
        now: Moment,
    ) -> Self {
        let (person, company) = (&consent.logged_user, consent.business.as_ref());
        let id = ports.pseudonyms.resource(person, company, kind, &found.legacy_id);
        let approvals = Approvals::besides(person, found.approvers, now.plus(ports.approval_term));
        let resource = Resource::awaiting(id, kind, found.legacy_id, approvals);
        let DiscoveredProduct { name, balance, default_selected, .. } = found;
        Self { name, balance, default_selected, resource }
    }

    /// The offer the customer sees, and the product behind it.
    pub(super) fn offered(self, now: Moment) -> (Offer, Resource) {
        let status = self.resource.at(now);
        let balance = self.balance.map(|Balance { currency, amount }| (currency, amount));
        let (balance_currency, balance_amount) = balance.unzip();
        let offer = Offer {
            id: self.resource.id.clone(),
            kind: self.resource.kind.as_str(),
            name: self.name,
            status: status.as_str(),
            balance_currency,
            balance_amount,
            default_selected: self.default_selected,
            waits_for_others: status == ResourceStatus::PendingAuthorisation,
        };
        (offer, self.resource)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ponte_ports::LegacyId;

    #[test]
    fn c60_what_others_own_too_is_shared_as_pending() {
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let now = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let offered = |status| {
            let legacy_id = LegacyId::parse(&raw("[]")).unwrap();
            let resource = Resource::new("public-1".to_owned(), ResourceKind::Account, status, legacy_id);
            Product { name: raw("[]"), balance: None, default_selected: None, resource }.offered(now)
        };
        for status in [ResourceStatus::PendingAuthorisation, ResourceStatus::Available] {
            let (offer, resource) = offered(status);
            assert_eq!((offer.status, resource.at(now)), (status.as_str(), status));
        }
    }
}
