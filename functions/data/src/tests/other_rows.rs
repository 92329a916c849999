//! Rows that only tests have, with the paths that data APIs have besides those of accounts.

use ponte_catalog::{Api, DataEndpoint, Frequency, Limits, Meta, Reach, Row, Shape};
use ponte_records::field::{Kind, List, Object, UNBOUNDED, optional, text};
use ponte_values::{Permission, ResourceKind};
use serde_json::json;

use super::discovered::examples::loan;
use super::world::{LayerRequest, World, bound};

static CUSTOMERS: Api = Api {
    name: "customers",
    version: "0.0.0",
    base: "/customers/v0",
    longest_link: 2_000,
    signed: false,
    listed: true,
};
static STOCKS: Api = Api {
    name: "variable-incomes",
    version: "0.0.0",
    base: "/stocks/v0",
    longest_link: 2_000,
    signed: false,
    listed: true,
};
/// Cards under the name of an API whose products have a kind.
static CARDS: Api = Api {
    name: "accounts",
    version: "0.0.0",
    base: "/cards/v0",
    longest_link: 2_000,
    signed: false,
    listed: true,
};

static RECORD: Kind = ONE;
static RECORDS: Kind = Kind::List(&List { item: ONE, least: 0, most: UNBOUNDED });
const ONE: Kind = Kind::Object(&FIELDS);
static FIELDS: Object =
    Object { fields: &[optional("of", text(0, 100)), optional("netValue", text(0, 100))], closed: false };

static PERSON: Row = endpoint("/customers/v0/personal/identifications", "/customers/personal").of(&CUSTOMERS);
static COMPANY: Row =
    endpoint("/customers/v0/business/identifications", "/customers/business").of(&CUSTOMERS);
static NOTE: Row = DataEndpoint {
    ids: &["brokerNoteId"],
    shape: Shape::Object,
    fields: Some(&RECORD),
    smallest_page: None,
    pagination_key: false,
    ..endpoint("/stocks/v0/broker-notes/{brokerNoteId}", "/stocks/broker-notes")
}
.of(&STOCKS);
static TRANSACTIONS: Row = DataEndpoint {
    product: Some("cardId"),
    ..endpoint("/cards/v0/cards/{cardId}/transactions", "/cards/transactions")
}
.of(&CARDS);
static BILL_TRANSACTIONS: Row = DataEndpoint {
    product: Some("cardId"),
    ids: &["billId"],
    ..endpoint("/cards/v0/cards/{cardId}/bills/{billId}/transactions", "/cards/bills-transactions")
}
.of(&CARDS);
/// A list without pages, as the limits of a card are.
static LIMITS: Row = DataEndpoint {
    product: Some("cardId"),
    smallest_page: None,
    ..endpoint("/cards/v0/cards/{cardId}/limits", "/cards/limits")
}
.of(&CARDS);
static NOT_OURS: Row = DataEndpoint { layer: None, ..endpoint("/customers/v0/others", "") }.of(&CUSTOMERS);

static ROWS: &[&Row] = &[&PERSON, &COMPANY, &NOTE, &TRANSACTIONS, &BILL_TRANSACTIONS, &LIMITS, &NOT_OURS];

const fn endpoint(template: &'static str, layer: &'static str) -> DataEndpoint {
    DataEndpoint {
        operation: template,
        template,
        permission: Permission::AccountsRead,
        layer: Some(layer),
        product: None,
        ids: &[],
        shape: Shape::Records,
        meta: Meta::Totals,
        fields: Some(&RECORDS),
        smallest_page: Some(25),
        pagination_key: false,
        filters: &[],
        reach: Reach::None,
        frequency: Frequency::Low,
        limits: Limits::Institution,
        codes: &[],
    }
}

#[tokio::test]
async fn paths_that_end_alike_are_answered_by_different_operations() {
    let bill = bound("public-1", "billId", "b-7");
    let of_bill = format!("/cards/v0/cards/public-1/bills/{bill}/transactions");
    let cases = [
        ("/customers/v0/personal/identifications", "/customers/personal", None, None),
        ("/customers/v0/business/identifications", "/customers/business", None, None),
        ("/cards/v0/cards/public-1/transactions", "/cards/transactions", Some("public-1"), None),
        (of_bill.as_str(), "/cards/bills-transactions", Some("public-1"), Some("b-7")),
    ];
    for (path, operation, resource, bill) in cases {
        let world = World::over(ROWS);
        world.answers(&json!([{"of": operation}]), Some(1));
        let reply = world.get(path, "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &json!([{"of": operation}])), "{path}");
        let (resource, filters) = (resource.map(str::to_owned), Vec::new());
        let ids = bill.map(|bill| ("billId", bill.to_owned())).into_iter().collect();
        assert_eq!(world.asked(), [LayerRequest { operation, resource, ids, page: Some((1, 25)), filters }]);
    }
}

#[tokio::test]
async fn c56_an_id_that_is_no_product_s_reaches_the_layer_as_the_institution_gave_it_out() {
    let world = World::over(ROWS);
    world.lists(ResourceKind::VariableIncome, |now| Ok(vec![loan(31, now)]));
    world.answers(&json!({"netValue": "1.00"}), None);
    let note = bound("public-31", "brokerNoteId", "Note-1");
    let reply = world.get(&format!("/stocks/v0/broker-notes/{note}"), "").await;
    assert_eq!((reply.status, &reply.body["data"]), (200, &json!({"netValue": "1.00"})));
    let ids = vec![("brokerNoteId", "Note-1".to_owned())];
    let (resource, page, filters) = (None, None, Vec::new());
    assert_eq!(
        world.asked(),
        [LayerRequest { operation: "/stocks/broker-notes", resource, ids, page, filters }]
    );
}

#[tokio::test]
async fn c51_a_list_without_pages_is_whole_and_says_how_many_records_it_has() {
    let world = World::over(ROWS);
    let limits = "/cards/v0/cards/public-1/limits";
    for (data, total, pages) in [(json!([{"of": "1"}, {"of": "2"}, {"of": "3"}]), 3, 1), (json!([]), 0, 0)] {
        world.answers(&data, Some(total));
        let reply = world.get(limits, "page=2&page-size=1001").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &data));
        let meta = &reply.body["meta"];
        assert_eq!((&meta["totalRecords"], &meta["totalPages"]), (&json!(total), &json!(pages)));
        let links = reply.body["links"].as_object().unwrap();
        assert_eq!(links.keys().collect::<Vec<_>>(), ["self"]);
        assert!(links["self"].as_str().unwrap().ends_with(limits), "a list without pages takes none");
    }
    assert!(world.asked().iter().all(|asked| asked.page.is_none()));
    world.answers(&json!([]), None);
    assert_eq!(world.get(limits, "").await.status, 500, "a list says how long it is");
}

#[tokio::test]
async fn a_product_outside_the_consent_does_not_exist_whatever_follows_in_the_path() {
    let world = World::over(ROWS);
    for path in ["/cards/v0/cards/public-2/transactions", "/cards/v0/cards/b-7/bills/public-1/transactions"] {
        let reply = world.get(path, "").await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"), "{path}");
    }
    assert!(world.asked().is_empty());
}

#[tokio::test]
async fn a_row_that_the_layer_does_not_answer_is_another_function_s() {
    let reply = World::over(ROWS).get("/customers/v0/others", "").await;
    assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
}
