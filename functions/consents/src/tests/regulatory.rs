//! The regulatory API: create, read, revoke (C01 to C10, C24, C25).

use std::collections::BTreeSet;
use std::time::Duration;

use ponte_catalog::consents::{CREATE_FAULTS, REVOKE_FAULTS};
use ponte_data_consent::consent::{Authorisation, ConsentPolicy, Note, RejectedBy};
use ponte_data_consent::groups::Products;
use ponte_ports::audit::Actor;
use ponte_values::{ConsentId, Permission};
use serde_json::{Value, json};

use super::world::{ANA, BAKERY, World, asked};
use ponte_kit::identity;

fn with(place: &str, value: Value) -> Value {
    let mut body = asked();
    body["data"][place] = value;
    body
}

/// The groups of permissions (C21), each without RESOURCES_READ, which all of them need.
const GROUPS: [&str; 13] = [
    "CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ",
    "CUSTOMERS_PERSONAL_ADITTIONALINFO_READ",
    "CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ",
    "CUSTOMERS_BUSINESS_ADITTIONALINFO_READ",
    "ACCOUNTS_READ ACCOUNTS_BALANCES_READ",
    "ACCOUNTS_READ ACCOUNTS_OVERDRAFT_LIMITS_READ",
    "ACCOUNTS_READ ACCOUNTS_TRANSACTIONS_READ",
    "CREDIT_CARDS_ACCOUNTS_READ CREDIT_CARDS_ACCOUNTS_LIMITS_READ",
    "CREDIT_CARDS_ACCOUNTS_READ CREDIT_CARDS_ACCOUNTS_TRANSACTIONS_READ",
    "CREDIT_CARDS_ACCOUNTS_READ CREDIT_CARDS_ACCOUNTS_BILLS_READ CREDIT_CARDS_ACCOUNTS_BILLS_TRANSACTIONS_READ",
    "LOANS_READ LOANS_WARRANTIES_READ LOANS_SCHEDULED_INSTALMENTS_READ LOANS_PAYMENTS_READ \
     FINANCINGS_READ FINANCINGS_WARRANTIES_READ FINANCINGS_SCHEDULED_INSTALMENTS_READ FINANCINGS_PAYMENTS_READ \
     UNARRANGED_ACCOUNTS_OVERDRAFT_READ UNARRANGED_ACCOUNTS_OVERDRAFT_WARRANTIES_READ \
     UNARRANGED_ACCOUNTS_OVERDRAFT_SCHEDULED_INSTALMENTS_READ UNARRANGED_ACCOUNTS_OVERDRAFT_PAYMENTS_READ \
     INVOICE_FINANCINGS_READ INVOICE_FINANCINGS_WARRANTIES_READ \
     INVOICE_FINANCINGS_SCHEDULED_INSTALMENTS_READ INVOICE_FINANCINGS_PAYMENTS_READ",
    "BANK_FIXED_INCOMES_READ CREDIT_FIXED_INCOMES_READ FUNDS_READ VARIABLE_INCOMES_READ TREASURE_TITLES_READ",
    "EXCHANGES_READ",
];

fn company(body: &mut Value) {
    body["data"]["businessEntity"] = json!({"document": {"identification": BAKERY, "rel": "CNPJ"}});
}

#[tokio::test]
async fn c01_c51_a_consent_is_created_with_its_audit_row() {
    let world = World::new();
    let reply = world.client("client-1", "POST", "/consents", Some(asked())).await;
    assert_eq!(reply.status, 201);
    let id = reply.data()["consentId"].as_str().unwrap();
    assert!(id.starts_with("urn:banco:"));
    assert_eq!(
        reply.body,
        json!({
            "data": {
                "consentId": id,
                "creationDateTime": "2026-03-01T12:00:00Z",
                "status": "AWAITING_AUTHORISATION",
                "statusUpdateDateTime": "2026-03-01T12:00:00Z",
                "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
                "expirationDateTime": "2026-09-01T12:00:00Z",
            },
            "links": {"self": "https://mtls.banco.example/open-banking/consents/v3/consents"},
            "meta": {"requestDateTime": "2026-03-01T12:00:00Z"},
        })
    );
    assert_eq!(reply.headers["x-v"], "3.3.1");
    assert_eq!(world.stored(id).logged_user.expose(), ANA);
    let audit = world.store.audit.lock().unwrap();
    assert_eq!(
        (audit.len(), audit[0].action, audit[0].after),
        (1, "consent.created", "AWAITING_AUTHORISATION")
    );
    assert_eq!(audit[0].actor, Actor::Client("client-1".to_owned()));
    assert!(audit[0].interaction.is_some() && !format!("{:?}", audit[0]).contains(ANA));
}

#[tokio::test]
async fn c08_c24_each_combination_has_its_code_and_stores_nothing() {
    let world = World::new();
    let person = "CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ";
    let business = "CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ";
    let mut for_company = with("permissions", json!([person, "RESOURCES_READ"]));
    company(&mut for_company);
    let cases = [
        (with("permissions", json!(["ACCOUNTS_READ", "RESOURCES_READ"])), "COMBINACAO_PERMISSOES_INCORRETA"),
        (with("permissions", json!([person, business, "RESOURCES_READ"])), "PERMISSAO_PF_PJ_EM_CONJUNTO"),
        (with("permissions", json!([business, "RESOURCES_READ"])), "INFORMACOES_PJ_NAO_INFORMADAS"),
        (for_company, "PERMISSOES_PJ_INCORRETAS"),
        (with("expirationDateTime", json!("2026-03-01T11:59:59Z")), "DATA_EXPIRACAO_INVALIDA"),
        (with("expirationDateTime", json!("2027-03-03T12:00:00Z")), "DATA_EXPIRACAO_INVALIDA"),
        (with("isLinked", json!(true)), "ERRO_NAO_MAPEADO"),
    ];
    for (body, code) in cases {
        let reply = world.client("client-1", "POST", "/consents", Some(body)).await;
        assert_eq!((reply.status, reply.code()), (422, code));
    }
    assert_eq!(world.commits(), 0);
}

#[tokio::test]
async fn c24_every_code_of_the_file_is_reached() {
    let world = World::with_policy(ConsentPolicy {
        products: Products::parse("accounts").unwrap(),
        ..ConsentPolicy::default()
    });
    let person = "CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ";
    let business = "CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ";
    let mut for_company = with("permissions", json!([person, "RESOURCES_READ"]));
    company(&mut for_company);
    let bodies = [
        with("permissions", json!([person, "RESOURCES_READ"])),
        with("permissions", json!([business, "RESOURCES_READ"])),
        for_company,
        with("permissions", json!([person, business, "RESOURCES_READ"])),
        with("permissions", json!(["ACCOUNTS_READ", "RESOURCES_READ"])),
        with("expirationDateTime", json!("2026-03-01T12:00:00Z")),
        with("isLinked", json!(true)),
    ];
    let mut codes = Vec::new();
    for body in bodies {
        let reply = world.client("client-1", "POST", "/consents", Some(body)).await;
        assert_eq!((reply.status, &reply.headers["x-v"]), (422, &json!("3.3.1")));
        assert_eq!(reply.body["meta"], json!({"requestDateTime": "2026-03-01T12:00:00Z"}));
        codes.push(reply.code().to_owned());
    }
    assert_eq!(codes, CREATE_FAULTS);
    assert_eq!(world.commits(), 0);
}

#[tokio::test]
async fn c20_c21_each_group_alone_is_granted_as_asked_and_is_whole() {
    let world = World::new();
    let create = async |permissions: &[&str]| {
        let mut body = with("permissions", json!(permissions));
        if permissions.iter().any(|one| one.contains("BUSINESS")) {
            company(&mut body);
        }
        world.client("client-1", "POST", "/consents", Some(body)).await
    };
    let mut known = BTreeSet::new();
    for group in GROUPS {
        let own: Vec<&str> = group.split_whitespace().collect();
        let whole: Vec<&str> = own.iter().copied().chain(["RESOURCES_READ"]).collect();
        let reply = create(&whole).await;
        assert_eq!(reply.status, 201, "{group}: {}", reply.body);
        let granted: BTreeSet<&str> =
            reply.data()["permissions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(granted, whole.iter().copied().collect(), "{group}");
        for left_out in own.iter().filter(|_| own.len() > 1) {
            let rest: Vec<&str> = whole.iter().copied().filter(|one| one != left_out).collect();
            let reply = create(&rest).await;
            let wanted = (422, "COMBINACAO_PERMISSOES_INCORRETA");
            assert_eq!((reply.status, reply.code()), wanted, "{group} without {left_out}");
        }
        known.extend(whole);
    }
    let all: BTreeSet<&str> = Permission::ALL.iter().map(|permission| permission.as_str()).collect();
    assert_eq!(known, all, "every permission of the file is in a group");
}

#[tokio::test]
async fn c23_a_product_that_is_not_offered_is_left_out_of_the_consent() {
    let world = World::with_policy(ConsentPolicy {
        products: Products::parse("accounts").unwrap(),
        ..ConsentPolicy::default()
    });
    let asked = json!([
        "ACCOUNTS_READ",
        "ACCOUNTS_BALANCES_READ",
        "CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ",
        "EXCHANGES_READ",
        "RESOURCES_READ"
    ]);
    let reply = world.client("client-1", "POST", "/consents", Some(with("permissions", asked))).await;
    assert_eq!(reply.status, 201);
    let granted = json!(["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ", "EXCHANGES_READ"]);
    assert_eq!(reply.data()["permissions"], granted);
}

#[tokio::test]
async fn c40_a_linked_consent_says_so_when_it_is_read() {
    let world = World::with_policy(ConsentPolicy { linked: true, ..ConsentPolicy::default() });
    let reply = world.client("client-1", "POST", "/consents", Some(with("isLinked", json!(true)))).await;
    assert_eq!((reply.status, reply.data().get("journey")), (201, None), "the file has it on GET alone");
    let id = reply.data()["consentId"].as_str().unwrap().to_owned();
    let path = format!("/consents/{id}");
    let reply = world.client("client-1", "GET", &path, None).await;
    assert_eq!(reply.data()["journey"], json!({"isLinked": true}));
    let yes = Authorisation { at: world.now(), subject: "s".to_owned(), resources: Vec::new().into() };
    let change = world.stored(&id).authorise(yes, Actor::Ponte).unwrap();
    let change = change.with_link(ConsentId::parse("urn:banco:primary").unwrap());
    world.store.consents.lock().unwrap().insert(id, change.consent);
    let reply = world.client("client-1", "GET", &path, None).await;
    assert_eq!(reply.data()["journey"], json!({"isLinked": true, "linkId": "urn:banco:primary"}));
    let mut statements = with("isLinked", json!(true));
    statements["data"]["permissions"] =
        json!(["ACCOUNTS_READ", "ACCOUNTS_TRANSACTIONS_READ", "RESOURCES_READ"]);
    let reply = world.client("client-1", "POST", "/consents", Some(statements)).await;
    assert_eq!((reply.status, reply.code()), (422, "COMBINACAO_PERMISSOES_INCORRETA"));
}

#[tokio::test]
async fn c50_an_oversized_body_is_400_with_the_error_body() {
    let world = World::new();
    let mut body = asked();
    body["data"]["loggedUser"]["document"]["identification"] = json!("1".repeat(300 * 1024));
    let reply = world.client("client-1", "POST", "/consents", Some(body)).await;
    assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"));
    assert_eq!(reply.headers["x-fapi-interaction-id"], "d78fc4e5-37ca-4da3-adf2-9b082bf92280");
    assert_eq!(reply.body["meta"], json!({"requestDateTime": "2026-03-01T12:00:00Z"}));
    assert_eq!(world.commits(), 0);
}

#[tokio::test]
async fn c24_a_body_of_the_wrong_kind_is_400_wherever_it_is_wrong() {
    let world = World::new();
    // The members in the order of our types, without their names, and with them one level further in.
    let data = asked()["data"].clone();
    let user = &data["loggedUser"];
    let rest = [&data["permissions"], &data["expirationDateTime"]];
    let nameless = json!({"data": [user, null, rest[0], rest[1]]}).to_string();
    let list = json!([data]).to_string();
    let mut document = asked();
    document["data"]["loggedUser"]["document"] = json!([ANA, "CPF"]);
    let document = document.to_string();
    for body in [
        "",
        "null",
        "[]",
        &list,
        &nameless,
        &document,
        "{",
        "{\"data\":{}}",
        "{\"data\":{},\"data\":{}}",
        "\u{0}",
    ] {
        let mut headers = world.customer_headers("client-1", "urn:banco:none");
        headers["authorization"] = json!(format!("Bearer {}", identity::token("client-1", world.now())));
        let path = "/open-banking/consents/v3/consents";
        let reply = world.send("POST", path, headers, Some(body.to_owned())).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"), "{body}");
    }
    assert_eq!(world.commits(), 0);
}

#[tokio::test]
async fn c24_c25_what_the_file_leaves_open_is_taken() {
    let world = World::new();
    let mut body = asked();
    body["another"] = json!({"deep": [null]});
    body["data"]["another"] = json!(null);
    body["data"]["loggedUser"]["document"]["another"] = json!(1);
    // The document of the file's own example, and a permission twice.
    body["data"]["loggedUser"]["document"]["identification"] = json!("11111111111");
    body["data"]["permissions"].as_array_mut().unwrap().push(json!("ACCOUNTS_READ"));
    let reply = world.client("client-1", "POST", "/consents", Some(body)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let permissions = json!(["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"]);
    assert_eq!(reply.data()["permissions"], permissions, "each once");
    assert!(!reply.body.to_string().contains("another"));
}

#[tokio::test]
async fn c25_a_document_of_another_kind_is_no_fault_of_syntax_and_not_served() {
    let world = World::new();
    for (place, document) in [
        ("loggedUser", json!({"identification": ANA, "rel": "RNE"})),
        ("businessEntity", json!({"identification": BAKERY, "rel": "NIRE"})),
    ] {
        let body = with(place, json!({ "document": document }));
        let reply = world.client("client-1", "POST", "/consents", Some(body)).await;
        assert_eq!((reply.status, reply.code()), (422, "ERRO_NAO_MAPEADO"), "{place}");
        assert!(reply.body["errors"][0]["detail"].as_str().unwrap().contains("document.rel"));
    }
    assert_eq!(world.commits(), 0);
}

#[tokio::test]
async fn c24_what_the_file_does_not_know_is_400() {
    let world = World::new();
    let user = |rel: &str| json!({"document": {"identification": "7610927767", "rel": rel}});
    let wrong = [
        (
            with("permissions", json!(["ACCOUNTS_READ", "ACCOUNTS_WRITE"])),
            "data.permissions[1]: valor inválido",
        ),
        (with("permissions", json!([])), "data.permissions: valor inválido"),
        (with("loggedUser", user("CPF")), "data.loggedUser.document.identification: valor inválido"),
        (
            with("loggedUser", json!({"document": {"identification": ANA}})),
            "data.loggedUser.document.rel: campo obrigatório",
        ),
        (with("loggedUser", json!(null)), "data.loggedUser: valor inválido"),
        (with("businessEntity", json!(null)), "data.businessEntity: valor inválido"),
        (with("expirationDateTime", json!(null)), "data.expirationDateTime: valor inválido"),
        (with("expirationDateTime", json!("2026-09-01")), "data.expirationDateTime: valor inválido"),
        (with("isLinked", json!("76109277670")), "data.isLinked: valor inválido"),
        (json!({"data": {"permissions": ["ACCOUNTS_READ"]}}), "data.loggedUser: campo obrigatório"),
    ];
    for (body, member) in wrong {
        let reply = world.client("client-1", "POST", "/consents", Some(body)).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"));
        let detail = reply.body["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.starts_with(member), "{detail}");
        assert!(!reply.body.to_string().contains("7610927767"), "an error repeats nobody's document");
    }
    assert_eq!(world.commits(), 0);
}

#[tokio::test]
async fn c07_no_date_and_the_old_dummy_date_are_an_indefinite_term() {
    let world = World::new();
    let mut without = asked();
    without["data"].as_object_mut().unwrap().remove("expirationDateTime");
    for body in [without, with("expirationDateTime", json!("2300-01-01T00:00:00Z"))] {
        let id = world.consent(&body).await;
        let reply = world.client("client-1", "GET", &format!("/consents/{id}"), None).await;
        assert_eq!((reply.status, reply.data().get("expirationDateTime")), (200, None));
    }
}

#[tokio::test]
async fn c25_a_company_is_kept_with_its_consent() {
    let world = World::new();
    let mut body = asked();
    company(&mut body);
    let id = world.consent(&body).await;
    assert_eq!(world.stored(&id).business.unwrap().expose(), BAKERY);
}

#[tokio::test]
async fn c09_only_the_own_consent_is_read_or_revoked() {
    let world = World::new();
    let path = format!("/consents/{}", world.consent(&asked()).await);
    for method in ["GET", "DELETE"] {
        let reply = world.client("client-2", method, &path, None).await;
        assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"));
        for unknown in ["/consents/urn:banco:unknown", "/consents/1"] {
            let reply = world.client("client-1", method, unknown, None).await;
            assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
        }
    }
}

#[tokio::test]
async fn lb10_an_id_is_decoded_once_and_links_are_made_of_it() {
    let world = World::new();
    let path = format!("/consents/{}", world.consent(&asked()).await);
    for written in [path.clone(), path.replace(':', "%3A"), path.replace('u', "%75")] {
        let reply = world.client("client-1", "GET", &written, None).await;
        assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("AWAITING_AUTHORISATION")));
        let own = format!("https://mtls.banco.example/open-banking/consents/v3{path}");
        assert_eq!(reply.body["links"]["self"], own, "{written}");
    }
    for method in ["GET", "DELETE"] {
        let reply = world.client("client-1", method, &path.replace(':', "%253A"), None).await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
    }
}

#[tokio::test]
async fn c03_c06_an_hour_without_decision_ends_the_consent_by_reading_alone() {
    let world = World::new();
    let path = format!("/consents/{}", world.consent(&asked()).await);
    world.wait(Duration::from_hours(2));
    let reply = world.client("client-1", "GET", &path, None).await;
    assert_eq!(reply.data()["status"], "REJECTED");
    assert_eq!(reply.data()["statusUpdateDateTime"], "2026-03-01T13:00:00Z");
    let rejection = json!({"rejectedBy": "ASPSP", "reason": {"code": "CONSENT_EXPIRED"}});
    assert_eq!(reply.data()["rejection"], rejection);
    assert_eq!(world.commits(), 1);
    let reply = world.client("client-1", "DELETE", &path, None).await;
    assert_eq!((reply.status, reply.code()), (422, "CONSENTIMENTO_EM_STATUS_REJEITADO"));
}

#[tokio::test]
async fn c10_t61_a_consent_is_revoked_once_and_a_second_delete_stays_422() {
    let world = World::new();
    let path = format!("/consents/{}", world.consent(&asked()).await);
    let reply = world.client("client-1", "DELETE", &path, None).await;
    assert_eq!((reply.status, reply.body), (204, Value::Null));
    let reply = world.client("client-1", "GET", &path, None).await;
    let rejection = json!({"rejectedBy": "USER", "reason": {"code": "CUSTOMER_MANUALLY_REJECTED"}});
    assert_eq!(reply.data()["rejection"], rejection);
    let reply = world.client("client-1", "DELETE", &path, None).await;
    assert_eq!((reply.status, [reply.code()].as_slice()), (422, REVOKE_FAULTS), "every code of the file");
    assert_eq!(world.store.audit.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn c54_headers_say_the_version_and_decide_about_types() {
    let world = World::new();
    let path = "/open-banking/consents/v3/consents";
    let headers = || {
        let mut headers = world.customer_headers("client-1", "urn:banco:none");
        headers["authorization"] = json!(format!("Bearer {}", identity::token("client-1", world.now())));
        headers
    };
    for (name, value, status, code) in [
        ("accept", "text/html", 406, "NAO_ACEITAVEL"),
        ("content-type", "text/plain", 415, "TIPO_NAO_SUPORTADO"),
    ] {
        let mut wrong = headers();
        wrong[name] = json!(value);
        let reply = world.send("POST", path, wrong, Some(asked().to_string())).await;
        assert_eq!((reply.status, reply.code(), &reply.headers["x-v"]), (status, code, &json!("3.3.1")));
    }
    assert_eq!(world.commits(), 0);
    let mut known = headers();
    known["accept"] = json!("application/json; charset=utf-8");
    known["x-fapi-auth-date"] = json!("Sun, 01 Mar 2026 11:59:00 GMT");
    let reply = world.send("POST", path, known, Some(asked().to_string())).await;
    assert_eq!((reply.status, &reply.headers["x-v"]), (201, &json!("3.3.1")));
    assert_eq!(reply.headers["x-fapi-interaction-id"], "d78fc4e5-37ca-4da3-adf2-9b082bf92280");
}

#[tokio::test]
async fn t66_a_consent_that_nobody_authorised_may_leave_the_table_and_an_authorised_one_stays() {
    let kept = Duration::from_hours(24 * 30);
    let world =
        World::with_policy(ConsentPolicy { unauthorised_kept: Some(kept), ..ConsentPolicy::default() });
    let id = world.consent(&asked()).await;
    assert_eq!(world.stored(&id).discard_at(), Some(world.now().plus(kept)));
    assert_eq!(world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await.status, 204);
    assert!(world.stored(&id).discard_at().is_some(), "nobody authorised it, whatever became of it");
    let id = world.authorised(&asked(), Vec::new()).await;
    assert_eq!(world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await.status, 204);
    assert_eq!(world.stored(&id).discard_at(), None);
}

#[tokio::test]
async fn c04_t17_a_revocation_that_meets_an_authorisation_is_decided_again() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let authorisation =
        Authorisation { at: world.now(), subject: "subject-0".to_owned(), resources: Vec::new().into() };
    let authorised = world.stored(&id).authorise(authorisation, Actor::Ponte).unwrap().consent;
    world.store.faster.lock().unwrap().push(authorised);
    let path = format!("/consents/{id}");
    assert_eq!(world.client("client-1", "DELETE", &path, None).await.status, 204);
    let reply = world.client("client-1", "GET", &path, None).await;
    assert_eq!(reply.data()["rejection"]["reason"]["code"], "CUSTOMER_MANUALLY_REVOKED");
}

#[tokio::test]
async fn c10_a_revocation_that_meets_another_ending_says_so() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let ended = world.stored(&id).revoke(RejectedBy::Aspsp, Actor::Ponte, world.now()).unwrap().consent;
    world.store.faster.lock().unwrap().push(ended);
    let reply = world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await;
    assert_eq!((reply.status, reply.code()), (422, "CONSENTIMENTO_EM_STATUS_REJEITADO"));
    assert_eq!(world.stored(&id).version, 2);
}

#[tokio::test]
async fn t63_a_store_that_never_agrees_is_overload_not_a_loop() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    for version in (2..20).rev() {
        let mut changed = world.stored(&id);
        changed.version = version;
        world.store.faster.lock().unwrap().push(changed);
    }
    let reply = world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await;
    assert_eq!((reply.status, reply.code()), (529, "SOBRECARGA"), "no file prints 409 for this endpoint");
    assert_eq!(world.store.faster.lock().unwrap().len(), 12, "six tries");
}

#[tokio::test]
async fn c06_the_words_of_whoever_ended_it_are_shown() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let change = world.stored(&id).revoke(RejectedBy::Aspsp, Actor::Ponte, world.now()).unwrap();
    let change = change.with_note(Some(Note::parse("a pedido do cliente na agência").unwrap()));
    world.store.consents.lock().unwrap().insert(id.clone(), change.consent);
    let reply = world.client("client-1", "GET", &format!("/consents/{id}"), None).await;
    let reason = json!({"code": "CUSTOMER_MANUALLY_REJECTED", "additionalInformation": "a pedido do cliente na agência"});
    assert_eq!(reply.data()["rejection"], json!({"rejectedBy": "ASPSP", "reason": reason}));
}

#[tokio::test]
async fn c02_others_hear_of_a_revocation_in_the_same_commit() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    assert!(world.store.notices.lock().unwrap().is_empty(), "whoever creates a consent knows of it");
    world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await;
    let notices = world.store.notices.lock().unwrap();
    assert_eq!((notices.len(), notices[0].kind.as_str()), (1, "consent.status"));
    assert!(notices[0].body.contains(&id) && !notices[0].body.contains(ANA));
}
