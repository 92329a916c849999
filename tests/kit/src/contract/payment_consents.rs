//! Payment consents: changed on the version that was read, alone or together with an interaction; found by customer, by creation and
//! by when time changes them.

use std::time::Duration;

use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_authorization::search_keys::SearchKeys;
use ponte_payment::consent::ConsentRejectionCode;
use ponte_payment::ports::{PaymentConsentCommit, PaymentConsentPage};
use ponte_ports::audit::Actor;
use ponte_ports::outbox::{SHARDS, shard_of};
use ponte_ports::{CommitFault, IndexFault};
use ponte_values::{ClientId, Moment};

use super::{PaymentStores, RowCount, full};
use crate::examples::{client_id, interaction, now};
use crate::payment_examples::{payment_authorisation, payment_consent, payment_consent_id, payment_creation};

fn minute(number: u32) -> Moment {
    now().plus(Duration::from_mins(1) * number)
}

async fn create(stores: &PaymentStores<'_>, number: u32, at: Moment) {
    stores.payments.create_consent(payment_creation(number, at)).await.unwrap();
}

async fn version(stores: &PaymentStores<'_>) -> Option<u64> {
    stores.consents.find(&payment_consent_id(1)).await.unwrap().map(|consent| consent.version)
}

fn yes(id: &str) -> PaymentConsentCommit {
    let actor = Actor::Channel("interaction".to_owned());
    let authorisation = payment_authorisation(minute(1));
    let change = payment_consent(1, now()).consent.authorise(authorisation, Vec::new(), None, actor);
    let commit = change.unwrap().commit(id.to_owned(), None);
    PaymentConsentCommit { trail: full(commit.trail), ..commit }
}

fn no(id: &str) -> PaymentConsentCommit {
    let code = ConsentRejectionCode::RejeitadoUsuario;
    let change = payment_consent(1, now()).consent.reject(code, None, Actor::Ponte, minute(2));
    change.unwrap().commit(id.to_owned(), None)
}

/// Of two changes of one version one is written with its trail; the other is a conflict and leaves nothing. Our own repetition is none.
pub async fn of_two_changes_of_one_version_one_is_written_with_its_trail(stores: &PaymentStores<'_>) {
    assert!(matches!(stores.consents.commit(yes("0")).await, Err(CommitFault::Conflict)), "not there");
    create(stores, 1, now()).await;
    let before = stores.rows.count().await;
    let first = yes("1");
    let expected = before.with(&first.trail);
    stores.consents.commit(first.clone()).await.unwrap();
    assert_eq!((version(stores).await, stores.rows.count().await), (Some(2), expected));
    assert!(matches!(stores.consents.commit(no("2")).await, Err(CommitFault::Conflict)));
    stores.consents.commit(first).await.unwrap();
    assert_eq!((version(stores).await, stores.rows.count().await), (Some(2), expected));
    let found = stores.consents.find(&payment_consent_id(1)).await.unwrap().unwrap();
    assert_eq!(found.authorisation().unwrap().subject, "subject");
}

/// A decision changes consent and interaction together; if either moved on, neither changes.
pub async fn a_decision_changes_both_or_neither(stores: &PaymentStores<'_>) {
    let begun = interaction("n-1");
    let mut step = begun.clone();
    step.version = 2;
    create(stores, 1, now()).await;
    stores.interactions.start(&begun, None).await.unwrap();
    let before = stores.rows.count().await;
    let state = async || {
        let interaction = stores.interactions.find("n-1").await.unwrap().unwrap();
        (version(stores).await, interaction.version, stores.rows.count().await)
    };
    let late = stores.decisions.decide(yes("1"), begun).await;
    assert!(matches!(late, Err(CommitFault::Conflict)), "a late interaction: {late:?}");
    assert_eq!(state().await, (Some(1), 1, before));
    let decision = yes("2");
    let after = before.with(&decision.trail);
    stores.decisions.decide(decision.clone(), step.clone()).await.unwrap();
    assert_eq!(state().await, (Some(2), 2, after));
    stores.decisions.decide(decision, step.clone()).await.unwrap();
    step.version = 3;
    let late = stores.decisions.decide(no("3"), step).await;
    assert!(matches!(late, Err(CommitFault::Conflict)), "a late consent: {late:?}");
    assert_eq!(state().await, (Some(2), 2, after));
}

/// Consents 0 to 5 of Ana, a minute apart; those with an even number are of her bakery too.
async fn stored(stores: &PaymentStores<'_>) {
    for number in 0..6 {
        let mut creation = payment_creation(number, minute(number));
        let company = (number % 2 == 0).then(|| "bakery".to_owned());
        creation.consent.search = SearchKeys { person: "ana".to_owned(), company };
        stores.payments.create_consent(creation).await.unwrap();
    }
}

fn listing(order: Order, after: Option<&str>, limit: u8) -> Listing<'_> {
    Listing { from: None, until: None, order, after, limit }
}

/// The last characters of the ids, which are the numbers.
fn numbers(page: &PaymentConsentPage) -> String {
    page.consents.iter().filter_map(|consent| consent.id.as_str().chars().last()).collect()
}

/// A list is in the order asked for, goes on at its cursor, ends without one, and takes no cursor of another list.
pub async fn a_list_goes_from_cursor_to_cursor_to_its_end(stores: &PaymentStores<'_>) {
    stored(stores).await;
    let ana = ConsentOwner::Person("ana".to_owned());
    for (order, expected) in
        [(Order::Newest, ["5432", "10"].as_slice()), (Order::Oldest, ["0123", "45"].as_slice())]
    {
        let first = stores.index.of_owner(&ana, listing(order, None, 4)).await.unwrap();
        let last = first.consents.last().unwrap();
        assert_eq!(first.next, Some(stores.index.after(last)), "the cursor right after the last one");
        let second = stores.index.of_owner(&ana, listing(order, first.next.as_deref(), 4)).await.unwrap();
        assert_eq!([numbers(&first), numbers(&second)], expected, "{order:?}");
        assert_eq!(second.next, None, "{order:?}: there is nothing after the end");
    }
    let whole = |order| Listing { from: Some(minute(0)), until: Some(minute(9)), ..listing(order, None, 9) };
    let other = ClientId::parse("client-9").unwrap();
    for (owner, expected) in [
        (ConsentOwner::Company("bakery".to_owned()), "420"),
        (ConsentOwner::Client(client_id()), "543210"),
        (ConsentOwner::Everybody, "543210"),
        (ConsentOwner::Client(other), ""),
        (ConsentOwner::Person("bakery".to_owned()), ""),
    ] {
        let page = stores.index.of_owner(&owner, whole(Order::Newest)).await.unwrap();
        assert_eq!((numbers(&page).as_str(), page.next), (expected, None), "{owner:?}");
    }
    for cursor in ["", "x y", "bm90IGEgY3Vyc29y"] {
        let listed = stores.index.of_owner(&ana, listing(Order::Newest, Some(cursor), 9)).await;
        assert!(matches!(listed, Err(IndexFault::Cursor)), "{cursor:?} was taken for a cursor");
    }
}

/// A consent that time changes is found in its shard from that moment on, longest overdue first; one that is over is not.
pub async fn p05_what_is_due_is_found_in_its_shard(stores: &PaymentStores<'_>) {
    stored(stores).await;
    let lapsed = stores.consents.find(&payment_consent_id(0)).await.unwrap().unwrap();
    let end = lapsed.expires_at;
    let expired = lapsed.expire(end).unwrap().commit("expired".to_owned(), None);
    stores.consents.commit(expired).await.unwrap();
    let mut found = 0;
    for shard in 0..SHARDS {
        let own = |number: &u32| shard_of(payment_consent_id(*number).as_str()) == shard;
        let expected: Vec<_> = (1..4_u32).filter(own).map(payment_consent_id).collect();
        let due = stores.index.due(shard, end.plus(Duration::from_mins(3)), 9).await.unwrap();
        assert_eq!(due, expected, "shard {shard}");
        assert!(stores.index.due(shard, end, 9).await.unwrap().is_empty(), "too early");
        found += due.len();
    }
    assert_eq!(found, 3, "one that is due is in no shard");
    assert!(stores.rows.count().await != RowCount::default());
}
