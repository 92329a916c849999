//! What the guard of an endpoint learns of a consent (C02, C22, S30).

use std::sync::Arc;

use async_trait::async_trait;
use ponte_ports::authority::{Authority as _, AuthorityFault, ProofRequest};
use ponte_ports::{CommitFault, PortError};
use ponte_values::TargetKind;

use super::*;
use crate::authority::ConsentAuthority;
use crate::ports::{ConsentCommit, Consents};

/// A store that holds one consent.
struct Stored(Consent);

#[async_trait]
impl Consents for Stored {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        Ok((self.0.id == *id).then(|| self.0.clone()))
    }

    async fn commit(&self, _: ConsentCommit) -> Result<(), CommitFault> {
        panic!("a proof changes nothing")
    }
}

/// What the owner of `client` gets for a permission at a moment.
async fn asked(
    consent: &Consent,
    (client, id): (&str, &str),
    permission: Option<Permission>,
    now: Moment,
) -> Result<InForce, AuthorityFault> {
    let authority = ConsentAuthority::new(Arc::new(Stored(consent.clone())));
    assert_eq!(authority.kind(), TargetKind::Consent);
    let (client, target) = (ClientId::parse(client).unwrap(), ConsentId::parse(id).unwrap());
    authority.prove(ProofRequest { client: &client, target: &target, permission, now }).await
}

const OWN: (&str, &str) = ("client-1", "urn:banco:1");

#[tokio::test]
async fn c22_a_consent_in_force_opens_what_it_permits() {
    let consent = authorised(request());
    for permission in [None, Some(Permission::AccountsRead), Some(Permission::ResourcesRead)] {
        let proof = asked(&consent, OWN, permission, now()).await.unwrap();
        assert_eq!((&proof.consent().id, proof.now), (&consent.id, now()));
    }
    let refused = asked(&consent, OWN, Some(Permission::LoansRead), now()).await;
    assert!(matches!(refused, Err(AuthorityFault::Permission)), "{refused:?}");
}

#[tokio::test]
async fn s30_a_consent_of_another_client_or_not_in_force_is_none() {
    let end = now().plus(DAY);
    let ending = authorised(ConsentRequest { expires_at: Some(end), ..request() });
    let revoked = ending.clone().revoke(RejectedBy::User, customer(), now()).unwrap().consent;
    for (consent, who, at) in [
        (&ending, ("client-2", "urn:banco:1"), now()),
        (&ending, ("client-1", "urn:banco:2"), now()),
        (&ending, OWN, end),
        (&revoked, OWN, now()),
        (&create(request()).unwrap(), OWN, now()),
    ] {
        let refused = asked(consent, who, Some(Permission::AccountsRead), at).await;
        assert!(matches!(refused, Err(AuthorityFault::NotInForce)), "{who:?} at {at}: {refused:?}");
    }
}
