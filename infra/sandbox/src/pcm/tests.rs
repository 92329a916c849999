//! Tests of intake, pairing and the restart; the scenarios are those of the platform's manual.

use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use super::*;
use crate::pki::RsaKey;
use crate::test_world::{key, organisation};

struct Bench {
    pcm: Arc<Pcm>,
    client: Arc<Organisation>,
    server: Arc<Organisation>,
    key: RsaKey,
    folder: tempfile::TempDir,
}

const INTERACTION: &str = "d78fc4e5-37ca-4da3-adf2-9b082bf92280";
const PRIVATE: &str = "/report-api/v1/private/report";

impl Bench {
    fn new() -> Self {
        let (client, server) = (Arc::new(organisation()), Arc::new(organisation()));
        let (key, folder) = (key(0), tempfile::tempdir().unwrap());
        let pcm = Self::open(&folder, &key, &client, &server);
        Self { pcm, client, server, key, folder }
    }

    fn open(
        folder: &tempfile::TempDir,
        key: &RsaKey,
        client: &Arc<Organisation>,
        server: &Arc<Organisation>,
    ) -> Arc<Pcm> {
        let members = [Arc::clone(client), Arc::clone(server)];
        Arc::new(
            Pcm::open(&folder.path().join("reports.jsonl"), Tokens::new(key).unwrap(), &members).unwrap(),
        )
    }

    fn restarted(self) -> Self {
        let pcm = Self::open(&self.folder, &self.key, &self.client, &self.server);
        Self { pcm, ..self }
    }

    fn report(&self, role: &str) -> Value {
        let mut item = json!({
            "fapiInteractionId": INTERACTION,
            "endpoint": "/open-banking/accounts/v2/accounts",
            "statusCode": 200,
            "httpMethod": "GET",
            "timestamp": clock::now().with_millis(),
            "processTimespan": 12,
            "clientOrgId": self.client.id,
            "serverOrgId": self.server.id,
            "role": role,
        });
        if role == "CLIENT" {
            item["clientSSId"] = self.client.software_statement_id.clone().into();
            item["endpointUriPrefix"] = "https://localhost:1".into();
            item["additionalInfo"] = json!({ "consentId": "urn:x:1", "tokenId": "AAAAAAAAAAAA" });
        }
        item
    }

    async fn send(&self, reporter: &Organisation, path: &str, body: &Value) -> (u16, Value) {
        let token = self.pcm.tokens.issue(&reporter.pcm_client_id, &reporter.id, clock::now()).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        let method = if body.is_null() { Method::GET } else { Method::POST };
        self.raw(method, path, headers, body.to_string()).await
    }

    async fn raw(&self, method: Method, path: &str, headers: HeaderMap, body: String) -> (u16, Value) {
        let request = Request {
            method,
            path: path.into(),
            query: String::new(),
            headers,
            body: body.into(),
            certificate: None,
        };
        let answer = PcmApi(Arc::clone(&self.pcm)).answer(request).await;
        (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
    }

    /// Sends one report of a side, returns its verdict.
    async fn report_one(&self, item: &Value) -> Value {
        let reporter = if item["role"] == "SERVER" { &self.server } else { &self.client };
        let (_, verdicts) = self.send(reporter, PRIVATE, &json!([item])).await;
        verdicts[0].clone()
    }

    async fn statuses(&self) -> Value {
        self.raw(Method::GET, "/sandbox/summary", HeaderMap::new(), String::new())
            .await
            .1["private"]["byStatus"]
            .clone()
    }
}

#[tokio::test]
async fn m21_scenario_1_paired() {
    let bench = Bench::new();
    assert_eq!(bench.report_one(&bench.report("CLIENT")).await["status"], "ACCEPTED");
    assert_eq!(bench.statuses().await, json!({ "UNPAIRED": 1 }));
    bench.report_one(&bench.report("SERVER")).await;
    assert_eq!(bench.statuses().await, json!({ "PAIRED": 2 }));
    let (status, found) = bench.send(&bench.server, &format!("{PRIVATE}/{INTERACTION}"), &Value::Null).await;
    assert_eq!((status, found.as_array().unwrap().len()), (200, 2));
    assert_eq!(found[0]["pairedReportId"], found[1]["reportId"]);
}

#[tokio::test]
async fn m21_scenario_2_paired_inconsistent_for_each_field_and_corrected_by_another_post() {
    for (field, other) in [
        ("statusCode", json!(201)),
        ("httpMethod", json!("POST")),
        ("endpoint", json!("/open-banking/resources/v3/resources")),
    ] {
        let bench = Bench::new();
        bench.report_one(&bench.report("CLIENT")).await;
        let mut server = bench.report("SERVER");
        server[field] = other;
        if field == "httpMethod" {
            server["endpoint"] = "/open-banking/consents/v3/consents".into();
        }
        bench.report_one(&server).await;
        assert_eq!(bench.statuses().await, json!({ "PAIRED_INCONSISTENT": 2 }), "{field}");
        bench.report_one(&bench.report("SERVER")).await;
        assert_eq!(bench.statuses().await, json!({ "PAIRED": 2, "DISCARDED": 1 }), "{field}");
    }
}

#[tokio::test]
async fn m20_scenario_3_single_without_an_interaction_id() {
    let bench = Bench::new();
    for (status, endpoint, method, expected) in [
        (408, "/open-banking/accounts/v2/accounts", "GET", "ACCEPTED"),
        (503, "/open-banking/accounts/v2/accounts", "GET", "ACCEPTED"),
        (200, "/token", "POST", "ACCEPTED"),
        (200, "/open-banking/accounts/v2/accounts", "GET", "DISCARDED"),
    ] {
        let mut item = bench.report("CLIENT");
        item.as_object_mut().unwrap().remove("fapiInteractionId");
        item["statusCode"] = status.into();
        item["endpoint"] = endpoint.into();
        item["httpMethod"] = method.into();
        assert_eq!(bench.report_one(&item).await["status"], expected, "{status} {endpoint}");
    }
    assert_eq!(bench.statuses().await, json!({ "SINGLE": 3, "DISCARDED": 1 }));
}

#[tokio::test]
async fn m22_scenarios_4_to_6_and_every_other_discard() {
    let bench = Bench::new();
    let old = ponte_values::Moment::from_seconds(clock::now().seconds() - 8 * 86_400);
    let ahead = ponte_values::Moment::from_seconds(clock::now().seconds() + 600);
    let none = Value::Null;
    for (role, field, value, text) in [
        ("CLIENT", "httpMethod", none.clone(), "Missing property: 'httpMethod'"),
        ("CLIENT", "endpoint", json!("/open-banking/x/v1/y"), "Unlisted endpoint: /open-banking/x/v1/y"),
        ("CLIENT", "endpoint", json!("/token"), "Unlisted endpoint: GET /token"),
        ("CLIENT", "clientOrgId", none.clone(), "Missing property: 'clientOrgId'"),
        ("CLIENT", "clientOrgId", json!(bench.server.id), "Requester id mismatch with: clientOrgId"),
        ("SERVER", "serverOrgId", json!(bench.client.id), "Requester id mismatch with: serverOrgId"),
        (
            "CLIENT",
            "serverOrgId",
            json!("0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01"),
            "OrganisationId doesn't exist on Directory: 0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01",
        ),
        (
            "CLIENT",
            "clientSSId",
            json!(bench.server.software_statement_id),
            "Invalid field value: 'clientSSId' is not of 'clientOrgId'",
        ),
        ("SERVER", "clientSSId", json!("x"), "Additional property not allowed: clientSSId"),
        ("CLIENT", "serverASId", json!("x"), "Additional property not allowed: serverASId"),
        (
            "SERVER",
            "additionalInfo",
            json!({ "consentId": "urn:x:1" }),
            "Additional property not allowed: additionalInfo.consentId",
        ),
        (
            "CLIENT",
            "additionalInfo",
            json!({ "consentId": 1 }),
            "Field type mismatch: 'additionalInfo.consentId' must be a string",
        ),
        ("CLIENT", "additionalInfo", none.clone(), "Missing property: 'additionalInfo'"),
        (
            "CLIENT",
            "processTimespan",
            json!(0),
            "Invalid field value: processTimespan must be greater than zero",
        ),
        (
            "CLIENT",
            "processTimespan",
            json!("1"),
            "Field type mismatch: 'processTimespan' must be an integer",
        ),
        ("CLIENT", "statusCode", json!(199), "Invalid field value: statusCode must be between 200 and 599"),
        (
            "CLIENT",
            "timestamp",
            json!(old.with_millis()),
            "Report is too old: Timestamp is older than 7 days",
        ),
        (
            "CLIENT",
            "timestamp",
            json!(ahead.with_millis()),
            "Invalid field value: 'timestamp' is in the future",
        ),
        ("CLIENT", "timestamp", json!("yesterday"), "Invalid field value: 'timestamp'"),
        (
            "CLIENT",
            "fapiInteractionId",
            json!("00000000-0000-0000-0000-000000000000"),
            "Invalid field value: 'fapiInteractionId'",
        ),
        ("SERVER", "fapiInteractionId", none.clone(), "Missing property: 'fapiInteractionId'"),
        ("CLIENT", "role", json!("BOTH"), "Invalid field value: 'role'"),
        ("CLIENT", "endpointUriPrefix", json!("x".repeat(201)), "Invalid field value: 'endpointUriPrefix'"),
    ] {
        let mut item = bench.report(role);
        item[field] = value;
        let verdict = bench.report_one(&item).await;
        assert_eq!((&verdict["status"], &verdict["message"]), (&json!("DISCARDED"), &json!(text)));
    }
    assert_eq!(bench.report_one(&json!("text")).await["status"], "DISCARDED");
}

#[tokio::test]
async fn m03_207_keeps_the_order_and_echoes_the_correlation() {
    let bench = Bench::new();
    let (mut good, mut bad) = (bench.report("CLIENT"), bench.report("CLIENT"));
    good["correlationId"] = "first".into();
    bad["statusCode"] = 1.into();
    bad["correlationId"] = "second".into();
    let (status, verdicts) = bench.send(&bench.client, PRIVATE, &json!([good, bad])).await;
    assert_eq!(status, 207);
    assert_eq!(
        (&verdicts[0]["status"], &verdicts[0]["correlationId"]),
        (&json!("ACCEPTED"), &json!("first"))
    );
    assert_eq!(
        (&verdicts[1]["status"], &verdicts[1]["correlationId"]),
        (&json!("DISCARDED"), &json!("second"))
    );
    let with_slash = format!("{PRIVATE}/");
    assert_eq!(bench.send(&bench.client, &with_slash, &json!([])).await, (200, json!([])));
}

#[tokio::test]
async fn a_batch_sent_again_counts_once() {
    let bench = Bench::new();
    let item = bench.report("CLIENT");
    let (first, second) = (bench.report_one(&item).await, bench.report_one(&item).await);
    assert_eq!(first["reportId"], second["reportId"]);
    let summary = bench.raw(Method::GET, "/sandbox/summary", HeaderMap::new(), String::new()).await.1;
    assert_eq!((&summary["private"]["received"], &summary["private"]["repeated"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn m03_batches_that_are_refused_as_a_whole() {
    let bench = Bench::new();
    assert_eq!(bench.send(&bench.client, PRIVATE, &json!({})).await.0, 400);
    let many = Value::Array(vec![json!(1); 5_001]);
    assert_eq!(
        bench.send(&bench.client, PRIVATE, &many).await,
        (413, json!({ "message": "Record limit exceeded" }))
    );
    let funnel = "/report-api/v2/hybrid-flow/server/authenticated";
    assert_eq!(bench.send(&bench.client, funnel, &Value::Array(vec![json!(1); 1_001])).await.0, 413);
    assert_eq!(
        bench.send(&bench.client, "/report-api/v2/hybrid-flow/server/nothing", &json!([])).await.0,
        404
    );
    assert_eq!(bench.raw(Method::POST, PRIVATE, HeaderMap::new(), "[]".into()).await.0, 401);
    let mut headers = HeaderMap::new();
    headers.insert("authorization", "Bearer not.a.token".parse().unwrap());
    assert_eq!(bench.raw(Method::POST, PRIVATE, headers, "[]".into()).await.0, 401);
}

#[tokio::test]
async fn more_than_300_requests_a_second_are_429() {
    let bench = Bench::new();
    // 602 requests cannot fit under the limit of any two neighbouring seconds, and take less than two.
    let mut refused = 0;
    for _ in 0..602 {
        refused += u32::from(!bench.pcm.admits_request());
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn m40_m41_each_funnel_step_has_its_own_fields() {
    let bench = Bench::new();
    let common = |more: Value| {
        let mut item = json!({
            "consentId": "urn:x:1", "os": "LINUX", "osVersion": "20.04", "timestamp": clock::now().with_millis(),
        });
        for (name, value) in more.as_object().unwrap() {
            item[name] = value.clone();
        }
        item
    };
    let (client, server) = (bench.client.id.as_str(), bench.server.id.as_str());
    for (step, good, bad) in [
        (
            "client/redirect-to-server",
            json!({ "platform": "BROWSER", "clientOrgId": client, "uriAuthorizationEndpoint": "https://as/auth" }),
            json!({ "clientOrgId": client }),
        ),
        (
            "server/redirect-target",
            json!({ "type": "AWAITING_USER_AUTH", "serverOrgId": server }),
            json!({ "type": "AWAITING_USER_AUTH", "serverOrgId": server, "platform": "BROWSER" }),
        ),
        (
            "server/authenticated",
            json!({ "platform": "APP", "serverOrgId": "" }),
            json!({ "platform": "TV", "serverOrgId": "" }),
        ),
        (
            "server/redirect-to-client",
            json!({ "platform": "APP", "serverOrgId": server, "type": "AUTHORISED", "uri_callback": "https://r/cb" }),
            json!({ "platform": "APP", "serverOrgId": server, "type": "AUTHORISED" }),
        ),
        (
            "client/redirect-target-with-errors",
            json!({ "platform": "APP", "clientOrgId": client, "error": "access_denied" }),
            json!({ "platform": "APP", "clientOrgId": client }),
        ),
        (
            "client/redirect-target-without-errors",
            json!({ "platform": "APP", "clientOrgId": client }),
            json!({ "platform": "APP", "clientOrgId": server }),
        ),
    ] {
        let reporter = if step.starts_with("server") { &bench.server } else { &bench.client };
        let path = format!("/report-api/v2/hybrid-flow/{step}");
        let (status, verdicts) = bench.send(reporter, &path, &json!([common(good), common(bad)])).await;
        assert_eq!(status, 207, "{step}");
        assert_eq!(verdicts[0]["status"], "ACCEPTED", "{step}: {verdicts}");
        assert_eq!(verdicts[1]["status"], "DISCARDED", "{step}: {verdicts}");
    }
    let summary = bench.raw(Method::GET, "/sandbox/summary", HeaderMap::new(), String::new()).await.1;
    assert_eq!(summary["funnel"]["byConsent"]["urn:x:1"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn a_restart_pairs_again_even_after_half_a_line() {
    use std::io::Write as _;
    let bench = Bench::new();
    bench.report_one(&bench.report("CLIENT")).await;
    let mut file =
        std::fs::OpenOptions::new().append(true).open(bench.folder.path().join("reports.jsonl")).unwrap();
    file.write_all(br#"{"kind":"private","repor"#).unwrap();
    let bench = bench.restarted();
    assert_eq!(bench.statuses().await, json!({ "UNPAIRED": 1 }));
    bench.report_one(&bench.report("SERVER")).await;
    let bench = bench.restarted();
    assert_eq!(bench.statuses().await, json!({ "PAIRED": 2 }));
}

#[tokio::test]
async fn m01_tokens_only_with_the_slash_and_the_right_certificate() {
    let bench = Bench::new();
    let ask = |path: &'static str, body: &'static str, certificate: Option<&'static [u8]>| {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        token::answer(
            &bench.pcm,
            &Request {
                method: Method::POST,
                path: path.into(),
                query: String::new(),
                headers,
                body: body.into(),
                certificate: certificate.map(|der| der.to_vec().into()),
            },
        )
        .status
    };
    assert_eq!(ask("/token", "client_id=x&grant_type=client_credentials", None), StatusCode::NOT_FOUND);
    assert_eq!(ask("/token/", "client_id=x", None), StatusCode::BAD_REQUEST);
    assert_eq!(ask("/token/", "client_id=x&grant_type=password", None), StatusCode::BAD_REQUEST);
    assert_eq!(ask("/token/", "client_id=x&grant_type=client_credentials", None), StatusCode::UNAUTHORIZED);
    assert_eq!(
        ask("/token/", "client_id=x&grant_type=client_credentials", Some(b"junk")),
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn m01_a_token_lasts_six_hours() {
    let tokens = token::Tokens::new(&key(0)).unwrap();
    let now = clock::now();
    let token = tokens.issue("client", "organisation", now).unwrap();
    let at = |seconds: i64| {
        tokens.organisation(&token, ponte_values::Moment::from_seconds(now.seconds() + seconds))
    };
    assert_eq!(at(token::LIFE - 1).as_deref(), Some("organisation"));
    assert_eq!(at(token::LIFE), None);
}
