//! The management API as the back office and its apps call it.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, NewApiKey};
use ponte_edge::{Context, Managers, Router, Serve as _};
use ponte_fapi::secret;
use ponte_kit::api_keys::ApiKeysInMemory;
use ponte_kit::contract::operations::example;
use ponte_kit::identity::own_certificate;
use ponte_kit::outbox::OutboxInMemory;
use ponte_ports::Quality as _;
use ponte_ports::operation::{Operation, Operations as _};
use ponte_ports::quality::Counted;
use ponte_values::OrganisationId;
use serde_json::{Value, json};

use super::*;
use crate::routes::router;
use crate::testing::{World, accept, placed, world};
use crate::{Sender, Sweeper};

const CALLER: &str = "gestao.banco.example";
const HOST: &str = "gestao.banco.example";
const SECRET: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct Office {
    world: World,
    router: Router<Ports>,
    key: String,
}

fn office(scope: ApiScope) -> Office {
    let world = world(|_, items| accept(items));
    let id = ApiKeyId::parse("00000000000000aa").unwrap();
    let new = NewApiKey {
        id: id.clone(),
        caller: CALLER.to_owned(),
        scopes: BTreeSet::from([scope]),
        hash: secret::hash(SECRET),
        expires_at: None,
    };
    let keys = ApiKeysInMemory::default();
    keys.put(ApiKey::issue(new, world.ports.clock.now()).key);
    let context = Context {
        clock: world.ports.clock.clone(),
        ids: world.ports.ids.clone(),
        outbox: Arc::new(OutboxInMemory::default()),
        organisation: OrganisationId::parse("74e929d9-33b6-4d85-8ba7-c146c867a817").unwrap(),
        base_url: "https://mtls.banco.example".to_owned(),
    };
    let managers = Managers::new(Arc::new(keys), format!("https://{HOST}"));
    let router = router(context, managers, (*world.ports).clone());
    Office { world, router, key: id.with_secret(SECRET) }
}

impl Office {
    async fn call(&self, host: &str, method: &str, path: &str, body: Option<&Value>) -> (i64, Value) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "headers": {"x-api-key": self.key, "content-type": "application/json"},
            "requestContext": {
                "authentication": {"clientCert": {
                    "clientCertPem": own_certificate(CALLER), "subjectDN": "", "issuerDN": "", "serialNumber": "1",
                    "validity": {"notBefore": "", "notAfter": ""},
                }},
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
                "timeEpoch": self.world.ports.clock.now().millis(),
                "domainName": host,
            },
            "body": body.map(Value::to_string), "isBase64Encoded": false,
        });
        let answer = self.router.serve(serde_json::from_value(event).unwrap()).await;
        let answer = serde_json::to_value(answer).unwrap();
        let body = answer["body"].as_str().map(|body| serde_json::from_str(body).unwrap());
        (answer["statusCode"].as_i64().unwrap(), body.unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> (i64, Value) {
        self.call(HOST, "GET", path, None).await
    }

    async fn post(&self, consent: &str, body: &Value) -> (i64, Value) {
        let path = format!("/api/journey/v1/consents/{consent}/report");
        self.call(HOST, "POST", &path, Some(body)).await
    }
}

#[tokio::test]
async fn m60_the_back_office_sees_the_days_and_one_of_them() {
    let office = office(ApiScope::ReportsRead);
    for name in ["call-1", "call-2"] {
        let (shard, row) = placed(name);
        office.world.memory.add(shard, row);
    }
    ponte_edge::Tick::tick(&Sweeper::new(office.world.ports.clone())).await.unwrap();
    let sender = Sender::new(office.world.ports.clone());
    for ticket in office.world.queue.take() {
        let body = serde_json::to_string(&ticket).unwrap();
        let message = ponte_edge::Message { body, ..ponte_edge::Message::default() };
        ponte_edge::Worker::work(&sender, &message).await;
    }
    let (status, days) = office.get("/open-banking/oob-pcm/v1/days").await;
    assert_eq!((status, days["data"].as_array().unwrap().len()), (200, 8));
    assert_eq!((&days["data"][0]["day"], &days["data"][0]["accepted"]), (&json!("2026-03-01"), &json!(2)));
    assert_eq!(days["links"]["self"], format!("https://{HOST}/open-banking/oob-pcm/v1/days"));
    let (status, days) = office.get("/open-banking/oob-pcm/v1/days?days=2").await;
    assert_eq!((status, days["data"].as_array().unwrap().len()), (200, 2));
    let (status, day) = office.get("/open-banking/oob-pcm/v1/days/2026-03-01").await;
    assert_eq!((status, &day["data"]["apis"][0]["api"]), (200, &json!("accounts/v2")));
    for path in ["days?days=0", "days?days=32", "days?days=all", "days/today", "days/2026-02-30"] {
        let (status, fault) = office.get(&format!("/open-banking/oob-pcm/v1/{path}")).await;
        assert_eq!((status, &fault["errors"][0]["code"]), (422, &json!("PARAMETRO_INVALIDO")), "{path}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_unknown_or_comes_twice_is_400_and_not_passed_over() {
    let (reports, operations) = ("/open-banking/oob-pcm/v1", "/open-banking/oob-operations/v1");
    for (scope, path) in [
        (ApiScope::ReportsRead, format!("{reports}/days?day=3")),
        (ApiScope::ReportsRead, format!("{reports}/days?days=3&days=4")),
        (ApiScope::ReportsRead, format!("{reports}/days/2026-03-01?api=accounts")),
        (ApiScope::OperationsRead, format!("{operations}/operations?State=RUNNING")),
        (ApiScope::OperationsRead, format!("{operations}/operations?state=RUNNING&state=DONE")),
        (ApiScope::OperationsRead, format!("{operations}/operations/one?day=2026-03-01")),
    ] {
        let (status, fault) = office(scope).get(&path).await;
        assert_eq!((status, &fault["errors"][0]["code"]), (400, &json!("PARAMETRO_INVALIDO")), "{path}");
    }
    let path = "/api/journey/v1/consents/urn:banco:1/report?step=LOGIN";
    let (status, fault) = office(ApiScope::ReportsWrite).call(HOST, "POST", path, Some(&json!({}))).await;
    assert_eq!((status, &fault["errors"][0]["code"]), (400, &json!("PARAMETRO_INVALIDO")));
    let (status, _) = office(ApiScope::ReportsWrite).get(&format!("{reports}/days?day=3")).await;
    assert_eq!(status, 403, "who may not ask does not learn what can be asked");
}

#[tokio::test]
async fn t47_the_back_office_sees_what_operators_ordered_and_what_became_of_it() {
    let office = office(ApiScope::OperationsRead);
    let now = office.world.ports.clock.now();
    for number in 0..27 {
        let ordered = example(&format!("order-{number:02}"), 0);
        let ordered = Operation { created: now, updated: now, ..ordered };
        office.world.operations.begin(&ordered).await.unwrap();
        if number > 0 {
            let done = ordered.done(json!({"resent": 1}), now);
            assert!(office.world.operations.replace(&done).await.unwrap());
        }
    }
    let base = "/open-banking/oob-operations/v1/operations";
    let (status, page) = office.get(base).await;
    assert_eq!((status, page["data"].as_array().unwrap().len()), (200, 25));
    assert_eq!((&page["data"][0]["id"], page["data"][0].get("answer")), (&json!("order-26"), None));
    let next = page["links"]["next"].as_str().unwrap().strip_prefix(&format!("https://{HOST}")).unwrap();
    let (_, rest) = office.get(next).await;
    let ids = rest["data"].as_array().unwrap().iter().map(|one| &one["id"]).collect::<Vec<_>>();
    assert_eq!((ids, rest["links"].get("next")), (vec![&json!("order-01"), &json!("order-00")], None));
    let day = now.date_utc();
    let (_, running) = office.get(&format!("{base}?state=RUNNING&day={day}")).await;
    assert_eq!(running["data"].as_array().unwrap().len(), 1);
    let (status, one) = office.get(&format!("{base}/order-26")).await;
    assert_eq!((status, &one["data"]["answer"]["resent"]), (200, &json!(1)));
    assert_eq!(one["data"]["requestedBy"], json!({"name": "ana", "proven": true}));
    for path in ["none", "a%20b", &"x".repeat(65)] {
        assert_eq!(office.get(&format!("{base}/{path}")).await.0, 404, "{path}");
    }
    for query in ["day=today", "state=done", "cursor=x", "day=2026-01-01&cursor=2026-03-01"] {
        let (status, fault) = office.get(&format!("{base}?{query}")).await;
        assert_eq!((status, &fault["errors"][0]["code"]), (422, &json!("PARAMETRO_INVALIDO")), "{query}");
    }
}

#[tokio::test]
async fn m40_a_step_that_arrives_by_api_is_left_in_the_outbox_once() {
    let office = office(ApiScope::ReportsWrite);
    let step = json!({"step": "AUTHENTICATED", "data": {"platform": "BROWSER", "osVersion": "20.04", "os": "LINUX"}});
    let (status, first) = office.post("urn:banco:1", &step).await;
    assert_eq!(status, 202, "{first}");
    let (status, again) = office.post("urn:banco:1", &step).await;
    assert_eq!((status, &again["data"]), (202, &first["data"]));
    assert_eq!(office.world.memory.pending(), 1);
    let (_, other) = office.post("urn:banco:2", &step).await;
    assert_ne!(other["data"]["id"], first["data"]["id"]);
    assert_eq!(office.world.memory.pending(), 2);
}

#[tokio::test]
async fn m40_an_arrival_that_was_reported_when_the_customer_came_is_not_reported_again_by_api() {
    let office = office(ApiScope::ReportsWrite);
    let arrived = json!({"step": "REDIRECT_TARGET", "data": {"os": "IOS", "osVersion": "18", "type": "AWAITING_REDIRECT_TO_APP"}});
    office.world.arrivals.arrivals.lock().unwrap().insert("urn:banco:1".to_owned(), "report-1".to_owned());
    let (status, told) = office.post("urn:banco:1", &arrived).await;
    assert_eq!((status, &told["data"]["id"]), (202, &json!("report-1")));
    assert_eq!(office.world.memory.pending(), 0);
    // Nobody came to this one's authorization endpoint: the institution alone knows of the arrival.
    assert_eq!(office.post("urn:banco:2", &arrived).await.0, 202);
    assert_eq!(office.world.memory.pending(), 1);
    // Any other step is the institution's to tell.
    let step = json!({"step": "AUTHENTICATED", "data": {"platform": "APP", "os": "IOS", "osVersion": "18"}});
    assert_eq!(office.post("urn:banco:1", &step).await.0, 202);
    assert_eq!(office.world.memory.pending(), 2);
}

#[tokio::test]
async fn m41_m42_steps_come_in_any_order_under_the_names_of_today_alone() {
    let office = office(ApiScope::ReportsWrite);
    let step = |name: &str, more: Value| {
        let mut data = json!({"platform": "APP", "os": "IOS", "osVersion": "18"});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"step": name, "data": data})
    };
    let back = json!({"uri_callback": "https://receptora.example/cb", "type": "REJECTED"});
    for (name, more) in [("REDIRECT_TO_CLIENT", back), ("AUTHENTICATED", json!({}))] {
        assert_eq!(office.post("urn:banco:1", &step(name, more)).await.0, 202, "{name}");
    }
    assert_eq!(office.world.memory.pending(), 2, "the end before the login, and no arrival");
    for unknown in ["redirect-to-client", "REDIRECT_TARGET_ERRORS"] {
        assert_eq!(office.post("urn:banco:1", &step(unknown, json!({}))).await.0, 400, "{unknown}");
    }
    for (member, bad) in [("platform", "TV"), ("os", "BEOS")] {
        let body = step("AUTHENTICATED", json!({ member: bad }));
        assert_eq!(office.post("urn:banco:1", &body).await.0, 400, "{bad}");
    }
    assert_eq!(office.world.memory.pending(), 2);
}

#[tokio::test]
async fn what_is_wrong_with_a_step_is_named_without_repeating_it() {
    let office = office(ApiScope::ReportsWrite);
    let step = |data: Value| json!({"step": "AUTHENTICATED", "data": data});
    for (consent, body, detail) in [
        ("urn:banco:1", json!({}), "o corpo não é o de um passo: informe step e data, sem outros membros"),
        (
            "urn:banco:1",
            step(json!({"platform": "APP", "os": "IOS"})),
            "data.osVersion: campo obrigatório neste passo",
        ),
        (
            "urn:banco:1",
            step(json!({"platform": "TV", "os": "IOS", "osVersion": "1"})),
            "data.platform: valor inválido",
        ),
        (
            "urn:banco:1",
            step(json!({"platform": "APP", "os": "IOS", "osVersion": "1", "error": "x"})),
            "data.error: não pertence a este passo",
        ),
        ("1", step(json!({})), "consentId inválido: informe a URN do consentimento"),
    ] {
        let (status, fault) = office.post(consent, &body).await;
        assert_eq!((status, &fault["errors"][0]["detail"]), (400, &json!(detail)), "{body}");
    }
    assert_eq!(office.world.memory.pending(), 0);
}

#[tokio::test]
async fn a_scope_opens_its_own_routes_and_the_host_all_of_them() {
    let reader = office(ApiScope::ReportsRead);
    let step = json!({"step": "AUTHENTICATED", "data": {"platform": "BROWSER", "osVersion": "20.04", "os": "LINUX"}});
    assert_eq!(reader.post("urn:banco:1", &step).await.0, 403);
    assert_eq!(reader.get("/open-banking/oob-operations/v1/operations").await.0, 403);
    let writer = office(ApiScope::ReportsWrite);
    assert_eq!(writer.get("/open-banking/oob-pcm/v1/days").await.0, 403);
    let other_host = writer.call("mtls.banco.example", "GET", "/open-banking/oob-pcm/v1/days", None).await;
    assert_eq!(other_host.0, 404);
    assert_eq!(writer.world.memory.pending(), 0);
}

#[tokio::test]
async fn the_back_office_sees_what_was_found_in_the_records_with_its_own_scope_alone() {
    let (office, stranger) = (office(ApiScope::QualityRead), office(ApiScope::ReportsRead));
    let day = office.world.ports.clock.now().date_brasilia();
    let found = [Counted { path: "data[].type".to_owned(), rule: "enum", count: 2 }];
    for number in 0..100 {
        office.world.quality.count(day, &format!("operation{number:03}"), &found).await.unwrap();
    }
    office.world.quality.count(day, "accountsGetAccounts", &found).await.unwrap();
    let base = "/open-banking/oob-quality/v1/findings";
    let (status, page) = office.get(base).await;
    let expected = json!({
        "day": day.to_string(), "api": "accounts", "endpoint": "/accounts", "calls": 1,
        "findings": [{ "path": "data[].type", "rule": "enum", "count": 2 }],
    });
    assert_eq!((status, &page["data"][0]), (200, &expected));
    let next = page["links"]["next"].as_str().unwrap().strip_prefix(&format!("https://{HOST}")).unwrap();
    let (status, rest) = office.get(next).await;
    assert_eq!((status, rest["data"].as_array().unwrap().len(), rest["links"].get("next")), (200, 1, None));
    let (_, of_api) = office.get(&format!("{base}?api=accounts&from={day}&to={day}")).await;
    assert_eq!(of_api["data"], json!([expected]));
    for query in ["from=today", "to=2026-02-30", "from=2026-03-02&to=2026-03-01", "api=account", "cursor=x"] {
        let (status, fault) = office.get(&format!("{base}?{query}")).await;
        assert_eq!((status, &fault["errors"][0]["code"]), (422, &json!("PARAMETRO_INVALIDO")), "{query}");
    }
    assert_eq!(office.get(&format!("{base}?API=accounts")).await.0, 400);
    assert_eq!(office.get("/open-banking/oob-pcm/v1/days").await.0, 403);
    assert_eq!(stranger.get(base).await.0, 403);
}
