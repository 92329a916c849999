//! What the customer may choose to share: asked of the institution, named by public ids (C56).

use futures_util::future;
use ponte_data_consent::consent::{Approvals, Consent, Resource, ResourceStatus};
use ponte_data_consent::ports::{Discovered, InstitutionFault};
use ponte_edge::{Call, Refusal};
use ponte_values::{Moment, ResourceKind};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::ports::Ports;

/// A product on offer.
#[derive(Serialize)]
pub(crate) struct Offer {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: ResourceKind,
    pub(crate) name: Box<RawValue>,
    /// State it would be shared in: what others own too waits for them, whoever asks (C60).
    pub(crate) status: ResourceStatus,
    #[serde(skip)]
    resource: Resource,
}

/// The products the consent may cover. The institution is asked only for kinds of which there can be any, side by side.
pub(crate) async fn offers(
    ports: &Ports,
    consent: &Consent,
    call: &Call,
) -> Result<Vec<Offer>, InstitutionFault> {
    let kinds = ResourceKind::ALL.iter().copied().filter(|kind| consent.permits(kind.permission()));
    let discoveries = kinds.map(|kind| async move {
        let found = ports.institution.discover(kind, consent, call.interaction).await?;
        Ok::<_, InstitutionFault>(found.into_iter().map(move |found| (kind, found)))
    });
    let mut offers: Vec<Offer> = Vec::new();
    for (kind, found) in future::try_join_all(discoveries).await?.into_iter().flatten() {
        let offer = Offer::of(ports, consent, (kind, found), call.now);
        if !offers.iter().any(|other| other.id == offer.id) {
            offers.push(offer);
        }
    }
    Ok(offers)
}

/// The products chosen by their ids; all that are on offer where the channel leaves the choice open.
pub(crate) fn choose(offers: Vec<Offer>, chosen: Option<&[String]>) -> Result<Vec<Resource>, Refusal> {
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

impl Offer {
    fn of(ports: &Ports, consent: &Consent, (kind, found): (ResourceKind, Discovered), now: Moment) -> Self {
        let (person, company) = (&consent.logged_user, consent.business.as_ref());
        let id = ports.pseudonyms.resource(person, company, kind, &found.legacy_id);
        let deadline = now.plus(ports.settings.policy.approval_term);
        let approvals = Approvals::besides(person, found.approvers, deadline);
        let resource = Resource::awaiting(id.clone(), kind, found.legacy_id, approvals);
        Self { id, kind, name: found.name, status: resource.at(now), resource }
    }

    fn taken(self) -> Resource {
        self.resource
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ponte_data_consent::legacy_id::LegacyId;

    #[test]
    fn c60_what_others_own_too_is_shared_as_pending() {
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let now = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let offer = |status| {
            let (id, kind) = ("public-1".to_owned(), ResourceKind::Account);
            let resource = Resource::new(id.clone(), kind, status, LegacyId::parse(&raw("[]")).unwrap());
            Offer { id, kind, name: raw("[]"), status, resource }
        };
        for status in [ResourceStatus::PendingAuthorisation, ResourceStatus::Available] {
            assert_eq!(choose(vec![offer(status)], None).unwrap()[0].at(now), status);
        }
        assert!(choose(vec![offer(ResourceStatus::Available)], Some(&["other".to_owned()])).is_err());
    }
}
