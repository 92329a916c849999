//! Request objects: S04, S06, S07, S15, S51.

use crate::profile::scope::ScopeFault;

use super::*;

pub(super) fn request() -> Value {
    json!({
        "iss": CLIENT, "client_id": CLIENT, "aud": ISSUER, "nbf": NOW, "exp": NOW + 300, "iat": NOW, "jti": "r-1",
        "response_type": "code id_token", "response_mode": "fragment",
        "redirect_uri": "https://receptora.example.com.br/cb", "scope": "openid accounts consent:urn:ponte:C1",
        "state": "s-1", "nonce": "n-1",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        "claims": { "id_token": { "acr": { "essential": true } } },
    })
}

fn judge_request(claims: Value) -> Result<AuthorizationRequest, ClaimFault> {
    let claims: RequestObject = serde_json::from_value(claims).unwrap();
    claims.check(CLIENT, ISSUER, CLOCK)
}

#[test]
fn a_request_object_of_the_profile_holds_s04_s06() {
    let read = judge_request(request()).unwrap();
    assert_eq!(read.redirect_uri, "https://receptora.example.com.br/cb");
    assert_eq!(read.scope.to_string(), "openid accounts consent:urn:ponte:C1");
    assert_eq!((read.nonce.as_str(), read.state.as_deref(), read.acr), ("n-1", Some("s-1"), Acr::Loa2));
    assert!(judge_request(without(request(), "response_mode")).is_ok());
    assert_eq!(judge_request(without(request(), "state")).unwrap().state, None);
    assert!(judge_request(with(request(), "prompt", json!("login consent"))).is_ok());
}

#[test]
fn a_request_object_cannot_pass_for_a_client_assertion_s04_rfc9101() {
    assert_eq!(judge_request(with(request(), "sub", json!(CLIENT))), Err(ClaimFault::Mismatch("sub")));
}

#[test]
fn a_request_object_lacks_nothing_required_s04_s06() {
    for name in [
        "iss",
        "client_id",
        "aud",
        "nbf",
        "exp",
        "response_type",
        "redirect_uri",
        "scope",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    ] {
        assert_eq!(judge_request(without(request(), name)), Err(ClaimFault::Missing(name)));
    }
}

#[test]
fn a_request_object_of_another_client_or_for_another_server_is_refused_s04() {
    for name in ["iss", "client_id", "aud"] {
        assert_eq!(judge_request(with(request(), name, json!("other"))), Err(ClaimFault::Mismatch(name)));
    }
}

#[test]
fn modes_that_were_not_certified_are_refused_s06_s07() {
    for (name, value) in [
        ("response_type", "code"),
        ("response_type", "id_token code"),
        ("response_mode", "query"),
        ("response_mode", "form_post"),
        ("response_mode", "jwt"),
        ("code_challenge_method", "plain"),
        ("prompt", "none"),
        ("prompt", "login none"),
        ("request", "eyJ"),
        ("request_uri", "urn:x"),
        ("id_token_hint", "eyJ"),
    ] {
        let claims = with(request(), name, json!(value));
        assert_eq!(judge_request(claims), Err(ClaimFault::Unsupported(name)), "{value}");
    }
}

#[test]
fn a_request_object_lives_an_hour_at_most_fapi_advanced_5_2_2() {
    let times = |nbf: u64, exp: u64| {
        judge_request(with(with(request(), "nbf", json!(nbf)), "exp", json!(exp))).map(|_| ())
    };
    assert_eq!(times(NOW, NOW + 3_600), Ok(()));
    assert_eq!(times(NOW, NOW + 3_601), Err(ClaimFault::Lifetime));
    assert_eq!(times(NOW + 10, NOW + 60), Ok(()));
    assert_eq!(times(NOW + 11, NOW + 60), Err(ClaimFault::NotYetValid));
    assert_eq!(times(NOW - 3_600, NOW), Ok(()));
    assert_eq!(times(NOW - 3_611, NOW - 9), Err(ClaimFault::Lifetime));
    assert_eq!(times(NOW - 60, NOW - 10), Err(ClaimFault::Expired));
}

#[test]
fn scopes_of_a_request_name_one_consent_s51() {
    let scope = |text: &str| judge_request(with(request(), "scope", json!(text))).err();
    assert_eq!(scope("accounts consent:urn:ponte:C1"), Some(ClaimFault::Scope(ScopeFault::OpenidMissing)));
    assert_eq!(scope("openid accounts"), Some(ClaimFault::Scope(ScopeFault::NoTarget)));
    assert_eq!(scope("openid consent:C1"), Some(ClaimFault::Scope(ScopeFault::Id)));
}

#[test]
fn texts_that_are_echoed_are_bounded() {
    for (name, max) in [("nonce", 1_024), ("state", 2_048), ("redirect_uri", 2_048)] {
        assert!(judge_request(with(request(), name, json!("x".repeat(max)))).is_ok());
        for bad in ["x".repeat(max + 1), String::new(), "a\nb".to_owned()] {
            let claims = with(request(), name, json!(bad));
            assert_eq!(judge_request(claims), Err(ClaimFault::Malformed(name)));
        }
    }
    let blank = with(request(), "redirect_uri", json!("https://receptora.example.com.br/c b"));
    assert_eq!(judge_request(blank), Err(ClaimFault::Malformed("redirect_uri")));
    let short = with(request(), "code_challenge", json!("abc"));
    assert_eq!(judge_request(short), Err(ClaimFault::Malformed("code_challenge")));
}

#[test]
fn a_wish_for_an_acr_is_heard_s15_s40() {
    let (loa2, loa3) = ("urn:brasil:openbanking:loa2", "urn:brasil:openbanking:loa3");
    let level = |member: Value| {
        let claims = json!({ "id_token": { "acr": member } });
        judge_request(with(request(), "claims", claims)).map(|request| request.acr)
    };
    assert_eq!(level(Value::Null), Ok(Acr::Loa2));
    assert_eq!(level(json!({ "essential": true })), Ok(Acr::Loa2));
    assert_eq!(level(json!({ "essential": true, "values": [loa3] })), Ok(Acr::Loa3));
    assert_eq!(level(json!({ "essential": true, "value": loa3 })), Ok(Acr::Loa3));
    assert_eq!(level(json!({ "essential": true, "values": [loa3, loa2] })), Ok(Acr::Loa2));
    assert_eq!(level(json!({ "essential": true, "value": "urn:x" })), Err(ClaimFault::Unsupported("acr")));
    assert_eq!(level(json!({ "value": loa3 })), Ok(Acr::Loa2), "a wish that is not essential");
    assert!(judge_request(without(request(), "claims")).is_ok());
    assert_eq!(level(json!({ "essential": true, "value": null, "values": null })), Ok(Acr::Loa2));
    assert_eq!(level(json!({ "essential": null, "values": [loa3] })), Ok(Acr::Loa2));
    assert_eq!(level(json!({ "essential": true, "value": loa3, "values": null })), Ok(Acr::Loa3));
    let unknown = json!({ "essential": true, "value": "urn:x", "values": null });
    assert_eq!(level(unknown), Err(ClaimFault::Unsupported("acr")), "what is there still counts");
}

#[test]
fn state_and_nonce_take_every_visible_character_and_the_blank_rfc6749_appendix_a() {
    let all: String = (' '..='~').collect();
    for text in ["return to home", " ", "\"quoted\" \\ #?&=+%20", &all] {
        let claims = with(with(request(), "state", json!(text)), "nonce", json!(text));
        let read = judge_request(claims).unwrap();
        assert_eq!((read.state.as_deref(), read.nonce.as_str()), (Some(text), text));
    }
    for name in ["state", "nonce"] {
        for bad in ["\u{1f}", "a\tb", "a\r\nb", "\u{7f}", "\u{e7}", "\u{0}"] {
            let claims = with(request(), name, json!(bad));
            assert_eq!(judge_request(claims), Err(ClaimFault::Malformed(name)), "{bad:?}");
        }
    }
}
