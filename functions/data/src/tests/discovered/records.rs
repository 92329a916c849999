//! Records of discovered products: lists of them, and one by its id.

use std::time::Duration;

use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_ports::{InstitutionFault, PortError};
use ponte_values::{Permission, ResourceKind};
use serde_json::json;

use super::super::ACCOUNTS;
use super::super::RESOURCES;
use super::examples::{FUND, LOAN, LOANS, contract, credit, listed, loan, note, of};

#[tokio::test]
async fn c51_c56_a_list_discovers_its_kind_if_nobody_did_and_shows_what_may_be_read() {
    let world = credit(&[Status::Available]);
    world.lists(LOAN, |now| {
        let blocked = listed(13, Status::TemporarilyUnavailable, now);
        Ok(vec![loan(11, now), listed(12, Status::Unavailable, now), blocked, loan(14, now)])
    });
    world.answers(&json!([contract(14), contract(11), contract(12), contract(13), contract(15)]), Some(5));
    let reply = world.get(LOANS, "").await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let shown = json!([
        {"contractId": "public-14", "ipocCode": "14"},
        {"contractId": "public-11", "ipocCode": "11"},
    ]);
    assert_eq!((&reply.body["data"], &reply.body["meta"]["totalRecords"]), (&shown, &json!(2)));
    let kinds = world.discovered();
    assert_eq!(kinds, [("LOAN", Duration::from_millis(1_500))], "its kind alone");
    assert_eq!(world.told(), ["public-11", "public-14"], "the accounts are not its own");
    world.get(LOANS, "").await;
    assert!(world.discovered().is_empty());
}

#[tokio::test]
async fn c61_an_empty_selection_never_reaches_the_layer() {
    for products in [vec![], vec![Status::Unavailable, Status::TemporarilyUnavailable]] {
        let world = credit(&[Status::Available]);
        world.lists(LOAN, move |now| {
            Ok(products.iter().zip(11..).map(|(status, number)| listed(number, *status, now)).collect())
        });
        let reply = world.get(LOANS, "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &json!([])));
        assert!(world.asked().is_empty());
    }
    let permissions = [Permission::VariableIncomesRead, Permission::ResourcesRead];
    let world = of(&permissions, &[Status::Available]);
    world.answers(&json!({"number": 1}), None);
    let stocks = ResourceKind::VariableIncome;
    world.lists(stocks, |now| Ok(vec![listed(31, Status::Unavailable, now)]));
    let reply = world.get(&note("public-31"), "").await;
    assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
    assert!(world.asked().is_empty());
    world.clock.wait(Duration::from_hours(2));
    world.lists(stocks, |now| Ok(vec![listed(32, Status::Available, now)]));
    // A note of a product that may not be read is not there, whatever else may be.
    for product in ["public-31", "public-1"] {
        assert_eq!(world.get(&note(product), "").await.code(), "NAO_ENCONTRADO");
    }
    assert!(world.asked().is_empty());
    assert_eq!(world.get(&note("public-32"), "").await.status, 200);
    assert_eq!(world.asked()[0].ids, [("brokerNoteId", "note-1".to_owned())]);
    assert_eq!(world.told(), ["public-32"]);
}

#[tokio::test]
async fn t63_a_list_whose_kind_was_never_answered_says_why() {
    type Case = (fn() -> InstitutionFault, i64);
    let cases: [Case; 4] = [
        (|| InstitutionFault::NotReady(None), 504),
        (|| PortError::timeout("layer", "2 s").into(), 504),
        (|| PortError::new("layer", "status 500").into(), 500),
        (|| PortError::overloaded("layer", "503").into(), 529),
    ];
    for (fault, status) in cases {
        let world = credit(&[]);
        world.lists(LOAN, move |_| Err(fault()));
        for path in [LOANS.to_owned(), format!("{LOANS}/public-11")] {
            assert_eq!(world.get(&path, "").await.status, status, "{path}");
        }
        assert!(world.asked().is_empty());
    }
}

#[tokio::test]
async fn c60_z_res_05_a_product_that_may_not_be_read_says_why_whether_chosen_or_discovered() {
    let cases = [
        (Status::PendingAuthorisation, "STATUS_RESOURCE_PENDING_AUTHORISATION"),
        (Status::TemporarilyUnavailable, "STATUS_RESOURCE_TEMPORARILY_UNAVAILABLE"),
        (Status::Unavailable, "STATUS_RESOURCE_UNAVAILABLE"),
    ];
    for (status, code) in cases {
        let world = credit(&[status]);
        world.lists(LOAN, move |now| Ok(vec![listed(11, status, now)]));
        world.get(RESOURCES, "").await;
        let one = format!("{LOANS}/public-11");
        for path in [format!("{ACCOUNTS}/public-1"), one.clone(), format!("{one}/payments")] {
            let reply = world.get(&path, "").await;
            assert_eq!((reply.status, reply.code()), (403, code), "{path}");
        }
        assert_eq!(world.get(LOANS, "").await.body["data"], json!([]));
        assert!(world.asked().is_empty());
    }
}

#[tokio::test]
async fn one_contract_and_its_parts_are_asked_by_the_institution_s_own_key() {
    let cases = [
        ("", "/loans/find", json!({"contractNumber": "12"})),
        ("/payments", "/loans/payments", json!({"paidInstalments": 7})),
    ];
    for (part, operation, data) in cases {
        let world = credit(&[]);
        world.lists(LOAN, |now| Ok(vec![loan(11, now), loan(12, now)]));
        world.answers(&data, None);
        // Its id is that of every consent of the customer, so that it may be asked for first.
        let reply = world.get(&format!("{LOANS}/public-12{part}"), "").await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &data));
        let [asked] = &world.asked()[..] else { panic!("asked once") };
        assert_eq!((asked.operation, asked.resource.as_deref()), (operation, Some("public-12")));
        assert_eq!(world.told(), ["public-12"]);
    }
}

#[tokio::test]
async fn z_com_05_an_id_of_another_consent_or_kind_does_not_exist_and_a_missing_permission_comes_first() {
    let world = credit(&[Status::Available]);
    world.lists(LOAN, |now| Ok(vec![loan(11, now)]));
    world.lists(FUND, |now| Ok(vec![listed(21, Status::Available, now)]));
    world.get(RESOURCES, "").await;
    world.discovered();
    for id in ["public-99", "public-1", "public-21", "PUBLIC-11", "LOAN%23public-11", &"x".repeat(3_000)] {
        let reply = world.get(&format!("{LOANS}/{id}"), "").await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"), "{id}");
    }
    let reply = world.get(&format!("{ACCOUNTS}/public-11"), "").await;
    assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
    assert!(
        world.discovered().is_empty() && world.asked().is_empty(),
        "nobody is asked for what is not there"
    );
    // The second consent of the customer: the same id, and no permission for loans.
    let world = of(&[Permission::AccountsRead, Permission::ResourcesRead], &[Status::Available]);
    for part in ["", "/public-11", "/public-11/payments", "/public-99"] {
        let reply = world.get(&format!("{LOANS}{part}"), "").await;
        assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"), "{part}");
    }
    assert_eq!(world.store.discovered_reads.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test]
async fn z_com_05_a_permission_for_a_part_opens_no_other_part() {
    let permissions = [Permission::LoansRead, Permission::ResourcesRead];
    let world = of(&permissions, &[]);
    world.lists(LOAN, |now| Ok(vec![loan(11, now)]));
    world.answers(&json!({"number": 1}), None);
    assert_eq!(world.get(&format!("{LOANS}/public-11"), "").await.status, 200);
    assert_eq!(world.get(&format!("{LOANS}/public-11/payments"), "").await.status, 403);
}

#[tokio::test]
async fn c52_c57_senseless_parameters_have_nothing_discovered() {
    let world = credit(&[]);
    for (path, query, status) in
        [(LOANS, "page-size=1001", 422), (LOANS, "page=0", 400), (RESOURCES, "page=x", 400)]
    {
        assert_eq!(world.get(path, query).await.status, status);
    }
    assert!(world.discovered().is_empty());
}
