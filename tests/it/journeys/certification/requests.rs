//! Plan "FAPI1-Advanced-Final": request objects, pushed requests, `request_uri`.

use ponte_participant::Receiver;
use ponte_web::caller::Reply;
use serde_json::{Value, json};

use super::super::steps::want;
use super::{Plan, forged, refused};

const SCOPE: &str = "accounts resources";
const HOUR: i64 = 3_600;

/// A claim of a request object, and what becomes of it: none takes it away.
type Change = (&'static str, fn(&Value) -> Option<Value>);

fn shifted(claims: &Value, name: &str, seconds: i64) -> Option<Value> {
    claims[name].as_i64().map(|at| json!(at + seconds))
}

/// One change each that makes a good request object a bad one.
const BAD_CLAIMS: [(&str, &[Change], &str); 19] = [
    ("ensure-request-object-without-exp-fails", &[("exp", |_| None)], "invalid_request_object"),
    ("ensure-request-object-without-nbf-fails", &[("nbf", |_| None)], "invalid_request_object"),
    ("ensure-request-object-without-nonce-fails", &[("nonce", |_| None)], "invalid_request"),
    ("ensure-request-object-without-scope-fails", &[("scope", |_| None)], "invalid_request"),
    ("ensure-request-object-without-redirect-uri-fails", &[("redirect_uri", |_| None)], "invalid_request"),
    (
        "ensure-expired-request-object-fails",
        &[("exp", |claims| shifted(claims, "iat", -300))],
        "invalid_request_object",
    ),
    (
        "ensure-request-object-with-exp-over-60-fails",
        &[("exp", |claims| shifted(claims, "nbf", HOUR + 60))],
        "invalid_request_object",
    ),
    (
        "ensure-request-object-with-nbf-over-60-fails",
        &[("nbf", |claims| shifted(claims, "nbf", -HOUR - 120))],
        "invalid_request_object",
    ),
    (
        "ensure-request-object-with-nbf-in-the-future-fails",
        &[("nbf", |claims| shifted(claims, "nbf", 200))],
        "invalid_request_object",
    ),
    (
        "ensure-request-object-with-bad-aud-fails",
        &[("aud", |_| Some(json!("https://other.example")))],
        "invalid_request_object",
    ),
    (
        "ensure-request-object-with-wrong-iss-fails",
        &[("iss", |_| Some(json!("somebody")))],
        "invalid_request_object",
    ),
    (
        "ensure-request-object-is-no-client-assertion",
        &[("sub", |claims| Some(claims["iss"].clone()))],
        "invalid_request_object",
    ),
    (
        "ensure-client-id-in-request-object-matches",
        &[("client_id", |_| Some(json!("somebody")))],
        "invalid_request_object",
    ),
    (
        "ensure-registered-redirect-uri",
        &[("redirect_uri", |_| Some(json!("https://evil.example/cb")))],
        "invalid_request",
    ),
    (
        "ensure-response-type-code-fails",
        &[("response_type", |_| Some(json!("code")))],
        "unsupported_response_type",
    ),
    ("ensure-response-mode-query", &[("response_mode", |_| Some(json!("query")))], "invalid_request"),
    ("par-pkce-required", &[("code_challenge", |_| None)], "invalid_request"),
    ("par-plain-pkce-rejected", &[("code_challenge_method", |_| Some(json!("plain")))], "invalid_request"),
    (
        "ensure-unknown-consent-in-scope-fails",
        &[("scope", |_| Some(json!("openid accounts consent:urn:bancoexemplo:unknown")))],
        "invalid_scope",
    ),
];

async fn pushed(client: &Receiver, plan: &Plan, claims: &Value) -> Reply {
    let authorization = plan.client().begin("urn:bancoexemplo:any");
    let object = client.signed_request(claims);
    client.push_object(&authorization, &object).await.expect("par answers")
}

#[tokio::test]
async fn s03_s04_s06_bad_request_objects_are_refused() {
    let plan = Plan::begin().await;
    let client = plan.client();
    let authorization = plan.authorization().await;
    let good = client.request_claims(&authorization, SCOPE);
    for (module, changes, error) in BAD_CLAIMS {
        let mut claims = good.clone();
        for (name, change) in changes {
            match change(&good) {
                Some(value) => claims[*name] = value,
                None => drop(claims.as_object_mut().expect("claims are an object").remove(*name)),
            }
        }
        refused(module, &pushed(client, &plan, &claims).await, 400, error);
    }

    let (kid, key) = (plan.stack.text("/clients/0/signing_kid"), plan.file("/clients/0/signing_key"));
    let signed = client.signed_request(&good);
    for (module, object) in [
        ("ensure-request-object-signature-algorithm-is-not-none", forged::unsigned(kid, &good)),
        ("ensure-signed-request-object-with-RS256-fails", forged::rs256(&key, kid, &good)),
        ("ensure-request-object-with-invalid-signature-fails", forged::broken(&signed)),
        ("encrypted-unsigned-request-object-fails", client.encrypted_request(&forged::unsigned(kid, &good))),
        ("encrypted-RS256-request-object-fails", client.encrypted_request(&forged::rs256(&key, kid, &good))),
        ("twice-encrypted-request-object-fails", {
            let once = client.encrypted_request(&signed);
            client.encrypted_request(&once)
        }),
    ] {
        let reply = client.push_object(&authorization, &object).await.expect("par answers");
        refused(module, &reply, 400, "invalid_request_object");
    }
    // The same claims, untouched, are good: signed alone, and signed then encrypted.
    for object in [signed.clone(), client.encrypted_request(&signed)] {
        want(201, "par", client.push_object(&authorization, &object).await.expect("par answers"));
    }
}

#[tokio::test]
async fn s05_a_request_uri_is_one_client_s_and_good_for_one_interaction() {
    let plan = Plan::begin().await;
    let (world, client) = (&plan.world, plan.client());
    let other = Receiver::set_up(plan.stack.endpoints(), 1).await.expect("the other receiver is set up");
    let authorization = plan.authorization().await;
    let reply = client.push(&authorization, SCOPE).await.expect("par answers");
    let body = want(201, "par", reply).json();
    let request_uri = body["request_uri"].as_str().expect("par gives a request_uri").to_owned();
    assert!(body["expires_in"].as_u64().is_some_and(|life| life >= 120), "{body}");

    let page = |module: &'static str, reply: Reply| {
        let said = format!("{module}: {} {:?}", reply.status, reply.header("location"));
        assert!((400..500).contains(&reply.status) && reply.header("location").is_none(), "{said}");
        assert!(reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{said}");
    };
    // Of another client: neither to that client nor anywhere else.
    let url = other.authorization_url(&request_uri);
    page(
        "par-attempt-to-use-request_uri-for-different-client",
        client.browse(&url).await.expect("an answer"),
    );
    let url = client.authorization_url("urn:ietf:params:oauth:request_uri:never-pushed");
    page("par-attempt-invalid-request_uri", client.browse(&url).await.expect("an answer"));
    // A request by value, with a redirect of the attacker's wish.
    let base = client.authorization_url(&request_uri);
    let base = base.split_once('?').expect("a query").0;
    let object = client.signed_request(&client.request_claims(&authorization, SCOPE));
    let by_value = format!(
        "{base}?client_id={}&request={object}&redirect_uri=https://evil.example/cb&response_type=code",
        client.record().client_id
    );
    page("par-without-request_uri", client.browse(&by_value).await.expect("an answer"));

    // Once through, and the same request_uri is spent.
    let interaction = world.log_in(&authorization.consent).await;
    world.agree(&interaction).await;
    let spent = client.authorization_url(&request_uri);
    let reply = client.browse(&spent).await.expect("an answer");
    // This request_uri was never used up, but its consent is decided: the client hears it, and no code is given.
    let location = reply.header("location").expect("a redirect to the client").to_owned();
    assert!(location.starts_with(&authorization.redirect_uri), "{location}");
    assert!(location.contains("error=access_denied") && !location.contains("code="), "{location}");
}
