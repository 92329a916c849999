//! Ids of bills leave bound to their card, and open nothing but what they were given out for.

use ponte_data_consent::consent::{Resource, ResourceStatus};
use ponte_values::{Permission, PermissionSet, ResourceKind};
use serde_json::{Value, json};

use super::world::{World, bound, legacy_id};

const CARDS: &str = "/open-banking/credit-cards-accounts/v2/accounts";

/// A consent that shares two cards.
fn cards() -> World {
    let world = World::sharing(&[]);
    let card = |number: u32| {
        let kind = ResourceKind::CreditCardAccount;
        Resource::new(format!("public-{number}"), kind, ResourceStatus::Available, legacy_id(number))
    };
    let mut consent = world.consent();
    consent.permissions = PermissionSet::of(&[
        Permission::CreditCardsAccountsRead,
        Permission::CreditCardsAccountsBillsRead,
        Permission::CreditCardsAccountsBillsTransactionsRead,
        Permission::CreditCardsAccountsTransactionsRead,
        Permission::ResourcesRead,
    ]);
    let text = serde_json::to_string(&consent).unwrap();
    let mut body: Value = serde_json::from_str(&text).unwrap();
    *body.pointer_mut("/state/AUTHORISED/resources").unwrap() = json!([card(1), card(2)]);
    world.put(serde_json::from_value(body).unwrap());
    world
}

fn transactions(card: &str, bill: &str) -> String {
    format!("{CARDS}/{card}/bills/{bill}/transactions")
}

#[tokio::test]
async fn c56_an_id_that_a_bill_left_with_is_the_institution_s_again_when_it_comes_back() {
    let world = cards();
    let own = "a".repeat(63);
    world.answers(&json!([{"billId": own}, {"billId": own}]), Some(2));
    for path in ["bills", "transactions", "transactions-current"] {
        let shown = world.get(&format!("{CARDS}/public-1/{path}"), "").await;
        let id = shown.body["data"][0]["billId"].as_str().unwrap().to_owned();
        assert_eq!((id.len(), &id), (100, &bound("public-1", "billId", &own)), "{path}");
        assert_eq!(shown.body["data"][1]["billId"], id.as_str());
        let reply = world.get(&transactions("public-1", &id), "").await;
        assert_eq!((reply.status, &reply.body["data"][0]["billId"]), (200, &json!(id)));
        let asked = world.asked().pop().unwrap();
        assert_eq!(
            (asked.operation, asked.ids),
            ("/credit-cards-accounts/bills-transactions", vec![("billId", own.clone())])
        );
    }
}

#[tokio::test]
async fn c56_a_bill_of_another_card_is_not_there_whatever_the_layer_would_say() {
    let world = cards();
    world.answers(&json!([]), Some(0));
    let own = bound("public-1", "billId", "bill-1");
    assert_eq!(world.get(&transactions("public-1", &own), "").await.status, 200);
    let asked = world.asked().len();
    let (seal, other) = (&own[own.len() - 36..], bound("public-3", "billId", "bill-1"));
    for (card, bill) in [
        // One of the customer's other card, and of a card that is somebody else's.
        ("public-2", own.as_str()),
        ("public-1", other.as_str()),
        // The institution's own, which a receiver could have guessed.
        ("public-1", "bill-1"),
        ("public-1", &format!("bill-2-{seal}")),
        ("public-1", &format!("bill-1{seal}")),
        ("public-1", seal),
        ("public-1", &bound("public-1", "reservedIdentification", "bill-1")),
    ] {
        let reply = world.get(&transactions(card, bill), "").await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"), "{card} {bill}");
    }
    assert_eq!(world.asked().len(), asked, "the layer was not asked");
}

#[tokio::test]
async fn c56_an_id_that_nothing_can_be_added_to_does_not_leave() {
    let world = cards();
    for own in [json!("a".repeat(64)), json!("a b"), json!(""), json!(7), json!([{"key": "a", "value": "1"}])]
    {
        world.answers(&json!([{"billId": own}]), Some(1));
        let shown = world.get(&format!("{CARDS}/public-1/bills"), "").await;
        assert_eq!((shown.status, &shown.body["data"]), (200, &json!([{}])), "{own}");
        let found = world.quality.take();
        assert!(
            found[0]
                .found
                .iter()
                .any(|one| (one.path.as_str(), one.rule.as_str()) == ("data[].billId", "type"))
        );
    }
}
