//! What the customer may choose to share: asked of the institution, named by public ids (C56).

use ponte_domain::consent::{Consent, Resource, ResourceKind, ResourceStatus};
use ponte_domain::legacy_id::LegacyId;
use ponte_domain::ports::Discovered;
use ponte_edge::Refusal;
use ponte_values::{InteractionId, Permission};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::Ports;

/// A product on offer.
#[derive(Serialize)]
pub(super) struct Offer {
    id: String,
    #[serde(rename = "type")]
    kind: ResourceKind,
    name: Box<RawValue>,
    /// State it would be shared in: what others own too waits for them, whoever asks (C60).
    status: ResourceStatus,
    #[serde(skip)]
    legacy_id: LegacyId,
}

/// The products the consent may cover. The institution is asked only if there can be any.
pub(super) async fn offers(
    ports: &Ports,
    consent: &Consent,
    correlation: InteractionId,
) -> Result<Vec<Offer>, Refusal> {
    if !consent.permits(permission(ResourceKind::Account)) {
        return Ok(Vec::new());
    }
    let mut offers: Vec<Offer> = Vec::new();
    for found in ports.institution.discover(consent, correlation).await? {
        let offer = Offer::of(ports, consent, found);
        let known = offers.iter().any(|other| other.id == offer.id);
        if !known && consent.permits(permission(offer.kind)) {
            offers.push(offer);
        }
    }
    Ok(offers)
}

/// The products chosen by their ids; all that are on offer where the channel leaves the choice open.
pub(super) fn choose(offers: Vec<Offer>, chosen: Option<&[String]>) -> Result<Vec<Resource>, Refusal> {
    let Some(chosen) = chosen else {
        return Ok(offers.into_iter().map(Offer::taken).collect());
    };
    let offered = |id: &String| offers.iter().any(|offer| offer.id == *id);
    if !chosen.iter().all(offered) {
        return Err(Refusal::parameter("resources", "há um id que não foi oferecido nesta interação"));
    }
    let taken = offers.into_iter().filter(|offer| chosen.contains(&offer.id));
    Ok(taken.map(Offer::taken).collect())
}

/// The permission without which no product of a kind is shared (C22).
const fn permission(kind: ResourceKind) -> Permission {
    match kind {
        ResourceKind::Account => Permission::AccountsRead,
    }
}

impl Offer {
    fn of(ports: &Ports, consent: &Consent, found: Discovered) -> Self {
        let (person, company) = (&consent.logged_user, consent.business.as_ref());
        let waits = found.needs_others;
        Self {
            id: ports.pseudonyms.resource(person, company, found.kind, &found.legacy_id),
            kind: found.kind,
            name: found.name,
            status: if waits { ResourceStatus::PendingAuthorisation } else { ResourceStatus::Available },
            legacy_id: found.legacy_id,
        }
    }

    fn taken(self) -> Resource {
        Resource { id: self.id, kind: self.kind, status: self.status, legacy_id: self.legacy_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c60_what_others_own_too_is_shared_as_pending() {
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let offer = |status| Offer {
            id: "public-1".to_owned(),
            kind: ResourceKind::Account,
            name: raw("[]"),
            status,
            legacy_id: LegacyId::parse(&raw("[]")).unwrap(),
        };
        for status in [ResourceStatus::PendingAuthorisation, ResourceStatus::Available] {
            assert_eq!(choose(vec![offer(status)], None).unwrap()[0].status, status);
        }
        assert!(choose(vec![offer(ResourceStatus::Available)], Some(&["other".to_owned()])).is_err());
    }
}
