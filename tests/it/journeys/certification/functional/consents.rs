//! Sections 1 and 2: what all plans ask first, and consents v3.3.1.

use http::Method;
use ponte_bank::customers::CUSTOMERS;
use ponte_catalog::ALL;
use ponte_directory::StatementRequest;
use ponte_web::caller::Call;
use serde_json::{Value, json};

use super::endpoints::OF_CREDIT;
use super::*;

/// The sixteen permissions of credit, which go together (C21).
const CREDIT: &[&str] = OF_CREDIT.split_at(16).0;
/// The other groups (C21), each without RESOURCES_READ.
const GROUPS: [&[&str]; 12] = [
    &["CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ"],
    &["CUSTOMERS_PERSONAL_ADITTIONALINFO_READ"],
    &["CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ"],
    &["CUSTOMERS_BUSINESS_ADITTIONALINFO_READ"],
    &["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ"],
    &["ACCOUNTS_READ", "ACCOUNTS_OVERDRAFT_LIMITS_READ"],
    &["ACCOUNTS_READ", "ACCOUNTS_TRANSACTIONS_READ"],
    &["CREDIT_CARDS_ACCOUNTS_READ", "CREDIT_CARDS_ACCOUNTS_LIMITS_READ"],
    &["CREDIT_CARDS_ACCOUNTS_READ", "CREDIT_CARDS_ACCOUNTS_TRANSACTIONS_READ"],
    &[
        "CREDIT_CARDS_ACCOUNTS_READ",
        "CREDIT_CARDS_ACCOUNTS_BILLS_READ",
        "CREDIT_CARDS_ACCOUNTS_BILLS_TRANSACTIONS_READ",
    ],
    &[
        "BANK_FIXED_INCOMES_READ",
        "CREDIT_FIXED_INCOMES_READ",
        "FUNDS_READ",
        "VARIABLE_INCOMES_READ",
        "TREASURE_TITLES_READ",
    ],
    &["EXCHANGES_READ"],
];

/// Every permission of a person.
pub(super) fn every_permission() -> Vec<&'static str> {
    let others = GROUPS.iter().flat_map(|group| group.iter()).filter(|one| !one.contains("BUSINESS"));
    let mut all: Vec<&str> = others.chain(&OF_CREDIT).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What the first customer is asked for.
fn asked(permissions: &[&str]) -> Value {
    json!({ "loggedUser": document(CUSTOMERS[0].cpf, "CPF"), "permissions": permissions })
}

fn changed(mut data: Value, name: &str, value: Value) -> Value {
    data[name] = value;
    data
}

/// What a plan looks for in the list of participants: family and version (C59). Registration data are two families there.
fn published() -> impl Iterator<Item = (&'static str, &'static str)> {
    // Those of payments are published where payments are served.
    let apis = ALL.iter().filter_map(|rows| rows.first()).map(|row| row.api).filter(|api| !api.signed);
    apis.flat_map(|api| match api.name {
        "customers" => vec![("customers-personal", api.version), ("customers-business", api.version)],
        name => vec![(name, api.version)],
    })
}

#[tokio::test]
async fn z_com_01_z_con_01_z_res_01_z_acc_01_z_cus_01_z_cus_02_z_crd_01_z_cre_01_z_inv_01_z_exc_01_start_checks()
 {
    let scene = Scene::begin().await;
    let receiver = &scene.world.receiver;
    assert!(
        !receiver.statement(&StatementRequest::default()).await.expect("the directory answers").is_empty()
    );
    let list = format!("{}/participants", scene.shared.stack.text("/directory"));
    let list = scene.world.plain.send(Call::get(list)).await.expect("the directory answers").json();
    let servers = list[0]["AuthorisationServers"][0]["ApiResources"].clone();
    for (family, version) in published() {
        let published = servers.as_array().into_iter().flatten();
        let found = published.filter(|one| one["ApiFamilyType"] == family && one["ApiVersion"] == version);
        assert_eq!(found.count(), 1, "{family}: {servers}");
    }
}

#[tokio::test]
async fn z_con_02_every_permission_is_granted_and_authorised() {
    let scene = Scene::begin().await;
    let all = every_permission();
    let reply = want(201, "create", scene.create(&asked(&all)).await).json();
    assert_eq!(reply["data"]["status"], "AWAITING_AUTHORISATION");
    let consent = reply["data"]["consentId"].as_str().expect("an id").to_owned();
    let granted = scene.grant(consent).await;
    assert_eq!(scene.consent(&granted.consent).await["status"], "AUTHORISED");
}

#[tokio::test]
async fn z_con_03_a_consent_is_its_own_client_s_alone() {
    let scene = Scene::begin().await;
    let other = Scene::begin_as(1).await;
    let consent = scene.created(&OF_ACCOUNTS).await;
    let path = format!("{CONSENTS}/{consent}");
    for method in [Method::GET, Method::DELETE] {
        let reply = other.ask(method.clone(), &path, &other.own, None).await;
        assert_eq!(reply.status, 403, "{method}: {}", reply.excerpt());
    }
    want(204, "delete", scene.ask(Method::DELETE, &path, &scene.own, None).await);
    assert_eq!(scene.consent(&consent).await["status"], "REJECTED");
}

#[tokio::test]
async fn z_com_03_z_con_04_tokens_are_refreshed_while_the_consent_lasts_and_end_with_it() {
    let scene = Scene::begin().await;
    let Granted { consent, tokens } = scene.granted(&OF_ACCOUNTS).await;
    let refresh = tokens.refresh.as_deref().expect("a customer's grant has a refresh token");
    let mut access = tokens.access.clone();
    for _ in 0..3 {
        want(200, "accounts", scene.get(ACCOUNTS, &access).await);
        let reply =
            scene.world.receiver.refresh(refresh, &consent).await.expect("the token endpoint answers");
        access = Tokens::of(&want(200, "refresh", reply)).expect("tokens").access;
    }
    let path = format!("{CONSENTS}/{consent}");
    want(204, "delete", scene.ask(Method::DELETE, &path, &scene.own, None).await);
    let read = scene.consent(&consent).await;
    assert_eq!(read["status"], "REJECTED");
    let (by, why) = (&read["rejection"]["rejectedBy"], &read["rejection"]["reason"]["code"]);
    assert_eq!((by, why), (&json!("USER"), &json!("CUSTOMER_MANUALLY_REVOKED")));
    for token in [&tokens.access, &access] {
        assert_eq!(scene.get(ACCOUNTS, token).await.status, 401);
    }
    let reply = scene.world.receiver.refresh(refresh, &consent).await.expect("the token endpoint answers");
    assert_eq!((reply.status, &reply.json()["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn z_con_05_a_consent_that_its_customer_revoked_at_the_institution() {
    let scene = Scene::begin().await;
    let Granted { consent, .. } = scene.granted(&OF_ACCOUNTS).await;
    want(204, "revoke", scene.office.revoke(&consent, &[], &json!({ "revokedBy": "USER" })).await);
    let read = scene.consent(&consent).await;
    let (by, why) = (&read["rejection"]["rejectedBy"], &read["rejection"]["reason"]["code"]);
    assert_eq!(read["status"], "REJECTED");
    assert_eq!((by, why), (&json!("USER"), &json!("CUSTOMER_MANUALLY_REVOKED")));
}

#[tokio::test]
async fn z_con_06_z_con_08_only_an_authorised_consent_is_extended() {
    let scene = Scene::begin().await;
    let Granted { consent, tokens } = scene.granted(&OF_ACCOUNTS).await;
    let path = format!("{CONSENTS}/{consent}");
    want(204, "delete", scene.ask(Method::DELETE, &path, &scene.own, None).await);
    let reply = scene.extend(&consent, &tokens.access, Some(&in_days(300))).await;
    assert!(matches!(reply.status, 401 | 403), "rejected: {} {}", reply.status, reply.excerpt());
    // Nobody has a token of the customer for one that waits: its own client's, and that of another consent.
    let waiting = scene.created(&OF_ACCOUNTS).await;
    let other = scene.granted(&OF_ACCOUNTS).await;
    for token in [&scene.own, &other.tokens.access] {
        let reply = scene.extend(&waiting, token, Some(&in_days(300))).await;
        assert!(matches!(reply.status, 401 | 403), "waiting: {} {}", reply.status, reply.excerpt());
    }
}

#[tokio::test]
async fn z_con_07_nobody_else_extends() {
    let scene = Scene::begin().await;
    let Granted { consent, tokens } = scene.granted(&OF_ACCOUNTS).await;
    let end = in_days(300);
    let stranger = json!({ "loggedUser": document("52998224725", "CPF"), "expirationDateTime": end });
    let own = document(CUSTOMERS[0].cpf, "CPF");
    let company = json!({
        "loggedUser": own, "businessEntity": document("11444777000161", "CNPJ"), "expirationDateTime": end,
    });
    for data in [stranger, company] {
        let reply = scene.extend_with(&consent, &tokens.access, &data).await;
        assert_eq!(reply.status, 403, "{}", reply.excerpt());
    }
}

#[tokio::test]
async fn z_con_09_a_consent_that_several_people_authorised_is_not_extended() {
    let scene = Scene::begin().await;
    let bruno = &CUSTOMERS[BRUNO];
    let Granted { consent, tokens } = scene.granted_by(BRUNO, &OF_ACCOUNTS).await;
    want(204, "completed", scene.office.settle(&consent, &json!({ "authorised": true })).await);
    let data = json!({ "loggedUser": document(bruno.cpf, "CPF"), "expirationDateTime": in_days(300) });
    let reply = scene.extend_with(&consent, &tokens.access, &data).await;
    assert_eq!((reply.status, code(&reply).as_str()), (422, "DEPENDE_MULTIPLA_ALCADA"));
}

#[tokio::test]
async fn z_con_10_an_extension_says_where_the_customer_sits_and_needs_her_token() {
    let scene = Scene::begin().await;
    let Granted { consent, tokens } = scene.granted(&OF_ACCOUNTS).await;
    let url = format!("{}{CONSENTS}/{consent}/extends", scene.world.receiver.mtls_host());
    let body = json!({ "data": { "loggedUser": document(CUSTOMERS[0].cpf, "CPF") } });
    let call = Call::post_json(url, &body).bearer(&tokens.access);
    let call = call.header("x-fapi-interaction-id", clock::new_id());
    let call = call.header("x-customer-user-agent", "certification");
    want(400, "no address", scene.world.receiver.send(call).await.expect("an answer"));
    let reply = scene.extend(&consent, &scene.own, Some(&in_days(300))).await;
    assert!(matches!(reply.status, 401 | 403), "{}", reply.excerpt());
}

#[tokio::test]
async fn z_con_11_z_con_12_z_con_13_z_con_14_a_consent_is_extended_three_times() {
    let scene = Scene::begin().await;
    let first = Moment::from_seconds(clock::now().seconds()).plus(DAY * 30);
    let consent = scene.created_of(&CUSTOMERS[0], &OF_ACCOUNTS, Some(first)).await;
    let Granted { consent, tokens } = scene.grant(consent).await;
    let past = Moment::from_seconds(clock::now().seconds() - 7_200).to_string();
    let refused = async |end: &str| {
        let reply = scene.extend(&consent, &tokens.access, Some(end)).await;
        assert_eq!((reply.status, code(&reply).as_str()), (422, "DATA_EXPIRACAO_INVALIDA"), "{end}");
    };
    refused(&past).await;
    let ends = [in_days(60), in_days(90), in_days(120)];
    for end in &ends {
        let reply = scene.extend(&consent, &tokens.access, Some(end)).await;
        assert_eq!(want(201, "extends", reply).json()["data"]["expirationDateTime"], end.as_str());
        assert_eq!(scene.consent(&consent).await["expirationDateTime"], end.as_str());
        // A moment apart, so that the order is that of their times.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    refused(&in_days(119)).await;
    let list = scene.get(&format!("{CONSENTS}/{consent}/extensions"), &scene.own).await;
    let list = want(200, "extensions", list).json();
    let shown = list["data"].as_array().expect("a list");
    let of = |name: &str| -> Vec<&str> { shown.iter().filter_map(|one| one[name].as_str()).collect() };
    assert_eq!(of("expirationDateTime"), [&ends[2], &ends[1], &ends[0]]);
    let times = of("requestDateTime");
    assert!(times.len() == 3 && times.is_sorted_by(|one, next| one >= next), "{times:?}");
    assert_eq!(list["meta"]["totalRecords"], 3);
}

#[tokio::test]
async fn z_con_15_z_con_18_bad_consents_are_refused() {
    let scene = Scene::begin().await;
    let without_loans: Vec<&str> = CREDIT.iter().copied().skip(1).chain(["RESOURCES_READ"]).collect();
    let mixed: Vec<&str> =
        CREDIT.iter().copied().chain(["ACCOUNTS_OVERDRAFT_LIMITS_READ", "RESOURCES_READ"]).collect();
    let both = [OF_CUSTOMER[0], "CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ", "RESOURCES_READ"];
    let two_hours_ago = Moment::from_seconds(clock::now().seconds() - 7_200).to_string();
    let ending = |end: &str| changed(asked(&OF_ACCOUNTS), "expirationDateTime", json!(end));
    for (data, statuses, wanted) in [
        (asked(&without_loans), [422, 422], "COMBINACAO_PERMISSOES_INCORRETA"),
        (asked(&mixed), [422, 422], "COMBINACAO_PERMISSOES_INCORRETA"),
        (ending("2021-13-32T10:00:00-05:00"), [400, 422], ""),
        (ending(&two_hours_ago), [422, 422], "DATA_EXPIRACAO_INVALIDA"),
        (asked(&["BAD_PERMISSION", "RESOURCES_READ"]), [400, 422], ""),
        (asked(&both), [422, 422], "PERMISSAO_PF_PJ_EM_CONJUNTO"),
    ] {
        let reply = scene.create(&data).await;
        let said = format!("{data}: {} {}", reply.status, reply.excerpt());
        assert!(statuses.contains(&reply.status), "{said}");
        assert!(wanted.is_empty() || code(&reply) == wanted, "{said}");
    }
    // The interaction id: missing, and none at all; the answer has one that the server made (S31).
    for given in [None, Some("not-a-uuid")] {
        let url = format!("{}{CONSENTS}", scene.world.receiver.mtls_host());
        let call = Call::post_json(url, &json!({ "data": asked(&OF_ACCOUNTS) })).bearer(&scene.own);
        let call = given.into_iter().fold(call, |call, id| call.header("x-fapi-interaction-id", id));
        let reply = want(400, "interaction id", scene.world.receiver.send(call).await.expect("an answer"));
        let made = reply.header("x-fapi-interaction-id").unwrap_or_default();
        assert!(made.len() == 36 && given != Some(made), "{made}");
    }
}

#[tokio::test]
async fn z_con_16_each_group_alone_is_granted_as_asked_or_not_offered() {
    let scene = Scene::begin().await;
    let company = &CUSTOMERS[2];
    for group in GROUPS.iter().copied().chain([CREDIT]) {
        let mut permissions: Vec<&str> = group.iter().copied().chain(["RESOURCES_READ"]).collect();
        let mut data = asked(&permissions);
        if group[0].contains("BUSINESS") {
            data["loggedUser"] = document(company.cpf, "CPF");
            data["businessEntity"] = document(company.cnpj.expect("a company"), "CNPJ");
        }
        let reply = scene.create(&data).await;
        // Products that customers select one by one may not be offered, others are always granted (C23).
        let may_be_dropped =
            ["CUSTOMERS", "CREDIT_CARDS"].iter().any(|product| group[0].starts_with(product));
        if may_be_dropped && reply.status == 422 {
            assert_eq!(code(&reply), "SEM_PERMISSOES_FUNCIONAIS_RESTANTES", "{group:?}");
            continue;
        }
        let body = want(201, group[0], reply).json();
        let mut granted: Vec<&str> =
            body["data"]["permissions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        granted.sort_unstable();
        permissions.sort_unstable();
        assert_eq!(granted, permissions);
    }
}

#[tokio::test]
async fn z_con_17_a_consent_ends_with_its_date_whoever_looks() {
    let scene = Scene::begin().await;
    let end = Moment::from_seconds(clock::now().seconds()).plus(Duration::from_secs(45));
    let consent = scene.created_of(&CUSTOMERS[0], &OF_ACCOUNTS, Some(end)).await;
    let Granted { consent, tokens } = scene.grant(consent).await;
    // No call in between.
    while clock::now() <= end {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let read = scene.consent(&consent).await;
    let (by, why) = (&read["rejection"]["rejectedBy"], &read["rejection"]["reason"]["code"]);
    assert_eq!(read["status"], "REJECTED");
    assert_eq!((by, why), (&json!("ASPSP"), &json!("CONSENT_MAX_DATE_REACHED")));
    assert_eq!(scene.get(ACCOUNTS, &tokens.access).await.status, 401);
    let path = format!("{CONSENTS}/{consent}");
    let reply = scene.ask(Method::DELETE, &path, &scene.own, None).await;
    assert_eq!((reply.status, code(&reply).as_str()), (422, "CONSENTIMENTO_EM_STATUS_REJEITADO"));
}
