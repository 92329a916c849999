//! Consents found by their customer and by when time changes them.

use std::time::Duration;

use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_authorization::search_keys::SearchKeys;
use ponte_data_consent::consent::AWAITING_LIMIT;
use ponte_data_consent::ports::ConsentPage;
use ponte_ports::IndexFault;
use ponte_ports::outbox::{SHARDS, shard_of};
use ponte_values::{ClientId, ConsentId, Moment};

use super::Stores;
use crate::examples::{created_as, now};

fn minute(number: u32) -> Moment {
    now().plus(Duration::from_mins(1) * number)
}

/// Consents 0 to 5 of Ana, a minute apart; those with an even number are of her bakery too.
async fn stored(stores: &Stores<'_>) {
    for number in 0..6 {
        let id = ConsentId::parse(&format!("urn:banco:{number}")).unwrap();
        let mut change = created_as(id, minute(number));
        let company = (number % 2 == 0).then(|| "bakery".to_owned());
        change.consent.search = SearchKeys { person: "ana".to_owned(), company };
        stores.consents.commit(change.commit(format!("c-{number}"), None)).await.unwrap();
    }
}

fn ana() -> ConsentOwner {
    ConsentOwner::Person("ana".to_owned())
}

fn listing(order: Order, after: Option<&str>, limit: u8) -> Listing<'_> {
    Listing { from: None, until: None, order, after, limit }
}

async fn page(stores: &Stores<'_>, owner: &ConsentOwner, listing: Listing<'_>) -> ConsentPage {
    stores.index.of_owner(owner, listing).await.unwrap()
}

/// The last characters of the ids, which are the numbers.
fn numbers(page: &ConsentPage) -> String {
    page.consents.iter().filter_map(|consent| consent.id.as_str().chars().last()).collect()
}

/// A list is in the order asked for, goes on at its cursor, and ends without one.
pub async fn a_list_goes_from_cursor_to_cursor_to_its_end(stores: &Stores<'_>) {
    stored(stores).await;
    for (order, expected) in
        [(Order::Newest, ["5432", "10"].as_slice()), (Order::Oldest, ["0123", "45"].as_slice())]
    {
        let first = page(stores, &ana(), listing(order, None, 4)).await;
        let last = first.consents.last().unwrap();
        assert_eq!(first.next, Some(stores.index.after(last)), "the cursor right after the last one");
        let second = page(stores, &ana(), listing(order, first.next.as_deref(), 4)).await;
        assert_eq!([numbers(&first), numbers(&second)], expected, "{order:?}");
        assert_eq!(second.next, None, "{order:?}: there is nothing after the end");
        let whole = page(stores, &ana(), listing(order, None, 6)).await;
        assert_eq!((whole.consents.len(), whole.next), (6, None), "{order:?}: a page that is just full");
    }
    let bakery = ConsentOwner::Company("bakery".to_owned());
    assert_eq!(numbers(&page(stores, &bakery, listing(Order::Newest, None, 9)).await), "420");
    for nobody in [ConsentOwner::Person("bakery".to_owned()), ConsentOwner::Company("ana".to_owned())] {
        let page = page(stores, &nobody, listing(Order::Newest, None, 9)).await;
        assert!(page.consents.is_empty() && page.next.is_none(), "{nobody:?}");
    }
}

/// Both ends of a listing count, to the millisecond, and one that ends before it begins is empty.
pub async fn both_ends_of_a_listing_count(stores: &Stores<'_>) {
    stored(stores).await;
    let milli = Duration::from_millis(1);
    for (from, until, expected) in [
        (Some(minute(1)), Some(minute(3)), "321"),
        (Some(minute(1).plus(milli)), Some(minute(3)), "32"),
        (Some(minute(1)), Some(minute(3).minus(milli)), "21"),
        (Some(minute(4)), None, "54"),
        (None, Some(minute(0)), "0"),
        (Some(minute(3)), Some(minute(1)), ""),
    ] {
        let asked = Listing { from, until, ..listing(Order::Newest, None, 9) };
        let found = page(stores, &ana(), asked).await;
        assert_eq!((numbers(&found).as_str(), found.next), (expected, None), "{from:?} to {until:?}");
    }
}

/// A text that no list gave out is no cursor, nor is one that points outside the listing.
pub async fn a_foreign_cursor_is_a_fault(stores: &Stores<'_>) {
    stored(stores).await;
    for cursor in ["", "x y", "0", "~", "2026-03-01T12:00:00.250Z", "bm90IGEgY3Vyc29y"] {
        let listed = stores.index.of_owner(&ana(), listing(Order::Newest, Some(cursor), 9)).await;
        assert!(matches!(listed, Err(IndexFault::Cursor)), "{cursor:?} was taken for a cursor");
    }
    let first = page(stores, &ana(), listing(Order::Oldest, None, 2)).await;
    let cursor = first.next.as_deref();
    for outside in [
        Listing { from: Some(minute(2)), ..listing(Order::Oldest, cursor, 9) },
        Listing { until: Some(minute(0)), ..listing(Order::Newest, cursor, 9) },
    ] {
        let listed = stores.index.of_owner(&ana(), outside).await;
        assert!(matches!(listed, Err(IndexFault::Cursor)), "{outside:?}");
    }
}

/// A consent that time changes is found in its shard from that moment on, longest overdue first, and no more than asked for.
pub async fn what_is_due_is_found_in_its_shard(stores: &Stores<'_>) {
    stored(stores).await;
    let end = minute(3).plus(AWAITING_LIMIT);
    let mut found = 0;
    for shard in 0..SHARDS {
        let own = |number: &u32| shard_of(&format!("urn:banco:{number}")) == shard;
        let expected: Vec<String> =
            (0..4_u32).filter(own).map(|number| format!("urn:banco:{number}")).collect();
        let due: Vec<String> =
            stores.index.due(shard, end, 9).await.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(due, expected, "shard {shard}");
        let one = stores.index.due(shard, end, 1).await.unwrap();
        assert_eq!(one.first().map(ToString::to_string), expected.first().cloned(), "shard {shard}");
        assert!(one.len() <= 1, "shard {shard}: more than asked for");
        found += due.len();
    }
    assert_eq!(found, 4, "one that is due is in no shard");
}

/// Consents of a period are listed over its days, in order and from cursor to cursor: of one client, or of all.
pub async fn what_was_created_in_a_period_is_found_by_client_and_without(stores: &Stores<'_>) {
    // Nine of two clients in turns, eight hours apart, over days that begin elsewhere than in Brasília.
    let hour = |number: u32| now().plus(Duration::from_hours(8) * number);
    let clients = ["client-1", "client-2"].map(|id| ClientId::parse(id).unwrap());
    for number in 0..9 {
        let id = ConsentId::parse(&format!("urn:banco:{number}")).unwrap();
        let mut change = created_as(id, hour(number));
        change.consent.client = clients[usize::from(number % 2 == 1)].clone();
        stores.consents.commit(change.commit(format!("c-{number}"), None)).await.unwrap();
    }
    let [one, other] = clients.map(ConsentOwner::Client);
    let unknown = ConsentOwner::Client(ClientId::parse("client-9").unwrap());
    for (owner, from, until, expected) in [
        (&ConsentOwner::Everybody, 0, 8, "012345678"),
        (&ConsentOwner::Everybody, 2, 5, "2345"),
        (&ConsentOwner::Everybody, 9, 20, ""),
        (&ConsentOwner::Everybody, 5, 2, ""),
        (&one, 0, 8, "02468"),
        (&one, 3, 7, "46"),
        (&other, 0, 8, "1357"),
        (&unknown, 0, 8, ""),
    ] {
        for (order, limit) in [
            (Order::Oldest, 1),
            (Order::Oldest, 2),
            (Order::Newest, 2),
            (Order::Newest, 9),
            (Order::Oldest, 100),
        ] {
            let period =
                Listing { from: Some(hour(from)), until: Some(hour(until)), ..listing(order, None, limit) };
            let (mut after, mut found) = (None, String::new());
            loop {
                let page = page(stores, owner, Listing { after: after.as_deref(), ..period }).await;
                assert!(page.consents.len() <= usize::from(limit), "{owner:?} {order:?} {limit}");
                found += &numbers(&page);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            if order == Order::Newest {
                found = found.chars().rev().collect();
            }
            assert_eq!(found, expected, "{owner:?} from {from} until {until}, {order:?} by {limit}");
        }
    }
    let whole =
        Listing { from: Some(hour(0)), until: Some(hour(8)), ..listing(Order::Oldest, Some("x y"), 9) };
    let listed = stores.index.of_owner(&ConsentOwner::Everybody, whole).await;
    assert!(matches!(listed, Err(IndexFault::Cursor)), "a foreign cursor");
}
