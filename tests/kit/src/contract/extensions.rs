//! The renewals of a consent: newest first, as many as asked for after those that are left out (C34).

use std::time::Duration;

use ponte_data_consent::consent::{Consent, ConsentChange, ConsentPolicy, ExtensionRequest};
use ponte_ports::CommitFault;
use ponte_ports::audit::Actor;
use ponte_values::{Cpf, Moment};

use super::Stores;
use crate::examples::{authorisation, consent_id, created, now};

fn day(number: u32) -> Moment {
    now().plus(Duration::from_hours(24) * number)
}

/// Renewal `number` of a consent.
fn renewal(consent: Consent, number: u32) -> ConsentChange {
    let request = ExtensionRequest {
        logged_user: Cpf::parse("12345678909").unwrap(),
        business: None,
        expires_at: Some(day(100 + number)),
        ip_address: format!("203.0.113.{number}"),
        user_agent: "Mozilla/5.0".to_owned(),
    };
    let in_force = consent.in_force(day(number)).unwrap();
    in_force.extend(request, None, ConsentPolicy::default(), Actor::Client("client-1".to_owned())).unwrap()
}

async fn listed(stores: &Stores<'_>, skip: u64, take: u32) -> Vec<String> {
    let found = stores.extensions.list(&consent_id(), skip, take).await.unwrap();
    found.into_iter().map(|renewal| renewal.ip_address).collect()
}

/// Renewals are listed newest first; a conflict leaves none.
pub async fn renewals_are_listed_newest_first(stores: &Stores<'_>) {
    let mut first = created();
    first.consent.expires_at = Some(day(100));
    stores.consents.commit(first.clone().commit("1".to_owned(), None)).await.unwrap();
    let yes = first.consent.authorise(authorisation(), Actor::Channel("interaction".to_owned())).unwrap();
    let mut consent = yes.consent.clone();
    stores.consents.commit(yes.commit("2".to_owned(), None)).await.unwrap();
    assert_eq!(listed(stores, 0, 9).await, Vec::<String>::new());
    for number in 1..=3 {
        let change = renewal(consent, number);
        consent = change.consent.clone();
        stores.consents.commit(change.commit(format!("x-{number}"), None)).await.unwrap();
    }
    let ip = |number: u32| format!("203.0.113.{number}");
    assert_eq!(listed(stores, 0, 9).await, [ip(3), ip(2), ip(1)]);
    assert_eq!(listed(stores, 1, 1).await, [ip(2)]);
    assert_eq!(listed(stores, 2, 9).await, [ip(1)]);
    assert_eq!(listed(stores, 3, 9).await, Vec::<String>::new());
    assert_eq!(consent.renewals, 3, "how many there are the consent itself knows");
    consent.version -= 1;
    let late = stores.consents.commit(renewal(consent, 4).commit("x-4".to_owned(), None)).await;
    assert!(matches!(late, Err(CommitFault::Conflict)), "{late:?}");
    assert_eq!(listed(stores, 0, 9).await.len(), 3, "a conflict left a renewal");
}
