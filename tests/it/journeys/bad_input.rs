//! Bad input at every endpoint: the right code in the right body, nothing stored, no crash (C50, RFC 6749 section 5.2).

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::callers::{Callers, Got, Host, authentication};
use super::cloud::Cloud;
use super::steps::World;
use crate::checkout;
use crate::stack::Stack;

const CONSENTS: &str = "/open-banking/consents/v3/consents";
const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";
const INTERACTION: &str = "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01";
const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
/// Tables that a refused call leaves as they were. The outbox is none of them: refused calls are reported too (M10).
const TABLES: [(&str, &str); 4] = [
    ("consents", "CONSENTS_TABLE"),
    ("channel", "INTERACTIONS_TABLE"),
    ("oauth", "GRANTS_TABLE"),
    ("consents", "AUDIT_TABLE"),
];

/// The body an answer must have.
#[derive(Clone, Copy, Debug)]
enum Body {
    /// Open Finance errors with this code.
    Ofb(&'static str),
    /// OAuth error.
    OAuth(&'static str),
    /// API Gateway's own message.
    Gateway(&'static str),
    /// A page for a person.
    Page,
}

impl Body {
    fn check(self, what: &str, got: &Got) {
        let body: Value = serde_json::from_str(&got.body).unwrap_or_default();
        let said = format!("{what}: {} {}", got.status, got.body);
        match self {
            Self::Ofb(code) => {
                let error = &body["errors"][0];
                assert_eq!(error["code"], code, "{said}");
                for field in ["title", "detail"] {
                    assert!(error[field].as_str().is_some_and(|text| !text.is_empty()), "{said}");
                }
                assert!(body["meta"]["requestDateTime"].is_string(), "{said}");
                assert!(got.interaction.is_some(), "{what} has no x-fapi-interaction-id");
            }
            Self::OAuth(error) => assert_eq!(body["error"], error, "{said}"),
            Self::Gateway(message) => assert_eq!(body["message"], message, "{said}"),
            Self::Page => assert!(got.content_type.starts_with("text/html"), "{said}"),
        }
    }
}

/// Sends bad input to a stack and checks that it is refused and changes nothing.
struct Probe {
    stack: Stack,
    callers: Callers,
    folder: tempfile::TempDir,
}

impl Probe {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let stack = Stack::up(folder.path());
        Self { callers: Callers::of(&stack), stack, folder }
    }

    /// Sends one bad call and checks status and body of its answer.
    async fn refuse(
        &self,
        what: &str,
        (host, call): (Host, (&str, &str)),
        (headers, body): (&[(&str, &str)], impl Into<Vec<u8>>),
        (status, wanted): (u16, Body),
    ) {
        let got = self.callers.call(host, call, headers, body.into()).await;
        assert_eq!(got.status, status, "{what}: {}", got.body);
        wanted.check(what, &got);
    }

    /// Items of each table that must not change.
    async fn stored(&self) -> Vec<u64> {
        let cloud = Cloud::of(&self.stack, &self.callers);
        let mut counts = Vec::new();
        for (function, variable) in TABLES {
            counts.push(cloud.items(cloud.table(function, variable)).await.len() as u64);
        }
        counts
    }

    /// No crash: the process lives, no invocation failed, no log has a panic.
    async fn assert_alive(mut self) {
        let status = self.callers.status(&self.stack).await;
        for (name, tally) in status["functions"].as_object().expect("the status lists functions") {
            assert_eq!(tally["failures"], 0, "{name}: {tally}");
        }
        let logs = self.folder.path().join("logs");
        for entry in std::fs::read_dir(logs).expect("the stack writes logs") {
            let path = entry.expect("a log has a name").path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(!text.contains("panicked"), "{}", path.display());
        }
        assert!(self.stack.is_alive());
    }
}

#[tokio::test]
async fn consents_refuse_bad_input() {
    let probe = Probe::start();
    let token = World::around(&probe.stack).await.client_token().await;
    let bearer = format!("Bearer {token}");
    let who = [("authorization", bearer.as_str()), ("x-fapi-interaction-id", INTERACTION)];
    let with = |more: (&'static str, &'static str)| [who[0], who[1], more];
    let before = probe.stored().await;

    let create = (Host::Mtls, ("POST", CONSENTS));
    let invalid = (400, Body::Ofb("PARAMETRO_INVALIDO"));
    let deep = "[".repeat(100_000);
    let large = format!(r#"{{"data":"{}"}}"#, "x".repeat(300_000));
    let cpf = r#"{"data":{"loggedUser":{"document":{"identification":"1111111111","rel":"CPF"}},"permissions":["RESOURCES_READ","ACCOUNTS_READ"]}}"#;
    for (what, body) in [
        ("no body", b"".to_vec()),
        ("half a JSON", b"{\"data\":".to_vec()),
        ("another JSON", b"[]".to_vec()),
        ("JSON too deep", deep.into_bytes()),
        ("JSON too large", large.into_bytes()),
        ("not UTF-8", b"{\"data\":\"\xff\xfe\"}".to_vec()),
        ("a CPF that is none", cpf.as_bytes().to_vec()),
    ] {
        probe.refuse(what, create, (&with(JSON), body), invalid).await;
    }
    let unsupported = (415, Body::Ofb("TIPO_NAO_SUPORTADO"));
    probe.refuse("text", create, (&with(("content-type", "text/plain")), "{}"), unsupported).await;
    probe.refuse("no content type", create, (&who, "{}"), unsupported).await;
    let gzip = [who[0], who[1], JSON, ("content-encoding", "gzip")];
    probe.refuse("gzip", create, (&gzip, b"\x1f\x8b\x08\x00".to_vec()), unsupported).await;
    let huge = vec![b'x'; 11 * 1024 * 1024];
    let too_large = (413, Body::Gateway("Request Entity Too Large"));
    probe.refuse("11 MB", create, (&with(JSON), huge), too_large).await;
    let method = (405, Body::Ofb("METODO_NAO_PERMITIDO"));
    probe.refuse("wrong method", (Host::Mtls, ("PUT", CONSENTS)), (&with(JSON), "{}"), method).await;
    for interaction in ["", "123", "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a0g"] {
        let headers = [who[0], JSON, ("x-fapi-interaction-id", interaction)];
        probe.refuse("bad interaction id", create, (&headers, "{}"), invalid).await;
    }
    probe.refuse("no interaction id", create, (&[who[0], JSON], "{}"), invalid).await;

    assert_eq!(probe.stored().await, before, "a refused call stored something");
    probe.assert_alive().await;
}

#[tokio::test]
async fn data_refuses_bad_input() {
    let probe = Probe::start();
    let client = World::around(&probe.stack).await.client_token().await;
    let before = probe.stored().await;

    let read = (Host::Mtls, ("GET", ACCOUNTS));
    let unauthenticated = (401, Body::Ofb("NAO_AUTORIZADO"));
    let unsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.";
    let symmetric = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.AAAA";
    let long = "a".repeat(7_000);
    let (head, _) = client.rsplit_once('.').expect("a token has three parts");
    let resigned = format!("{head}.AAAA");
    for token in ["not-a-token", "a.b.c", "..", unsigned, symmetric, long.as_str(), resigned.as_str()] {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("x-fapi-interaction-id", INTERACTION)];
        probe.refuse("bad token", read, (&headers, ""), unauthenticated).await;
    }
    let interaction = ("x-fapi-interaction-id", INTERACTION);
    probe.refuse("no token", read, (&[interaction], ""), unauthenticated).await;
    let basic = [("authorization", "Basic eDp4"), interaction];
    probe.refuse("another scheme", read, (&basic, ""), unauthenticated).await;
    let bearer = format!("Bearer {client}");
    let own = [("authorization", bearer.as_str()), interaction];
    let denied = (403, Body::Ofb("ACESSO_NEGADO"));
    probe.refuse("a client's own token", read, (&own, ""), denied).await;
    let unknown = (404, Body::Ofb("NAO_ENCONTRADO"));
    for path in ["/open-banking/nothing/v1/here", "/open-banking/accounts/v9/accounts", "/open-banking/x"] {
        probe.refuse("unknown route", (Host::Mtls, ("GET", path)), (&own, ""), unknown).await;
    }
    let method = (405, Body::Ofb("METODO_NAO_PERMITIDO"));
    probe
        .refuse("wrong method", (Host::Mtls, ("POST", ACCOUNTS)), (&[own[0], own[1], JSON], "{}"), method)
        .await;

    assert_eq!(probe.stored().await, before, "a refused call stored something");
    probe.assert_alive().await;
}

#[tokio::test]
async fn authorization_server_refuses_bad_input() {
    let probe = Probe::start();
    let before = probe.stored().await;

    let token = (Host::Mtls, ("POST", "/auth/token"));
    let client = (401, Body::OAuth("invalid_client"));
    let request = (400, Body::OAuth("invalid_request"));
    probe.refuse("no form", token, (&[FORM], ""), client).await;
    probe.refuse("a field twice", token, (&[FORM], "a=1&a=1"), request).await;
    probe.refuse("form too large", token, (&[FORM], format!("a={}", "x".repeat(100_000))), request).await;
    let assertion = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=";
    for jwt in
        ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJQUzI1NiIsImtpZCI6Ii4uLy4uIn0.e30.AAAA"]
    {
        probe.refuse("bad assertion", token, (&[FORM], format!("{assertion}{jwt}")), client).await;
    }
    let unsupported = (415, Body::OAuth("invalid_request"));
    probe.refuse("JSON", token, (&[JSON], "{}"), unsupported).await;
    probe.refuse("no content type", token, (&[], "a=1"), unsupported).await;
    let gzip = [FORM, ("content-encoding", "gzip")];
    probe.refuse("gzip", token, (&gzip, b"\x1f\x8b\x08\x00".to_vec()), unsupported).await;
    probe.refuse("not UTF-8", token, (&[FORM], b"a=\xff\xfe".to_vec()), request).await;
    let register = (Host::Mtls, ("POST", "/auth/register"));
    let metadata = (400, Body::OAuth("invalid_client_metadata"));
    probe.refuse("not UTF-8", register, (&[JSON], b"{\"a\":\"\xff\"}".to_vec()), metadata).await;
    let method = (405, Body::OAuth("invalid_request"));
    probe.refuse("wrong method", (Host::Mtls, ("GET", "/auth/token")), (&[], ""), method).await;
    let par = (Host::Mtls, ("POST", "/auth/par"));
    probe.refuse("par without a client", par, (&[FORM], "request=x"), client).await;
    let page = (400, Body::Page);
    for path in [
        "/auth/authorize",
        "/auth/authorize?client_id=x&request_uri=urn:ietf:params:oauth:request_uri:x",
        "/auth/authorize?client_id=x&client_id=x&request_uri=x",
        "/auth/resume",
        "/auth/resume?ticket=x",
        "/auth/resume?ticket=0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01.AAAA",
    ] {
        probe.refuse(path, (Host::Public, ("GET", path)), (&[], ""), page).await;
    }
    let unknown = (404, Body::OAuth("invalid_request"));
    probe.refuse("unknown route", (Host::Public, ("GET", "/auth/nothing")), (&[], ""), unknown).await;
    probe.refuse("no certificate", (Host::Public, ("POST", "/auth/token")), (&[FORM], ""), unknown).await;
    assert_eq!(probe.stored().await, before, "a refused call stored something");

    // A client that is who it says and pushes nonsense: its assertion is remembered (S02), nothing else.
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let object = (400, Body::OAuth("invalid_request_object"));
    let objects = ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJQUzI1NiJ9.bm90IGpzb24.AAAA"];
    for (round, request) in objects.iter().enumerate() {
        let fields = authentication(&probe.stack, now, &format!("bad-input-{round}"));
        let form =
            Serializer::new(String::new()).extend_pairs(fields).append_pair("request", request).finish();
        probe.refuse("bad request object", par, (&[FORM], form), object).await;
    }
    let mut remembered = before;
    remembered[2] += objects.len() as u64;
    assert_eq!(probe.stored().await, remembered, "only the used assertions are new");
    probe.assert_alive().await;
}

#[tokio::test]
async fn channel_refuses_bad_input() {
    let probe = Probe::start();
    let before = probe.stored().await;

    let channel = probe.stack.text("/channel/client_name").to_owned();
    let base = format!("/api/{channel}/consents/v1/interactions/{INTERACTION}");
    let gone = (404, Body::Ofb("INVALID_SESSION"));
    probe.refuse("unknown interaction", (Host::Public, ("GET", &base)), (&[], ""), gone).await;
    for step in ["login", "consent", "cancel"] {
        let path = format!("{base}/{step}");
        let call = (Host::Public, ("POST", path.as_str()));
        let invalid = (400, Body::Ofb("PARAMETRO_INVALIDO"));
        probe.refuse("half a JSON", call, (&[JSON], "{"), invalid).await;
        probe.refuse("another JSON", call, (&[JSON], "[]"), invalid).await;
        let unsupported = (415, Body::Ofb("TIPO_NAO_SUPORTADO"));
        probe.refuse("a form", call, (&[FORM], "a=1"), unsupported).await;
        let method = (405, Body::Ofb("METODO_NAO_PERMITIDO"));
        probe.refuse("wrong method", (Host::Public, ("GET", &path)), (&[], ""), method).await;
    }
    let device = json!({ "platform": "BROWSER", "os": "LINUX", "osVersion": "6.1" });
    let login = json!({ "accessToken": "x", "device": device }).to_string();
    let path = format!("{base}/login");
    probe.refuse("login out of nowhere", (Host::Public, ("POST", &path)), (&[JSON], login), gone).await;
    let not_found = (404, Body::Gateway("Not Found"));
    for path in ["/", "/nothing", CONSENTS, ACCOUNTS] {
        probe.refuse("not a public path", (Host::Public, ("GET", path)), (&[], ""), not_found).await;
    }

    assert_eq!(probe.stored().await, before, "a refused call stored something");
    probe.assert_alive().await;
}

#[tokio::test]
async fn functions_refuse_broken_certificates() {
    let probe = Probe::start();
    let before = probe.stored().await;

    let text =
        std::fs::read_to_string(checkout::root().join("events/http.json")).expect("the event can be read");
    let event: Value = serde_json::from_str(&text).expect("the event is JSON");
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "no PEM", "-----BEGIN CERTIFICATE-----\n", garbage] {
        for (function, path) in [("data", ACCOUNTS), ("consents", CONSENTS), ("oauth", "/auth/token")] {
            let mut event = event.clone();
            event["rawPath"] = path.into();
            let context = &mut event["requestContext"];
            context["authentication"]["clientCert"]["clientCertPem"] = pem.into();
            context["http"]["path"] = path.into();
            if function != "data" {
                context["http"]["method"] = "POST".into();
                event["body"] = "{}".into();
                let form = if function == "oauth" { FORM } else { JSON };
                event["headers"][form.0] = form.1.into();
            }
            let url = format!("{}/invoke/{function}", probe.stack.text("/control"));
            let said = probe.callers.service(&url, &[], &event).await;
            assert_eq!(said["answer"]["statusCode"], 401, "{function} with {pem:?}: {said}");
        }
    }

    assert_eq!(probe.stored().await, before, "a refused call stored something");
    probe.assert_alive().await;
}
