//! The rows through their router: what a client gets of the accounts a consent shares, and what it does not get.

mod bound_ids;
mod discovered;
mod gate;
mod holders;
mod later;
mod limits;
mod other_rows;
mod refused;
mod shut_out;
mod slow_bank;
mod statuses;
mod world;

use std::time::Duration;

use ponte_catalog::{Row, Shape, accounts};
use ponte_data_consent::consent::ResourceStatus as Status;
use serde_json::json;

use world::{LayerRequest, World};

const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";
const RESOURCES: &str = "/open-banking/resources/v3/resources";

/// No record, in the shape of the row.
fn nothing(row: &Row) -> serde_json::Value {
    if row.shape == Shape::Object { json!({}) } else { json!([]) }
}

fn account(number: u32) -> serde_json::Value {
    json!({"resourceLegacyId": [{"key": "account", "value": number.to_string()}], "number": number})
}

#[tokio::test]
async fn c51_c56_the_list_shows_public_ids_and_totals() {
    let world = World::sharing(&[Status::Available, Status::Available]);
    world.answers(&json!([account(2), account(1)]), Some(2));
    let reply = world.get(ACCOUNTS, "page-size=50&accountType=CONTA_POUPANCA").await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let link = format!("https://mtls.banco.example{ACCOUNTS}?accountType=CONTA_POUPANCA&page=1&page-size=50");
    assert_eq!(
        reply.body,
        json!({
            "data": [{"accountId": "public-2", "number": 2}, {"accountId": "public-1", "number": 1}],
            "links": {"self": link},
            "meta": {"totalRecords": 2, "totalPages": 1, "requestDateTime": "2026-03-01T12:00:00Z"},
        })
    );
    let filters = vec![("accountType", "CONTA_POUPANCA".to_owned())];
    let page = Some((1, 50));
    let asked =
        LayerRequest { operation: "/accounts/accounts", resource: None, ids: Vec::new(), page, filters };
    assert_eq!(world.asked(), [asked]);
}

#[tokio::test]
async fn a_record_that_the_consent_does_not_share_is_not_listed() {
    let world = World::sharing(&[Status::Available, Status::TemporarilyUnavailable]);
    world.answers(&json!([account(1), account(2), account(3)]), Some(3));
    let reply = world.get(ACCOUNTS, "").await;
    assert_eq!(reply.body["data"], json!([{"accountId": "public-1", "number": 1}]));
    assert_eq!(reply.body["meta"]["totalRecords"], 1);
}

#[tokio::test]
async fn c52_every_page_that_a_page_names_is_there_whatever_is_left_out_of_it() {
    let world = World::sharing(&[Status::Available; 3]);
    let foreign = (10..30).map(account);
    let first: Vec<_> = [account(1), account(2)].into_iter().chain(foreign).collect();
    world.answers(&json!(first), Some(26));
    let reply = world.get(ACCOUNTS, "").await;
    assert_eq!(reply.body["data"].as_array().map(Vec::len), Some(2));
    assert!(reply.body["links"]["last"].as_str().unwrap().contains("page=2"), "{}", reply.body);
    world.answers(&json!([account(3)]), Some(26));
    let last = world.get(ACCOUNTS, "page=2").await;
    assert_eq!((last.status, &last.body["data"][0]["accountId"]), (200, &json!("public-3")));
    assert_eq!(last.body["meta"]["totalPages"], reply.body["meta"]["totalPages"]);
}

#[tokio::test]
async fn c61_nothing_shared_is_an_empty_list_without_asking() {
    for statuses in [&[][..], &[Status::Unavailable][..]] {
        let world = World::sharing(statuses);
        let reply = world.get(ACCOUNTS, "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &json!([])));
        assert_eq!(reply.body["meta"]["totalRecords"], 0);
        assert!(world.asked().is_empty());
    }
}

#[tokio::test]
async fn one_account_and_its_parts_are_asked_by_the_institution_s_own_key() {
    let cases = [
        ("", "/accounts/find", json!({"number": "12345678"})),
        ("/balances", "/accounts/balances", json!({"hasReservedBalance": true})),
        ("/overdraft-limits", "/accounts/overdraft-limits", json!({})),
    ];
    for (part, operation, data) in cases {
        let world = World::sharing(&[Status::Available]);
        world.answers(&data, None);
        let reply = world.get(&format!("{ACCOUNTS}/public-1{part}"), "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &data), "{part}");
        assert_eq!(reply.body["meta"]["totalPages"], 1);
        let resource = Some("public-1".to_owned());
        let (ids, filters) = (Vec::new(), Vec::new());
        assert_eq!(world.asked(), [LayerRequest { operation, resource, ids, page: None, filters }]);
    }
}

#[tokio::test]
async fn c56_the_institution_s_id_of_a_reserved_balance_never_leaves() {
    let world = World::sharing(&[Status::Available, Status::Available]);
    let own =
        json!({"reservedName": "Viagem", "reservedIdentification": "cofrinho-1", "accountId": "cofrinho-1"});
    world.answers(&json!([own]), Some(1));
    let shown = async |account: &str| {
        let reply = world.get(&format!("{ACCOUNTS}/{account}/reserved-balances"), "").await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert!(!reply.body.to_string().contains("cofrinho-1"), "{}", reply.body);
        let (record, total) = (&reply.body["data"][0], &reply.body["meta"]["totalRecords"]);
        assert_eq!((&record["reservedName"], total), (&json!("Viagem"), &json!(1)));
        record["reservedIdentification"].as_str().unwrap().to_owned()
    };
    let first = shown("public-1").await;
    assert_eq!(first.len(), 36, "{first}");
    assert_eq!(shown("public-1").await, first, "it is stable");
    assert_ne!(shown("public-2").await, first, "and the account's own");
}

#[tokio::test]
async fn c56_keys_of_the_institution_that_nobody_asked_for_never_leave() {
    let key = json!([{"key": "account", "value": "1"}]);
    let cases = [
        ("", json!({"accountId": "own-1", "resourceLegacyId": key, "number": "1"}), json!({"number": "1"})),
        ("/balances", json!({"blockedAmount": {"resourceLegacyId": key}}), json!({"blockedAmount": {}})),
        (
            "/transactions",
            json!([{"resourceLegacyId": key, "transactionId": "t1"}]),
            json!([{"transactionId": "t1"}]),
        ),
    ];
    for (part, answered, shown) in cases {
        let world = World::sharing(&[Status::Available]);
        world.answers(&answered, Some(1));
        let reply = world.get(&format!("{ACCOUNTS}/public-1{part}"), "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &shown), "{part}");
    }
    let world = World::sharing(&[Status::Available]);
    let mut listed = account(1);
    listed["brandName"] = json!({"resourceLegacyId": key});
    world.answers(&json!([listed]), Some(1));
    let reply = world.get(ACCOUNTS, "").await;
    assert_eq!(reply.body["data"], json!([{"accountId": "public-1", "number": 1}]));
}

#[tokio::test]
async fn c52_c57_c58_transactions_have_pages_dates_and_the_institution_s_ids() {
    let world = World::sharing(&[Status::Available]);
    world.answers(&json!([{"transactionId": "t1"}]), Some(51));
    let path = format!("{ACCOUNTS}/public-1/transactions");
    let reply = world.get(&path, "page=2").await;
    assert_eq!(reply.body["data"], json!([{"transactionId": "t1"}]), "C58: the id is the institution's");
    for link in ["self", "first", "prev", "next"] {
        assert!(reply.body["links"][link].is_string(), "{link}");
    }
    assert_eq!(reply.body["meta"], json!({"requestDateTime": "2026-03-01T12:00:00Z"}));
    let today = || "2026-03-01".to_owned();
    let filters = vec![("fromBookingDate", today()), ("toBookingDate", today())];
    let asked = LayerRequest {
        operation: "/accounts/transactions",
        resource: Some("public-1".to_owned()),
        ids: Vec::new(),
        page: Some((2, 25)),
        filters,
    };
    assert_eq!(world.asked(), [asked]);
    let reply = world.get(&path, "page=4").await;
    assert_eq!((reply.status, reply.code()), (422, "PAGE_NOT_FOUND"));
}

#[tokio::test]
async fn lb07_more_than_the_gateway_takes_is_told_and_a_smaller_page_asked_for() {
    let world = World::sharing(&[Status::Available]);
    world.answers(&json!([{"transactionId": "x".repeat(6 * 1024 * 1024)}]), Some(1));
    let reply = world.get(&format!("{ACCOUNTS}/public-1/transactions"), "").await;
    assert_eq!((reply.status, reply.code()), (500, "ERRO_INTERNO"));
    assert_eq!(world.report()["statusCode"], 500, "the report says what the caller got");
}

#[tokio::test]
async fn m10_m12_m15_m16_a_served_call_is_reported_with_what_both_sides_say_and_nothing_else() {
    let world = World::sharing(&[Status::Available]);
    world.answers(&json!({"amount": "1.00"}), None);
    world.get(&format!("{ACCOUNTS}/public-1/balances"), "").await;
    let report = world.report();
    assert!(report["processTimespan"].as_u64().is_some_and(|span| span > 0), "{report}");
    assert_eq!(
        report,
        json!({
            "fapiInteractionId": "d78fc4e5-37ca-4da3-adf2-9b082bf92280",
            "endpoint": "/open-banking/accounts/v2/accounts/{accountId}/balances",
            "statusCode": 200,
            "httpMethod": "GET",
            "timestamp": "2026-03-01T12:00:00.000Z",
            "processTimespan": report["processTimespan"],
            "clientOrgId": ponte_kit::identity::ORGANISATION,
            "serverOrgId": "74e929d9-33b6-4d85-8ba7-c146c867a817",
            "role": "SERVER",
        })
    );
}

#[tokio::test]
async fn c60_a_product_that_may_not_be_read_says_why() {
    let cases = [
        (Status::PendingAuthorisation, "STATUS_RESOURCE_PENDING_AUTHORISATION"),
        (Status::TemporarilyUnavailable, "STATUS_RESOURCE_TEMPORARILY_UNAVAILABLE"),
        (Status::Unavailable, "STATUS_RESOURCE_UNAVAILABLE"),
    ];
    for (status, code) in cases {
        let world = World::sharing(&[status]);
        let reply = world.get(&format!("{ACCOUNTS}/public-1/balances"), "").await;
        assert_eq!((reply.status, reply.code()), (403, code));
        assert!(world.asked().is_empty());
    }
}

#[tokio::test]
async fn c60_what_another_person_must_agree_to_is_shown_as_such_and_not_read_until_then() {
    let moment = Duration::from_millis(1);
    let pending = World::awaiting_approval(|now| now.plus(moment));
    let late = World::awaiting_approval(|now| now);
    let cases = [
        (pending, "PENDING_AUTHORISATION", "STATUS_RESOURCE_PENDING_AUTHORISATION"),
        (late, "UNAVAILABLE", "STATUS_RESOURCE_UNAVAILABLE"),
    ];
    for (world, status, code) in cases {
        let listed = world.get(RESOURCES, "").await;
        let product = json!([{"resourceId": "public-1", "type": "ACCOUNT", "status": status}]);
        assert_eq!((listed.status, &listed.body["data"]), (200, &product));
        for part in ["", "/balances", "/transactions", "/overdraft-limits"] {
            let reply = world.get(&format!("{ACCOUNTS}/public-1{part}"), "").await;
            assert_eq!((reply.status, reply.code()), (403, code), "{part}");
        }
        assert_eq!(world.get(ACCOUNTS, "").await.body["data"], json!([]), "not listed either");
        assert!(world.asked().is_empty(), "the institution is not asked");
    }
}

#[tokio::test]
async fn a_product_outside_the_consent_does_not_exist() {
    let world = World::sharing(&[Status::Available]);
    for id in ["public-2", "PUBLIC-1", "%20"] {
        let reply = world.get(&format!("{ACCOUNTS}/{id}"), "").await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
    }
    assert!(world.asked().is_empty());
}

#[tokio::test]
async fn c52_c57_senseless_parameters_ask_nobody() {
    let world = World::sharing(&[Status::Available]);
    let transactions = format!("{ACCOUNTS}/public-1/transactions");
    let cases = [
        (ACCOUNTS, "page-size=1001", 422),
        (ACCOUNTS, "page=0", 400),
        (ACCOUNTS, "accountType=CONTA", 422),
        (transactions.as_str(), "fromBookingDate=2026-03-01", 422),
        (transactions.as_str(), "fromBookingDate=2026-03-02&toBookingDate=2026-03-01", 422),
        (transactions.as_str(), "creditDebitIndicator=C", 422),
        (RESOURCES, "page=x", 400),
    ];
    for (path, query, status) in cases {
        let reply = world.get(path, query).await;
        assert_eq!((reply.status, reply.code()), (status, "PARAMETRO_INVALIDO"), "{query}");
    }
    assert!(world.asked().is_empty());
}

#[tokio::test]
async fn c59_z_acc_15_what_the_institution_does_not_offer_is_not_found() {
    let world = World::sharing(&[Status::Available]);
    let reply = world.get(&format!("{ACCOUNTS}/public-1/reserved-balances"), "").await;
    assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
    world.answers(&json!([]), Some(0));
    let reply = world.get(&format!("{ACCOUNTS}/public-1/reserved-balances"), "").await;
    assert_eq!((reply.status, &reply.body["data"]), (200, &json!([])));
}

#[tokio::test]
async fn a_list_without_a_total_is_a_fault_of_the_layer() {
    let world = World::sharing(&[Status::Available]);
    world.answers(&json!([account(1)]), None);
    let reply = world.get(ACCOUNTS, "").await;
    assert_eq!((reply.status, reply.code()), (500, "ERRO_INTERNO"));
}

#[tokio::test]
async fn c60_the_resources_are_answered_from_the_consent_in_any_state() {
    let world = World::sharing(&[Status::Available, Status::PendingAuthorisation]);
    let reply = world.get(RESOURCES, "").await;
    assert_eq!(
        reply.body["data"],
        json!([
            {"resourceId": "public-1", "type": "ACCOUNT", "status": "AVAILABLE"},
            {"resourceId": "public-2", "type": "ACCOUNT", "status": "PENDING_AUTHORISATION"},
        ])
    );
    assert_eq!((reply.status, &reply.body["meta"]["totalRecords"]), (200, &json!(2)));
    assert!(world.asked().is_empty());
}

#[tokio::test]
async fn c52_a_small_page_is_honoured_where_the_file_says_so_and_shown_in_the_links() {
    let world = World::sharing(&[Status::Available; 26]);
    world.answers(&json!([{"transactionId": "t2"}]), Some(3));
    let path = format!("{ACCOUNTS}/public-1/transactions");
    let reply = world.get(&path, "page=2&page-size=1").await;
    assert_eq!(reply.body["data"], json!([{"transactionId": "t2"}]));
    for (link, page) in [("self", 2), ("first", 1), ("prev", 1), ("next", 3)] {
        let shown = format!("https://mtls.banco.example{path}?page={page}&page-size=1");
        assert_eq!(reply.body["links"][link], shown);
    }
    assert_eq!(reply.body["links"].get("last"), None, "the file has none where it has no totals");
    assert_eq!(world.asked()[0].page, Some((2, 1)));
    // The file of resources begins at 25.
    let reply = world.get(RESOURCES, "page-size=1").await;
    assert_eq!(reply.body["data"].as_array().map(Vec::len), Some(25));
    assert!(reply.body["links"]["self"].as_str().unwrap().ends_with("?page=1&page-size=25"));
}

#[tokio::test]
async fn c52_many_resources_come_in_pages() {
    let world = World::sharing(&[Status::Available; 26]);
    let reply = world.get(RESOURCES, "page=2").await;
    assert_eq!(reply.body["data"][0]["resourceId"], "public-26");
    assert_eq!(reply.body["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(reply.body["meta"]["totalPages"], 2);
    assert_eq!(world.get(RESOURCES, "page=3").await.code(), "PAGE_NOT_FOUND");
    let far = world.get(RESOURCES, "page=2147483647&page-size=1000").await;
    assert_eq!(far.code(), "PAGE_NOT_FOUND");
}

#[tokio::test]
async fn c55_every_row_of_accounts_is_served_and_unknown_ones_have_the_error_body() {
    let world = World::sharing(&[Status::Available]);
    for row in accounts::ROWS {
        world.answers(&nothing(row), Some(0));
        let path = row.template.replace("{accountId}", "public-1");
        assert_eq!(world.get(&path, "").await.status, 200, "{path}");
    }
    for path in ["/open-banking/accounts/v2/unknown", "/open-banking/consents/v3/consents", "/"] {
        let reply = world.get(path, "").await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
    }
}
