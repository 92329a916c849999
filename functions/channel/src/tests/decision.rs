//! Yes and no (C03, C06, M40), each once.

use std::sync::atomic::Ordering;

use ponte_authorization::interaction::{Outcome, Waiting};
use ponte_data_consent::consent::{EffectiveStatus, RejectedBy, RejectionReason};
use ponte_fapi::secret;
use ponte_ports::audit::Actor;
use serde_json::{Value, json};

use super::world::{INTERACTION, STORED, World, asked, device, login};

fn yes(resources: Option<Value>) -> Value {
    let mut body = json!({"partialApproval": false, "device": device()});
    if let Some(resources) = resources {
        body["resources"] = resources;
    }
    body
}

fn no() -> Value {
    json!({"device": device()})
}

async fn logged_in() -> (World, String) {
    let world = World::new();
    let id = world.begin(&asked()).await;
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    (world, id)
}

/// The secret of the ticket in an answer; the store must know its hash and not itself.
fn ticket(world: &World, data: &Value) -> Outcome {
    let redirect = data["redirectUri"].as_str().unwrap();
    let text =
        redirect.strip_prefix("https://banco.example/auth/resume?ticket=AvoOgpBuPOXCCcYyXRCt.").unwrap();
    let interaction = world.interaction();
    assert!(!format!("{interaction:?}").contains(text));
    let Waiting::Browser(decision) = interaction.at(world.now()) else { panic!("not decided") };
    assert_eq!(decision.ticket_hash, secret::hash(text));
    decision.outcome.clone()
}

#[tokio::test]
async fn c03_yes_authorises_the_chosen_products_in_one_commit() {
    let (world, id) = logged_in().await;
    let reply = world.channel("/consent", yes(Some(json!(["public-2"])))).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(
        (&reply.data()["interactionId"], &reply.data()["status"]),
        (&json!(INTERACTION), &json!("AUTHORISED"))
    );
    assert_eq!(reply.data().as_object().unwrap().len(), 3);
    assert!(
        matches!(ticket(&world, reply.data()), Outcome::Granted { subject, .. } if subject == "subject-0")
    );
    let consent = world.stored(&id);
    let EffectiveStatus::Authorised(authorisation) = consent.at(world.now()) else {
        panic!("not authorised")
    };
    let shared: Vec<(&str, &str)> =
        authorisation.resources.iter().map(|r| (r.id.as_str(), r.legacy_id.as_str())).collect();
    let key = r#"[{"key":"account","value":"2"},{"key":"branch","value":"0001"}]"#;
    assert_eq!(shared, [("public-2", key)]);
    assert_eq!(world.commits(), 3);
    let (name, step) = world.funnel().pop().unwrap();
    assert_eq!((name.as_str(), &step["type"]), ("redirect-to-client", &json!("AUTHORISED")));
    assert_eq!(step["uri_callback"], "https://receptora.example/cb");
    let audit = world.store.audit.lock().unwrap();
    assert_eq!(
        (audit[2].action, &audit[2].actor),
        ("consent.authorised", &Actor::Channel(STORED.to_owned()))
    );
}

#[tokio::test]
async fn a_choice_left_open_is_everything_and_an_empty_one_is_nothing() {
    for (choice, shared) in [(None, 2), (Some(json!([])), 0), (Some(json!(["public-1", "public-1"])), 1)] {
        let (world, id) = logged_in().await;
        assert_eq!(world.channel("/consent", yes(choice)).await.status, 200);
        let consent = world.stored(&id);
        let EffectiveStatus::Authorised(authorisation) = consent.at(world.now()) else {
            panic!("not authorised")
        };
        assert_eq!(authorisation.resources.len(), shared);
    }
}

#[tokio::test]
async fn a_decision_is_taken_once() {
    let (world, _) = logged_in().await;
    assert_eq!(world.channel("/consent", yes(None)).await.status, 200);
    let another = yes(Some(json!(["public-1"])));
    for (step, body) in [("/consent", another), ("/cancel", no()), ("/login", login("ana"))] {
        let reply = world.channel(step, body).await;
        assert_eq!((reply.status, reply.code()), (409, "INVALID_STATUS_CONFIRMATION"), "{step}");
    }
    assert_eq!((world.commits(), world.funnel().len()), (3, 3));
    assert_eq!(world.show().await.data()["stage"], "DECIDED");
}

#[tokio::test]
async fn yes_needs_a_login() {
    let world = World::new();
    world.begin(&asked()).await;
    let reply = world.channel("/consent", yes(None)).await;
    assert_eq!((reply.status, reply.code()), (409, "INVALID_STATUS_CONFIRMATION"));
    assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn what_cannot_be_decided_stores_nothing() {
    let (world, _) = logged_in().await;
    let several = json!({"partialApproval": "yes", "device": device()});
    let account =
        |account: Value| json!({"partialApproval": false, "debtorAccount": account, "device": device()});
    let cases = [
        (yes(Some(json!(["public-9"]))), 422, "PARAMETRO_INVALIDO"),
        (yes(Some(json!("public-1"))), 400, "PARAMETRO_INVALIDO"),
        (several, 400, "PARAMETRO_INVALIDO"),
        (account(json!({"ispb": "12345678"})), 400, "PARAMETRO_INVALIDO"),
        (
            account(json!({"ispb": "12345678", "number": "1", "accountType": "GOLD"})),
            400,
            "PARAMETRO_INVALIDO",
        ),
    ];
    for (body, status, code) in cases {
        let reply = world.channel("/consent", body).await;
        assert_eq!((reply.status, reply.code()), (status, code));
    }
    let whole = json!({"ispb": "12345678", "issuer": "0001", "number": "1", "accountType": "CACC"});
    let reply = world.channel("/consent", account(whole)).await;
    assert_eq!((reply.status, reply.code()), (422, "PARAMETRO_INVALIDO"), "a data consent debits nothing");
    assert!(reply.body.to_string().contains("debtorAccount"), "{}", reply.body);
    assert_eq!((world.commits(), world.funnel().len()), (2, 2));
    assert_eq!(world.channel("/consent", account(Value::Null)).await.status, 200);
}

#[tokio::test]
async fn c22_without_the_permission_no_product_is_looked_for() {
    let mut body = asked();
    body["data"]["permissions"] = json!(["CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ", "RESOURCES_READ"]);
    let world = World::new();
    world.begin(&body).await;
    assert_eq!(world.channel("/login", login("ana")).await.data()["resources"], json!([]));
    assert_eq!(world.channel("/consent", yes(None)).await.status, 200);
    assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), 0);
}

/// The groups of credit operations and of exchange, whose products nobody chooses.
const CREDIT_AND_EXCHANGE: [&str; 17] = [
    "LOANS_READ",
    "LOANS_WARRANTIES_READ",
    "LOANS_SCHEDULED_INSTALMENTS_READ",
    "LOANS_PAYMENTS_READ",
    "FINANCINGS_READ",
    "FINANCINGS_WARRANTIES_READ",
    "FINANCINGS_SCHEDULED_INSTALMENTS_READ",
    "FINANCINGS_PAYMENTS_READ",
    "UNARRANGED_ACCOUNTS_OVERDRAFT_READ",
    "UNARRANGED_ACCOUNTS_OVERDRAFT_WARRANTIES_READ",
    "UNARRANGED_ACCOUNTS_OVERDRAFT_SCHEDULED_INSTALMENTS_READ",
    "UNARRANGED_ACCOUNTS_OVERDRAFT_PAYMENTS_READ",
    "INVOICE_FINANCINGS_READ",
    "INVOICE_FINANCINGS_WARRANTIES_READ",
    "INVOICE_FINANCINGS_SCHEDULED_INSTALMENTS_READ",
    "INVOICE_FINANCINGS_PAYMENTS_READ",
    "EXCHANGES_READ",
];

#[tokio::test]
async fn c23_products_that_nobody_chooses_are_shared_by_their_permissions_alone() {
    for (others, discoveries) in
        [(&["RESOURCES_READ"][..], 0), (&["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"], 2)]
    {
        let mut body = asked();
        body["data"]["permissions"] = json!([&CREDIT_AND_EXCHANGE[..], others].concat());
        let world = World::new();
        let id = world.begin(&body).await;
        assert_eq!(world.channel("/login", login("ana")).await.status, 200);
        // Of accounts none is chosen; the credit operations are a yes of their own.
        assert_eq!(world.channel("/consent", yes(Some(json!([])))).await.status, 200, "{others:?}");
        let consent = world.stored(&id);
        assert!(matches!(consent.at(world.now()), EffectiveStatus::Authorised(_)), "{others:?}");
        assert!(consent.resources().is_empty());
        assert_eq!(world.bank.discoveries.load(Ordering::Relaxed), discoveries);
    }
}

#[tokio::test]
async fn c06_no_rejects_the_consent_with_or_without_a_login() {
    let before = World::new();
    let id = before.begin(&asked()).await;
    let (after, other) = logged_in().await;
    for (world, id, steps) in [(before, id, 2), (after, other, 3)] {
        let reply = world.channel("/cancel", no()).await;
        assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("REJECTED")));
        assert_eq!(ticket(&world, reply.data()), Outcome::Denied);
        let consent = world.stored(&id);
        let EffectiveStatus::Rejected(rejection) = consent.at(world.now()) else { panic!("still open") };
        assert_eq!(
            (rejection.by, rejection.reason),
            (RejectedBy::User, RejectionReason::CustomerManuallyRejected)
        );
        assert_eq!(world.funnel().len(), steps);
        let reply = world.channel("/consent", yes(None)).await;
        assert_eq!((reply.status, reply.code()), (409, "INVALID_STATUS_CONFIRMATION"));
        assert_eq!(world.funnel().len(), steps);
    }
}

#[tokio::test]
async fn a_customer_gets_back_even_if_the_consent_ended_meanwhile() {
    let (world, id) = logged_in().await;
    world.revoked_by_client(&id).await;
    let reply = world.channel("/consent", yes(None)).await;
    assert_eq!((reply.status, reply.code()), (422, "ESTADO_CONSENTIMENTO_INVALIDO"));
    let reply = world.channel("/cancel", no()).await;
    assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("REJECTED")));
    assert_eq!(ticket(&world, reply.data()), Outcome::Denied);
    assert_eq!(world.stored(&id).version, 2);
}

#[tokio::test]
async fn c04_a_yes_that_meets_a_revocation_loses() {
    let (world, id) = logged_in().await;
    let ended = world.stored(&id).revoke(RejectedBy::User, Actor::Ponte, world.now()).unwrap().consent;
    world.store.faster.lock().unwrap().push(ended);
    let reply = world.channel("/consent", yes(None)).await;
    assert_eq!((reply.status, reply.code()), (409, "CONFLITO"));
    assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Rejected(_)));
    assert_eq!(world.funnel().len(), 2);
}
