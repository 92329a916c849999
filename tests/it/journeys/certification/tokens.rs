//! Plan "FAPI1-Advanced-Final": client authentication, codes, holder of key.

use ponte_fapi::jws::TokenType;
use ponte_machine::clock;
use ponte_participant::{Receiver, Tokens};
use ponte_pki::Flaw;
use ponte_web::caller::{Call, Reply};
use serde_json::{Value, json};

use super::super::steps::want;
use super::{Plan, forged, refused};

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn assertion_claims(client: &Receiver, audience: &str) -> Value {
    let (id, now) = (&client.record().client_id, clock::now().seconds());
    json!({ "iss": id, "sub": id, "aud": audience, "iat": now, "exp": now + 60, "jti": clock::new_id() })
}

/// A client_credentials request with this assertion.
async fn with_assertion(client: &Receiver, assertion: &str) -> Reply {
    let endpoint = client.endpoint("token_endpoint").expect("discovery names it");
    let fields = [
        ("grant_type", "client_credentials"),
        ("scope", "consents"),
        ("client_id", &client.record().client_id),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", assertion),
    ];
    client.send(Call::post_form(endpoint, &fields)).await.expect("the token endpoint answers")
}

#[tokio::test]
async fn s02_bad_client_assertions_are_refused() {
    let plan = Plan::begin().await;
    let client = plan.client();
    let issuer = plan.stack.text("/hosts/public");
    let sign = |claims: &Value| client.signer().sign(TokenType::Jwt, claims).expect("the client signs");
    let changed = |name: &str, value: Option<Value>| {
        let mut claims = assertion_claims(client, issuer);
        match value {
            Some(value) => claims[name] = value,
            None => drop(claims.as_object_mut().expect("claims are an object").remove(name)),
        }
        sign(&claims)
    };
    let (kid, key) = (plan.stack.text("/clients/0/signing_kid"), plan.file("/clients/0/signing_key"));
    let now = clock::now().seconds();
    let good = assertion_claims(client, issuer);
    for (module, assertion) in [
        ("ensure-client-assertion-with-RS256-fails", forged::rs256(&key, kid, &good)),
        ("ensure-client-assertion-with-alg-none-fails", forged::unsigned(kid, &good)),
        ("ensure-client-assertion-with-invalid-signature-fails", forged::broken(&sign(&good))),
        ("ensure-client-assertion-with-exp-in-the-past-fails", changed("exp", Some(json!(now - 300)))),
        ("ensure-client-assertion-with-far-exp-fails", changed("exp", Some(json!(now + 7_200)))),
        ("ensure-client-assertion-without-exp-fails", changed("exp", None)),
        ("ensure-client-assertion-with-wrong-aud-fails", changed("aud", Some(json!("https://o.example")))),
        ("ensure-client-assertion-without-sub-fails", changed("sub", None)),
        ("ensure-client-assertion-with-wrong-sub-fails", changed("sub", Some(json!("somebody")))),
        ("ensure-client-assertion-with-wrong-iss-fails", changed("iss", Some(json!("somebody")))),
        ("ensure-client-assertion-without-jti-fails", changed("jti", None)),
        ("ensure-client-assertion-with-exp-as-text-fails", changed("exp", Some(json!("2030")))),
    ] {
        refused(module, &with_assertion(client, &assertion).await, 401, "invalid_client");
    }
    let once = sign(&assertion_claims(client, issuer));
    want(200, "token", with_assertion(client, &once).await);
    refused("client-assertion-jti-reused", &with_assertion(client, &once).await, 401, "invalid_client");
    for audience in ["token_endpoint", "pushed_authorization_request_endpoint"] {
        let audience = client.endpoint(audience).expect("discovery names it");
        want(200, "token", with_assertion(client, &sign(&assertion_claims(client, &audience))).await);
    }
}

#[tokio::test]
async fn s10_s72_s84_s96_s97_other_and_flawed_certificates_get_no_token() {
    let plan = Plan::begin().await;
    let issuer = plan.stack.text("/hosts/public").to_owned();
    let assertion = |client: &Receiver| {
        let claims = assertion_claims(client, &issuer);
        client.signer().sign(TokenType::Jwt, &claims).expect("the client signs")
    };
    let endpoint = plan.client().endpoint("token_endpoint").expect("discovery names it");
    let bare = plan.client().with_certificate(None).expect("a client without certificate");
    let fault = bare.send(Call::post_form(endpoint.as_str(), &[("grant_type", "client_credentials")])).await;
    let fault = fault.err().expect("no certificate, no connection");
    assert!(fault.refused_by_tls, "ensure-mtls-required: {fault}");
    for flaw in Flaw::ALL {
        let identity = plan.certificate(flaw);
        let client = plan.client().with_certificate(Some(&identity)).expect("a client with a flaw");
        let fields = [
            ("grant_type", "client_credentials"),
            ("scope", "consents"),
            ("client_assertion_type", JWT_BEARER),
            ("client_assertion", &assertion(&client)),
        ];
        let answer = client.send(Call::post_form(endpoint.as_str(), &fields)).await;
        match answer {
            Err(fault) => assert!(flaw.stops_tls() && fault.refused_by_tls, "{flaw:?}: {fault}"),
            Ok(reply) => {
                assert!(!flaw.stops_tls(), "{flaw:?} passed TLS");
                refused(&format!("{flaw:?}"), &reply, 401, "invalid_client");
            }
        }
    }
}

#[tokio::test]
async fn s06_s32_codes_and_tokens_are_bound_to_their_client_and_certificate() {
    let plan = Plan::begin().await;
    let (world, client) = (&plan.world, plan.client());
    let other = Receiver::set_up(plan.stack.endpoints(), 1).await.expect("the other receiver is set up");
    let token = world.client_token().await;
    let consent = world.create_consent(&token).await;
    let interaction = world.log_in(&consent).await;
    let code = world.approve(&interaction).await;
    let stolen =
        other.code_token(&interaction.authorization, &code).await.expect("the token endpoint answers");
    refused("ensure-authorization-code-is-bound-to-client", &stolen, 400, "invalid_grant");
    // The thief's try does not spend the code.
    let reply =
        client.code_token(&interaction.authorization, &code).await.expect("the token endpoint answers");
    let tokens = Tokens::of(&want(200, "token", reply)).expect("tokens");
    let refresh = tokens.refresh.clone().expect("a refresh token");

    let reply = other.refresh(&refresh, &consent).await.expect("the token endpoint answers");
    refused("refresh-token-of-another-client", &reply, 400, "invalid_grant");
    let thief = Receiver::set_up(plan.stack.endpoints(), 1).await.expect("the other receiver is set up");
    let reply = thief.userinfo(&tokens.access).await.expect("userinfo answers");
    assert_eq!(reply.status, 401, "ensure-holder-of-key: {}", reply.excerpt());
    let own_other_certificate = plan.certificate(Flaw::OtherSoftware);
    let moved = client.with_certificate(Some(&own_other_certificate)).expect("a client");
    let reply = moved.userinfo(&tokens.access).await.expect("userinfo answers");
    assert_eq!(reply.status, 401, "ensure-certificate-binding: {}", reply.excerpt());
    assert_eq!(world.accounts(&tokens.access, &consent).await.status, 200);

    let again =
        client.code_token(&interaction.authorization, &code).await.expect("the token endpoint answers");
    refused("attempt-reuse-authorization-code", &again, 400, "invalid_grant");
    let reply = client.refresh(&refresh, &consent).await.expect("the token endpoint answers");
    refused("a replayed code takes its refresh token back", &reply, 400, "invalid_grant");
}
