//! Tests of the token server (M01).

use http::StatusCode;

use super::*;

fn ask(bench: &Bench, path: &str, body: &str, certificate: Option<&[u8]>) -> (u16, Value) {
    let mut headers = HeaderMap::new();
    let json = body.starts_with('{');
    let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
    headers.insert("content-type", kind.parse().unwrap());
    let answer = token_endpoint::answer(
        &bench.pcm,
        &Request {
            method: Method::POST,
            path: path.into(),
            query: String::new(),
            headers,
            body: body.to_owned().into(),
            certificate: certificate.map(|der| der.to_vec().into()),
        },
    );
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or_default())
}

#[tokio::test]
async fn m01_tokens_only_with_the_slash_and_the_right_certificate() {
    let bench = Bench::new();
    let good = r#"{"client_id":"x","grant_type":"client_credentials"}"#;
    assert_eq!(ask(&bench, "/token", good, None).0, StatusCode::NOT_FOUND);
    let unsupported =
        json!({ "error": "unsupported_grant_type", "error_description": "Unsupported grant_type" });
    for body in [
        "client_id=x",
        "client_id=x&grant_type=password",
        r#"{"client_id":"x"}"#,
        r#"{"client_id":"x","grant_type":"password"}"#,
        "not a form or JSON",
    ] {
        assert_eq!(ask(&bench, "/token/", body, None), (400, unsupported.clone()), "{body}");
    }
    let nobody = json!({ "error": "invalid_client", "error_description": "Invalid client credentials" });
    assert_eq!(ask(&bench, "/token/", "grant_type=client_credentials", None), (400, nobody));
    let foreign = json!({ "statusCode": 401, "message": "ClientId is not valid to the orgId" });
    for certificate in [None, Some(&b"junk"[..])] {
        for body in [good, "client_id=x&grant_type=client_credentials"] {
            assert_eq!(ask(&bench, "/token/", body, certificate), (401, foreign.clone()), "{body}");
        }
    }
}

#[test]
fn m01_a_token_lasts_six_hours() {
    let tokens = Tokens::new(&key()).unwrap();
    let now = clock::now();
    let token = tokens.issue("client", "organisation", now).unwrap();
    let at = |seconds: i64| tokens.organisation(&token, Moment::from_seconds(now.seconds() + seconds));
    assert_eq!(at(crate::tokens::LIFE - 1).as_deref(), Some("organisation"));
    assert_eq!(at(crate::tokens::LIFE), None);
    assert_eq!(crate::tokens::LIFE, 21_600);
}

/// The token is a JWT that anybody can read: its holder learns from it how long it lasts.
#[test]
fn m01_a_token_can_be_looked_into() {
    use base64::Engine as _;
    let now = clock::now();
    let token = Tokens::new(&key()).unwrap().issue("client", "organisation", now).unwrap();
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!((&claims["exp"], &claims["sub"]), (&json!(now.seconds() + 21_600), &json!("client")));
}

/// T52: tokens that end early, and tokens that are all refused at once.
#[tokio::test]
async fn t52_tokens_expire_to_order() {
    let bench = Bench::new();
    let headers = bench.headers(&bench.client);
    let post = |headers| bench.raw(Method::POST, PRIVATE, headers, "[]".into());
    assert_eq!(post(headers.clone()).await.0, 400);
    let control =
        |method, body: &'static str| bench.raw(method, "/sandbox/tokens", HeaderMap::new(), body.into());
    control(Method::DELETE, "").await;
    assert_eq!(post(headers).await.0, 401);
    assert_eq!(control(Method::POST, r#"{"life":0}"#).await.1, json!({ "life": 0 }));
    assert_eq!(post(bench.headers(&bench.client)).await.0, 401);
    control(Method::POST, r#"{"life":21600}"#).await;
    assert_eq!(post(bench.headers(&bench.client)).await.0, 400);
}
