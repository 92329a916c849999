//! Consents that nobody authorised leave the table, and nothing else does (T66).

use std::time::Duration;

use ponte_data_consent::consent::RejectedBy;
use ponte_data_consent::ports::Consents as _;
use ponte_kit::examples::{authorisation, created_as, now};
use ponte_ports::audit::Actor;
use ponte_values::{ConsentId, Moment};

use crate::item::n;
use crate::testing::{Database, TableClock, consent_table};

const DAY: Duration = Duration::from_hours(24);

/// One in so many is authorised, and one in so many of the others refused.
const AUTHORISED: usize = 10;
const REFUSED: usize = 3;

fn at_day(days: u32) -> Moment {
    now().plus(DAY * days)
}

/// Creates `total` consents, authorises and refuses some, and lets the table clean up; what is left of consents and of
/// audit rows a day before the time and two days after it.
async fn cleaned(total: usize) -> [(usize, usize); 2] {
    let clock = TableClock::at(now());
    let database = Database::start_with(clock.clone()).await;
    database.clean_by("consents", "expires_at").await;
    let table = consent_table(&database.dynamo);
    for number in 0..total {
        let id = ConsentId::parse(&format!("urn:banco:{number}")).unwrap();
        let creation = created_as(id, now());
        table.commit(creation.clone().commit(format!("{number}-created"), None)).await.unwrap();
        let change = if number % AUTHORISED == 0 {
            creation.consent.authorise(authorisation(), Actor::Operator).unwrap()
        } else if number % REFUSED == 0 {
            creation.consent.revoke(RejectedBy::User, Actor::Operator, now()).unwrap()
        } else {
            continue;
        };
        table.commit(change.commit(format!("{number}-changed"), None)).await.unwrap();
    }
    let mut left = Vec::new();
    for days in [89, 92] {
        clock.set(at_day(days));
        database.clean().await;
        left.push((database.count("consents").await, database.count("audit").await));
    }
    [left[0], left[1]]
}

/// Consents and audit rows before, and after: the authorised ones and every audit row stay.
fn expected(total: usize) -> [(usize, usize); 2] {
    let authorised = total.div_ceil(AUTHORISED);
    let refused = (0..total).filter(|number| number % AUTHORISED != 0 && number % REFUSED == 0).count();
    let rows = total + authorised + refused;
    [(total, rows), (authorised, rows)]
}

#[tokio::test]
async fn t66_consents_that_nobody_authorised_leave_the_table_and_their_history_stays() {
    assert_eq!(cleaned(60).await, expected(60));
}

#[tokio::test]
#[ignore = "takes minutes: 10,000 consents"]
async fn t66_ten_thousand_consents_that_nobody_authorised_leave_the_table() {
    assert_eq!(cleaned(10_000).await, expected(10_000));
}

#[tokio::test]
async fn t66_the_attribute_is_there_from_the_creation_and_goes_with_the_authorisation() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let stored = async || database.item("consents", "I#banco#C#urn:banco:1", "META").await.unwrap();
    let creation = created_as(ConsentId::parse("urn:banco:1").unwrap(), now());
    table.commit(creation.commit("1".to_owned(), None)).await.unwrap();
    assert_eq!(stored().await["expires_at"], n(at_day(90).seconds()));
    let found = table.find(&ConsentId::parse("urn:banco:1").unwrap()).await.unwrap().unwrap();
    let yes = found.authorise(authorisation(), Actor::Operator).unwrap();
    table.commit(yes.commit("2".to_owned(), None)).await.unwrap();
    let item = stored().await;
    assert_eq!((item["status"].as_s().unwrap().as_str(), item.get("expires_at")), ("AUTHORISED", None));
}
