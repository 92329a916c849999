//! Renewal and its history (C30 to C34).

use std::time::Duration;

use ponte_authorization::approval::{Approvals, Approver};
use ponte_catalog::consents::EXTEND_FAULTS;
use ponte_data_consent::consent::{ConsentPolicy, EffectiveStatus, RejectedBy, Resource};
use ponte_ports::audit::Actor;
use ponte_values::{Cpf, ResourceKind};
use serde_json::{Value, json};

use super::world::{ANA, BAKERY, BRUNO, World, asked};

const LATER: &str = "2026-12-01T12:00:00Z";
const OTHER_COMPANY: &str = "11444777000161";

fn person(cpf: &str) -> Value {
    json!({"document": {"identification": cpf, "rel": "CPF"}})
}

fn company(cnpj: &str) -> Value {
    json!({"document": {"identification": cnpj, "rel": "CNPJ"}})
}

fn renewal(end: &str) -> Value {
    json!({"data": {"loggedUser": person(ANA), "expirationDateTime": end}})
}

fn extends(id: &str) -> String {
    format!("/consents/{id}/extends")
}

fn of_the_bakery() -> Value {
    let mut body = asked();
    body["data"]["businessEntity"] = company(BAKERY);
    body
}

fn shared_with_bruno(world: &World) -> Resource {
    let deadline = world.now().plus(Duration::from_hours(24));
    let people = vec![Approver::new(Cpf::parse(BRUNO).unwrap(), None)];
    let approvals = Approvals::besides(&Cpf::parse(ANA).unwrap(), people, deadline);
    let legacy_id = serde_json::from_str("[]").unwrap();
    Resource::awaiting("r-1".to_owned(), ResourceKind::Account, legacy_id, approvals)
}

#[tokio::test]
async fn c30_a_renewal_moves_the_end_and_is_seen_by_the_next_reader() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let reply = world.for_customer("client-1", &id, &extends(&id), &renewal(LATER)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(
        reply.body,
        json!({
            "data": {
                "consentId": id,
                "creationDateTime": "2026-03-01T12:00:00Z",
                "status": "AUTHORISED",
                "statusUpdateDateTime": "2026-03-01T12:00:00Z",
                "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
                "expirationDateTime": LATER,
            },
            "links": {"self": format!("https://mtls.banco.example/open-banking/consents/v3/consents/{id}/extends")},
            "meta": {"requestDateTime": "2026-03-01T12:00:00Z"},
        })
    );
    assert_eq!(reply.headers["x-v"], "3.3.1");
    let reply = world.client("client-1", "GET", &format!("/consents/{id}"), None).await;
    assert_eq!(reply.data()["expirationDateTime"], LATER);
    let audit = world.store.audit.lock().unwrap();
    let last = audit.last().unwrap();
    assert_eq!(
        (last.action, last.before, last.after),
        ("consent.extended", Some("AUTHORISED"), "AUTHORISED")
    );
    assert!(last.interaction.is_some());
}

#[tokio::test]
async fn c07_c30_a_renewal_without_a_date_or_with_the_old_dummy_is_indefinite() {
    let world = World::new();
    let without = json!({"data": {"loggedUser": person(ANA)}});
    for body in [without, renewal("2300-01-01T00:00:00Z")] {
        let id = world.authorised(&asked(), Vec::new()).await;
        let reply = world.for_customer("client-1", &id, &extends(&id), &body).await;
        assert_eq!((reply.status, reply.data().get("expirationDateTime")), (201, None));
    }
}

#[tokio::test]
async fn c30_a_renewal_is_taken_as_the_file_has_it_and_a_refusal_names_the_member() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    for (place, value, member) in [
        ("expirationDateTime", json!(null), "data.expirationDateTime: valor inválido"),
        ("businessEntity", json!(null), "data.businessEntity: valor inválido"),
        ("loggedUser", json!({}), "data.loggedUser.document: campo obrigatório"),
    ] {
        let mut body = renewal(LATER);
        body["data"][place] = value;
        let reply = world.for_customer("client-1", &id, &extends(&id), &body).await;
        let detail = reply.body["errors"][0]["detail"].as_str().unwrap();
        assert!(reply.status == 400 && detail.starts_with(member), "{detail}");
    }
    let mut body = renewal(LATER);
    body["data"]["permissions"] = json!(["ACCOUNTS_READ"]);
    let reply = world.for_customer("client-1", &id, &extends(&id), &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
}

#[tokio::test]
async fn c32_where_the_customer_sits_must_be_said() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let path = format!("/open-banking/consents/v3{}", extends(&id));
    let body = Some(renewal(LATER).to_string());
    for (name, value) in [
        ("x-fapi-customer-ip-address", None),
        ("x-customer-user-agent", None),
        ("x-fapi-customer-ip-address", Some("1".repeat(101))),
        ("x-customer-user-agent", Some("a".repeat(256))),
        ("x-customer-user-agent", Some(String::new())),
    ] {
        let mut headers = world.customer_headers("client-1", &id);
        match value {
            Some(value) => headers[name] = json!(value),
            None => drop(headers.as_object_mut().unwrap().remove(name)),
        }
        let reply = world.send("POST", &path, headers, body.clone()).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"), "{name}");
    }
    assert_eq!(world.stored(&id).renewals, 0);
    let reply = world.send("POST", &path, world.customer_headers("client-1", &id), body).await;
    assert_eq!(reply.status, 201);
}

#[tokio::test]
async fn c31_only_the_person_who_created_it_renews_a_person_s_consent() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let mut body = renewal(LATER);
    body["data"]["loggedUser"] = person(BRUNO);
    let reply = world.for_customer("client-1", &id, &extends(&id), &body).await;
    assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"));
    assert!(!reply.body.to_string().contains(BRUNO), "an error repeats nobody's document");
}

#[tokio::test]
async fn c31_z_con_07_a_company_that_the_consent_does_not_have_is_refused_as_another_person_is() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let mut body = renewal(LATER);
    body["data"]["businessEntity"] = company(BAKERY);
    // The right person with a wrong company, and a date that would be refused too: who asks is looked at first (C33).
    for end in [LATER, "2026-03-02T12:00:00Z"] {
        body["data"]["expirationDateTime"] = json!(end);
        let reply = world.for_customer("client-1", &id, &extends(&id), &body).await;
        assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"), "{end}");
        assert!(!reply.body.to_string().contains(BAKERY), "an error repeats nobody's document");
    }
    assert_eq!(world.stored(&id).renewals, 0);
}

#[tokio::test]
async fn c31_anyone_of_the_company_renews_a_company_s_consent() {
    let world = World::new();
    let id = world.authorised(&of_the_bakery(), Vec::new()).await;
    let mut body = renewal(LATER);
    body["data"]["loggedUser"] = person(BRUNO);
    body["data"]["businessEntity"] = company(OTHER_COMPANY);
    let reply = world.for_customer("client-1", &id, &extends(&id), &body).await;
    assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"));
    body["data"]["businessEntity"] = company(BAKERY);
    let reply = world.for_customer("client-1", &id, &extends(&id), &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let path = format!("/consents/{id}/extensions");
    let reply = world.client("client-1", "GET", &path, None).await;
    assert_eq!(reply.data()[0]["loggedUser"], person(BRUNO));
    assert_eq!(world.stored(&id).logged_user.expose(), ANA);
}

#[tokio::test]
async fn c33_every_code_of_the_file_is_reached_and_changes_nothing() {
    let world = World::new();
    let mut codes = Vec::new();
    let shared = world.authorised(&asked(), vec![shared_with_bruno(&world)]).await;
    let reply = world.for_customer("client-1", &shared, &extends(&shared), &renewal(LATER)).await;
    codes.push((reply.status, reply.code().to_owned()));
    // Revoked between the guard's look and the commit: the token was still good.
    let raced = world.authorised(&asked(), Vec::new()).await;
    let over = world.stored(&raced).revoke(RejectedBy::User, Actor::Ponte, world.now()).unwrap();
    world.store.faster.lock().unwrap().push(over.consent);
    let reply = world.for_customer("client-1", &raced, &extends(&raced), &renewal(LATER)).await;
    codes.push((reply.status, reply.code().to_owned()));
    let id = world.authorised(&asked(), Vec::new()).await;
    let reply = world.for_customer("client-1", &id, &extends(&id), &renewal("2026-09-01T12:00:00Z")).await;
    codes.push((reply.status, reply.code().to_owned()));
    let of_company = world.authorised(&of_the_bakery(), Vec::new()).await;
    let reply = world.for_customer("client-1", &of_company, &extends(&of_company), &renewal(LATER)).await;
    codes.push((reply.status, reply.code().to_owned()));
    let expected: Vec<(i64, String)> = EXTEND_FAULTS.iter().map(|code| (422, (*code).to_owned())).collect();
    assert_eq!(codes, expected);
    assert!(world.store.extensions.lock().unwrap().is_empty());
    assert_eq!(world.stored(&id).version, 2);
}

#[tokio::test]
async fn c33_a_linked_consent_is_not_renewed() {
    let world = World::with_policy(ConsentPolicy { linked: true, ..ConsentPolicy::default() });
    let mut body = asked();
    body["data"]["isLinked"] = json!(true);
    let id = world.authorised(&body, Vec::new()).await;
    let reply = world.for_customer("client-1", &id, &extends(&id), &renewal(LATER)).await;
    assert_eq!((reply.status, reply.code()), (422, "ALTERACAO_NAO_PERMITIDA"));
}

#[tokio::test]
async fn c33_security_comes_first() {
    let world = World::new();
    let (id, other) =
        (world.authorised(&asked(), Vec::new()).await, world.authorised(&asked(), Vec::new()).await);
    let nonsense = renewal("2020-01-01T00:00:00Z");
    // Another consent's token, the client's own token, another client, a consent that does not exist.
    let reply = world.for_customer("client-1", &other, &extends(&id), &nonsense).await;
    assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"));
    let reply = world.client("client-1", "POST", &extends(&id), Some(nonsense.clone())).await;
    assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"));
    let reply = world.for_customer("client-2", &id, &extends(&id), &nonsense).await;
    assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"));
    let unknown = "urn:banco:unknown";
    let reply = world.for_customer("client-1", unknown, &extends(unknown), &nonsense).await;
    assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"));
    // A consent that ended takes its tokens with it.
    assert_eq!(world.client("client-1", "DELETE", &format!("/consents/{id}"), None).await.status, 204);
    let reply = world.for_customer("client-1", &id, &extends(&id), &renewal(LATER)).await;
    assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"));
    world.wait(Duration::from_hours(24 * 200));
    let reply = world.for_customer("client-1", &other, &extends(&other), &renewal(LATER)).await;
    assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"));
    assert!(world.store.extensions.lock().unwrap().is_empty());
}

#[tokio::test]
async fn c30_a_body_that_is_none_is_400() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let short = json!({"data": {"loggedUser": person("7610927767")}});
    for body in [json!({"data": {}}), json!({}), short] {
        let reply = world.for_customer("client-1", &id, &extends(&id), &body).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"));
        assert_eq!(reply.headers["x-v"], "3.3.1");
    }
    assert_eq!(world.stored(&id).version, 2);
}

#[tokio::test]
async fn c30_a_renewal_that_meets_another_change_decides_again() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    // Somebody else renewed further: ours is not later any more.
    let mut further = world.stored(&id);
    further.version += 1;
    further.expires_at = Some(world.now().plus(Duration::from_hours(24 * 1000)));
    world.store.faster.lock().unwrap().push(further);
    let reply = world.for_customer("client-1", &id, &extends(&id), &renewal(LATER)).await;
    assert_eq!((reply.status, reply.code()), (422, "DATA_EXPIRACAO_INVALIDA"));
    assert!(matches!(world.stored(&id).at(world.now()), EffectiveStatus::Authorised(_)));
}

#[tokio::test]
async fn c34_the_history_is_listed_newest_first_in_pages() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    for month in 10..=12 {
        world.wait(Duration::from_mins(1));
        let end = format!("2026-{month}-01T12:00:00Z");
        let reply = world.for_customer("client-1", &id, &extends(&id), &renewal(&end)).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
    }
    let path = format!("/consents/{id}/extensions");
    let reply = world.client("client-1", "GET", &path, None).await;
    assert_eq!(reply.status, 200);
    let ends: Vec<&Value> =
        reply.data().as_array().unwrap().iter().map(|item| &item["expirationDateTime"]).collect();
    assert_eq!(ends, ["2026-12-01T12:00:00Z", "2026-11-01T12:00:00Z", "2026-10-01T12:00:00Z"]);
    assert_eq!(
        reply.data()[2],
        json!({
            "expirationDateTime": "2026-10-01T12:00:00Z",
            "loggedUser": person(ANA),
            "requestDateTime": "2026-03-01T12:01:00Z",
            "previousExpirationDateTime": "2026-09-01T12:00:00Z",
            "xFapiCustomerIpAddress": "203.0.113.9",
            "xCustomerUserAgent": "Mozilla/5.0",
        })
    );
    let meta = json!({"totalRecords": 3, "totalPages": 1, "requestDateTime": "2026-03-01T12:03:00Z"});
    assert_eq!(reply.body["meta"], meta);
    let link = format!("https://mtls.banco.example/open-banking/consents/v3{path}?page=1&page-size=25");
    assert_eq!(reply.body["links"], json!({"self": link}));
    let reply = world.client("client-1", "GET", &format!("{path}?page=2"), None).await;
    assert_eq!((reply.status, reply.code()), (422, "PAGE_NOT_FOUND"));
    let reply = world.client("client-1", "GET", &format!("{path}?page=0"), None).await;
    assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"));
}

#[tokio::test]
async fn c34_a_consent_never_renewed_has_an_empty_history() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let reply = world.client("client-1", "GET", &format!("/consents/{id}/extensions"), None).await;
    assert_eq!((reply.status, reply.data()), (200, &json!([])));
    assert_eq!(reply.body["meta"]["totalRecords"], 0);
}

#[tokio::test]
async fn c34_c52_more_than_a_page_of_renewals_has_links() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    for day in 1..=27 {
        let end = world.stored(&id).expires_at.unwrap().plus(Duration::from_hours(24 * day));
        let reply = world.for_customer("client-1", &id, &extends(&id), &renewal(&end.to_string())).await;
        assert_eq!(reply.status, 201);
    }
    let path = format!("/consents/{id}/extensions?page=2");
    let reply = world.client("client-1", "GET", &path, None).await;
    assert_eq!((reply.status, reply.data().as_array().unwrap().len()), (200, 2));
    assert!(reply.body["links"]["prev"].is_string() && reply.body["links"].get("next").is_none());
}

#[tokio::test]
async fn c09_c34_the_history_is_the_own_client_s_alone() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let path = format!("/consents/{id}/extensions");
    let reply = world.client("client-2", "GET", &path, None).await;
    assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"));
    let reply = world.client("client-1", "GET", "/consents/urn:banco:unknown/extensions", None).await;
    assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"));
    let headers = world.customer_headers("client-1", &id);
    let full = format!("/open-banking/consents/v3{path}");
    let reply = world.send("GET", &full, headers, None).await;
    assert_eq!(
        (reply.status, reply.code()),
        (403, "ACESSO_NEGADO"),
        "a customer's token is not the client's"
    );
    for method in ["POST", "DELETE", "PUT"] {
        let reply = world.send(method, &full, world.customer_headers("client-1", &id), None).await;
        assert_eq!((reply.status, reply.code()), (405, "METODO_NAO_PERMITIDO"));
    }
}

#[tokio::test]
async fn lb15_a_renewal_asked_for_again_within_a_minute_is_one_renewal() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let renew = async |body: &Value| world.for_customer("client-1", &id, &extends(&id), body).await;
    let first = renew(&renewal(LATER)).await;
    world.wait(Duration::from_mins(1));
    let again = renew(&renewal(LATER)).await;
    assert_eq!((first.status, again.status), (201, 201), "{}", again.body);
    assert_eq!(first.data(), again.data());
    let history = |world: &World| {
        let audit = world.store.audit.lock().unwrap();
        audit.iter().filter(|row| row.action == "consent.extended").count()
    };
    assert_eq!((history(&world), world.stored(&id).renewals), (1, 1));

    // Another person, an earlier end, or later than that: no repetition.
    let mut by_another = renewal(LATER);
    by_another["data"]["loggedUser"] = person(BRUNO);
    assert_eq!(renew(&by_another).await.status, 403);
    assert_eq!(renew(&renewal("2026-11-30T12:00:00Z")).await.status, 422);
    world.wait(Duration::from_secs(1));
    let late = renew(&renewal(LATER)).await;
    assert_eq!((late.status, late.code()), (422, "DATA_EXPIRACAO_INVALIDA"));
    assert_eq!(history(&world), 1);
}

#[tokio::test]
async fn c34_the_newest_of_the_history_is_the_end_in_force_though_clocks_differ() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    // Each renewal reads a clock that is behind the one before, as in another environment, or the same millisecond.
    let ends =
        ["2026-10-01T12:00:00Z", "2026-11-01T12:00:00Z", "2026-12-01T12:00:00Z", "2027-01-01T12:00:00Z"];
    for (end, earlier) in ends.iter().zip([0, 900, 0, 100]) {
        let now = world.now().minus(Duration::from_millis(earlier));
        world.clock.set(now);
        let reply = world.for_customer("client-1", &id, &extends(&id), &renewal(end)).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
    }
    let reply = world.client("client-1", "GET", &format!("/consents/{id}/extensions"), None).await;
    let listed = reply.data().as_array().unwrap();
    let told = |name: &str| listed.iter().map(|item| item[name].as_str().unwrap()).collect::<Vec<_>>();
    let newest_first: Vec<&str> = ends.iter().rev().copied().collect();
    assert_eq!(told("expirationDateTime"), newest_first);
    assert_eq!(told("previousExpirationDateTime"), [&newest_first[1..], &["2026-09-01T12:00:00Z"]].concat());
    let read = world.client("client-1", "GET", &format!("/consents/{id}"), None).await;
    assert_eq!(read.data()["expirationDateTime"], listed[0]["expirationDateTime"]);
    let stored = world.store.extensions.lock().unwrap();
    assert!(stored.is_sorted_by(|(_, former), (_, next)| former.requested_at < next.requested_at));
}
