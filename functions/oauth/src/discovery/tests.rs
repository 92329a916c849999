//! The advertised metadata: S07, S08, S15, S18, S42, and that every endpoint in it answers.

use ponte_fapi::jws::TokenType;
use serde_json::{Value, json};

use crate::scopes::Scopes;
use crate::testing::{Gateway, ISSUER, MTLS, World, client_signer, request_claims};

use super::*;

fn settings(assurance: Assurance) -> SiteSettings {
    SiteSettings {
        public_url: ISSUER.to_owned(),
        mtls_url: MTLS.to_owned(),
        channel_login_url: "https://channel.example/<IDENTIFICADOR>".to_owned(),
        commands: false,
        session_required: true,
        apple_apps: Vec::new(),
        android_apps: Vec::new(),
        assurance,
        scopes: Scopes { payments: false },
    }
}

fn read() -> Value {
    serde_json::from_str(&document(&settings(Assurance::Loa2))).unwrap()
}

#[test]
fn s07_only_certified_modes_are_advertised() {
    let read = read();
    assert_eq!(read["response_types_supported"], json!(["code id_token"]));
    assert_eq!(read["response_modes_supported"], json!(["fragment"]));
    assert_eq!(
        read["grant_types_supported"],
        json!(["authorization_code", "refresh_token", "client_credentials"])
    );
    assert_eq!(read["subject_types_supported"], json!(["public"]));
    assert_eq!(read["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(read["require_pushed_authorization_requests"], json!(true));
    assert_eq!(read["request_uri_parameter_supported"], json!(false));
    assert_eq!(read["tls_client_certificate_bound_access_tokens"], json!(true));
    for endpoint in ["token", "introspection", "revocation"] {
        assert_eq!(read[format!("{endpoint}_endpoint_auth_methods_supported")], json!(["private_key_jwt"]));
        let algorithms = &read[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")];
        assert_eq!(algorithms, &json!(["PS256"]));
    }
}

#[test]
fn s04_s14_the_algorithms_of_the_profile_are_the_only_ones() {
    let read = read();
    for what in ["request_object", "id_token"] {
        assert_eq!(read[format!("{what}_signing_alg_values_supported")], json!(["PS256"]));
        assert_eq!(read[format!("{what}_encryption_alg_values_supported")], json!(["RSA-OAEP"]));
        assert_eq!(read[format!("{what}_encryption_enc_values_supported")], json!(["A256GCM"]));
    }
}

#[test]
fn s15_the_levels_advertised_are_those_the_channel_can_do() {
    let (loa2, loa3) = ("urn:brasil:openbanking:loa2", "urn:brasil:openbanking:loa3");
    assert_eq!(read()["acr_values_supported"], json!([loa2]));
    let strong: Value = serde_json::from_str(&document(&settings(Assurance::Loa3))).unwrap();
    assert_eq!(strong["acr_values_supported"], json!([loa2, loa3]));
}

#[test]
fn s08_claims_parameter_and_userinfo_are_there() {
    let read = read();
    assert_eq!(read["claims_parameter_supported"], json!(true));
    assert_eq!(read["userinfo_endpoint"], "https://mtls.example/auth/userinfo");
    assert!(read["claims_supported"].as_array().unwrap().contains(&json!("acr")));
    assert!(read.get("backchannel_authentication_endpoint").is_none(), "CIBA is optional and not served");
}

#[test]
fn s42_endpoints_with_certificates_have_aliases() {
    let read = read();
    assert_eq!(read["issuer"], ISSUER);
    let aliases = read["mtls_endpoint_aliases"].as_object().unwrap();
    assert_eq!(aliases.len(), 6);
    for (name, url) in aliases {
        assert_eq!(read[name], *url);
        assert!(url.as_str().unwrap().starts_with("https://mtls.example/auth/"), "{url}");
    }
    assert_eq!(read["authorization_endpoint"], "https://as.example/auth/authorize");
    assert_eq!(read["jwks_uri"], "https://as.example/auth/jwks");
}

#[test]
fn s18_ten_scopes_are_always_declared() {
    let read = read();
    let scopes = read["scopes_supported"].as_array().unwrap();
    for scope in [
        "invoice-financings",
        "financings",
        "loans",
        "unarranged-accounts-overdraft",
        "bank-fixed-incomes",
        "credit-fixed-incomes",
        "variable-incomes",
        "treasure-titles",
        "funds",
        "exchanges",
    ] {
        assert!(scopes.contains(&json!(scope)), "{scope}");
    }
    for scope in ["payments", "recurring-payments", "nrp-consents"] {
        assert!(!scopes.contains(&json!(scope)), "{scope} is not served");
    }
}

#[tokio::test]
async fn s07_every_endpoint_that_is_advertised_answers() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let reply = gateway.public("GET", "/.well-known/openid-configuration", "").await;
    assert_eq!(reply.status, 200);
    let mut endpoints = 0;
    for (name, url) in reply.json().as_object().unwrap() {
        let Some(url) = url.as_str().filter(|_| name.ends_with("_endpoint") || name == "jwks_uri") else {
            continue;
        };
        let path = url.trim_start_matches(ISSUER).trim_start_matches(MTLS);
        let method = if name == "jwks_uri" || name == "authorization_endpoint" { "GET" } else { "POST" };
        let reply = gateway.call(method, path, json!({}), "", None).await;
        assert!(![404, 405, 500].contains(&reply.status), "{name}: {reply:?}");
        endpoints += 1;
    }
    assert_eq!(endpoints, 8);
}

#[tokio::test]
async fn s07_modes_that_are_not_advertised_are_refused() {
    for (name, value) in [
        ("response_type", "code"),
        ("response_type", "id_token"),
        ("response_type", "code token"),
        ("response_mode", "query"),
        ("response_mode", "form_post"),
        ("response_mode", "jwt"),
        ("code_challenge_method", "plain"),
    ] {
        let world = World::new();
        let mut claims = request_claims();
        claims[name] = json!(value);
        let request = client_signer().sign(TokenType::RequestObject, &claims).unwrap();
        assert_eq!(world.push_token(&request).await.0, 400, "{name} {value}");
    }
}
