//! The count of a day against a real table and a recount by hand.

use std::collections::{BTreeMap, HashSet};

use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use ponte_authorization::search_keys::SearchKeys;
use ponte_data_consent::consent::{
    Authorisation, Consent, ConsentPolicy, ConsentRequest, NewConsent, RejectedBy,
};
use ponte_data_consent::ports::Consents as _;
use ponte_metrics::report::stock::StockFacts;
use ponte_ports::audit::Actor;
use ponte_values::{ClientId, ConsentId, Cpf, Date, OrganisationId, Permission, PermissionSet};

use super::super::record;
use super::*;
use crate::dynamo::Dynamo;
use crate::item::{item, key};
use crate::testing::{Database, consent_table};
use ponte_kit::examples::{authorisation, created, institution};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
const OWN: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";

/// The last millisecond of a day in Brasília.
fn cutoff() -> Moment {
    Moment::parse("2026-03-10T02:59:59.999Z").unwrap()
}

/// What became of a consent, and whether it was in force at the cut-off.
const FATES: [(Fate, bool); 10] = [
    (Fate::Waiting, false),
    (Fate::Refused, false),
    (Fate::Agreed, true),
    (Fate::AgreedUntilLater, true),
    (Fate::AgreedAtTheLastMillisecond, true),
    (Fate::AgreedTooLate, false),
    (Fate::RevokedBefore, false),
    (Fate::RevokedAt, false),
    (Fate::RevokedAfter, true),
    (Fate::OverUnwritten, false),
];

#[derive(Clone, Copy, Debug)]
enum Fate {
    Waiting,
    Refused,
    Agreed,
    AgreedUntilLater,
    AgreedAtTheLastMillisecond,
    AgreedTooLate,
    RevokedBefore,
    RevokedAt,
    RevokedAfter,
    OverUnwritten,
}

/// Who a consent belongs to.
struct ConsentOwner {
    receiver: String,
    person: String,
    company: Option<String>,
}

impl ConsentOwner {
    /// Customers come back at several receivers, and people act for companies.
    fn of(number: u32) -> Self {
        Self {
            receiver: format!("c770aef3-6784-41f7-8e0e-{:012}", number % 37),
            person: format!("person-{}", number % 4_001),
            company: number.is_multiple_of(5).then(|| format!("company-{}", number % 601)),
        }
    }
}

fn consent(number: u32, customer: &ConsentOwner, fate: Fate) -> Consent {
    let last = |minutes: u32| cutoff().minus(MINUTE * minutes);
    let (created, yes) = match fate {
        Fate::AgreedAtTheLastMillisecond => (last(30), cutoff()),
        Fate::AgreedTooLate => (last(30), cutoff().plus(Duration::from_millis(1))),
        _ => (last(3_000), last(2_990)),
    };
    let new = NewConsent {
        id: ConsentId::parse(&format!("urn:banco:{number}")).unwrap(),
        client: ClientId::parse("client-1").unwrap(),
        organisation: OrganisationId::parse(&customer.receiver).unwrap(),
        search: SearchKeys { person: customer.person.clone(), company: customer.company.clone() },
    };
    let request = ConsentRequest {
        logged_user: Cpf::parse("12345678909").unwrap(),
        business: None,
        permissions: PermissionSet::of(&[
            Permission::AccountsRead,
            Permission::AccountsBalancesRead,
            Permission::ResourcesRead,
        ]),
        expires_at: match fate {
            Fate::AgreedUntilLater => Some(cutoff().plus(Duration::from_millis(1))),
            Fate::OverUnwritten => Some(cutoff()),
            _ => None,
        },
        linked: false,
    };
    let waiting = Consent::create(new, request, ConsentPolicy::default(), created).unwrap().consent;
    let revoke = |consent: Consent, at| consent.revoke(RejectedBy::User, Actor::Ponte, at).unwrap().consent;
    if matches!(fate, Fate::Waiting) {
        return waiting;
    }
    if matches!(fate, Fate::Refused) {
        return revoke(waiting, yes);
    }
    let authorised =
        waiting.authorise(Authorisation { at: yes, ..authorisation() }, Actor::Ponte).unwrap().consent;
    match fate {
        Fate::RevokedBefore => revoke(authorised, last(5)),
        Fate::RevokedAt => revoke(authorised, cutoff()),
        Fate::RevokedAfter => revoke(authorised, cutoff().plus(MINUTE * 5)),
        _ => authorised,
    }
}

/// Puts items as they would be after their last change, many at a time.
async fn fill(database: &Database, items: Vec<Item>) {
    let put = |item: &Item| {
        let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    for batch in items.chunks(25) {
        let writes = batch.iter().map(put).collect();
        let answer =
            database.client.batch_write_item().request_items("consents", writes).send().await.unwrap();
        assert!(answer.unprocessed_items.unwrap_or_default().is_empty());
    }
}

fn report(stock_count: StockCount) -> StockFacts {
    stock_count.counted(Date::parse("2026-03-09").unwrap(), OrganisationId::parse(OWN).unwrap())
}

#[tokio::test]
async fn m50_20_000_consents_are_counted_as_by_hand() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let (mut persons, mut companies) = (HashSet::new(), HashSet::new());
    let mut consents = BTreeMap::new();
    let mut items = Vec::new();
    for number in 0..20_000 {
        // A fate is not tied to a receiver or a customer.
        let (fate, counts) = FATES[usize::try_from(number / 8 % 10).unwrap()];
        let customer = ConsentOwner::of(number);
        let stored = consent(number, &customer, fate);
        assert_eq!(stored.was_in_force(cutoff()), counts, "{fate:?}");
        items.push(record::item_of(&database.dynamo, &stored, "owner").unwrap());
        if number % 10 == 0 {
            let sk = format!("EXT#{}#{number}", cutoff().with_millis());
            items.push(key(database.dynamo.keys.consent(&stored.id), sk));
        }
        if counts {
            *consents.entry(customer.receiver).or_insert(0_u64) += 1;
            match customer.company {
                Some(company) => companies.insert(company),
                None => persons.insert(customer.person),
            };
        }
    }
    let last = items.len();
    fill(&database, items).await;
    assert_eq!(last, 22_000);
    let counted = report(table.in_force(cutoff()).await.unwrap());
    assert_eq!(counted.consents, consents);
    assert_eq!(counted.persons, u64::try_from(persons.len()).unwrap());
    assert_eq!(counted.companies, u64::try_from(companies.len()).unwrap());
    assert_eq!((consents.values().sum::<u64>(), consents.len()), (8_000, 37));
}

#[tokio::test]
async fn m50_a_commit_leaves_what_the_count_looks_at() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let at = authorisation().at;
    let count = async |moment| table.in_force(moment).await.unwrap().total();
    table.commit(created().commit("1".to_owned(), None)).await.unwrap();
    assert_eq!(count(at).await, 0);
    let stored = table.find(&created().consent.id).await.unwrap().unwrap();
    let change = stored.authorise(authorisation(), Actor::Ponte).unwrap();
    table.commit(change.commit("2".to_owned(), None)).await.unwrap();
    assert_eq!((count(at.minus(Duration::from_millis(1))).await, count(at).await), (0, 1));
    let stored = table.find(&created().consent.id).await.unwrap().unwrap();
    let change = stored.revoke(RejectedBy::User, Actor::Ponte, at.plus(DAY)).unwrap();
    table.commit(change.commit("3".to_owned(), None)).await.unwrap();
    assert_eq!((count(at.plus(DAY).minus(MINUTE)).await, count(at.plus(DAY)).await), (1, 0));
}

#[tokio::test]
async fn d8_an_item_that_cannot_be_counted_stops_no_count_and_is_not_in_it() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let fate = Fate::AgreedUntilLater;
    let good = |number| {
        record::item_of(&database.dynamo, &consent(number, &ConsentOwner::of(number), fate), "owner").unwrap()
    };
    let mut nameless = good(2);
    nameless.remove("organisation");
    // What a later release calls it may not be in force at all.
    let later = item(good(3), [("status", s("SUSPENDED_NEXT"))]);
    let mut old = good(4);
    old.remove("status");
    fill(&database, vec![good(1), nameless, later, old, good(5)]).await;
    assert_eq!(table.in_force(cutoff()).await.unwrap().total(), 2);
    // Another institution's items are not ours to count.
    let other = ponte_values::InstitutionId::parse("outro").unwrap();
    assert_ne!(other, institution());
    let others = ConsentTable::reading(&Dynamo::new(database.client.clone(), &other), "consents");
    assert_eq!(others.in_force(cutoff()).await.unwrap().total(), 0);
}

#[tokio::test]
async fn m50_two_counts_at_once_agree() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let items = (0..300).map(|number| {
        let (fate, _) = FATES[usize::try_from(number % 10).unwrap()];
        record::item_of(&database.dynamo, &consent(number, &ConsentOwner::of(number), fate), "owner").unwrap()
    });
    fill(&database, items.collect()).await;
    let (one, other) = tokio::join!(table.in_force(cutoff()), table.in_force(cutoff()));
    let (one, other) = (report(one.unwrap()), report(other.unwrap()));
    assert_eq!(one, other);
    assert_eq!(one.consents.values().sum::<u64>(), 120);
}
