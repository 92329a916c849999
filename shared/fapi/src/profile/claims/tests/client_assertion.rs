//! Client assertions: S02, RFC 7523.

use super::*;

pub(super) fn assertion() -> Value {
    json!({ "iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "jti": "a-1" })
}

fn judge_assertion(claims: Value) -> Result<VerifiedAssertion, ClaimFault> {
    let claims: ClientAssertion = serde_json::from_value(claims).unwrap();
    claims.check(CLIENT, &[ISSUER, "https://mtls.example.com.br/auth/token"], CLOCK)
}

#[test]
fn a_client_assertion_holds_and_says_how_long_to_remember_it_s02() {
    let expected = VerifiedAssertion { jti: "a-1".to_owned(), remember_until: NOW + 70 };
    assert_eq!(judge_assertion(assertion()), Ok(expected.clone()));
    let endpoint = json!(["https://other.example", "https://mtls.example.com.br/auth/token"]);
    assert_eq!(judge_assertion(with(assertion(), "aud", endpoint)), Ok(expected));
}

#[test]
fn a_client_assertion_for_someone_or_somewhere_else_is_refused_rfc7523() {
    for name in ["iss", "sub", "aud"] {
        let other = with(assertion(), name, json!("other"));
        assert_eq!(judge_assertion(other), Err(ClaimFault::Mismatch(name)));
    }
    for name in ["iss", "sub", "aud", "exp", "jti"] {
        assert_eq!(judge_assertion(without(assertion(), name)), Err(ClaimFault::Missing(name)));
    }
    let prefix = with(assertion(), "aud", json!(format!("{ISSUER}/")));
    assert_eq!(judge_assertion(prefix), Err(ClaimFault::Mismatch("aud")));
}

#[test]
fn a_client_assertion_lives_between_now_and_an_hour_rfc7523() {
    let exp = |seconds: u64| judge_assertion(with(assertion(), "exp", json!(seconds))).map(|_| ());
    assert_eq!(exp(NOW - 9), Ok(()));
    assert_eq!(exp(NOW - 10), Err(ClaimFault::Expired));
    assert_eq!(exp(NOW + 3_610), Ok(()));
    assert_eq!(exp(NOW + 3_611), Err(ClaimFault::Lifetime));
    for name in ["iat", "nbf"] {
        let ahead = |seconds| judge_assertion(with(assertion(), name, json!(NOW + seconds))).map(|_| ());
        assert_eq!(ahead(10), Ok(()));
        assert_eq!(ahead(11), Err(ClaimFault::NotYetValid));
    }
    let age = |seconds| judge_assertion(with(assertion(), "iat", json!(NOW - seconds))).map(|_| ());
    assert_eq!(age(3_610), Ok(()));
    assert_eq!(age(3_611), Err(ClaimFault::Lifetime));
}

#[test]
fn a_jti_is_short_and_printable() {
    for bad in ["", "a b", &"j".repeat(257)] {
        let claims = with(assertion(), "jti", json!(bad));
        assert_eq!(judge_assertion(claims), Err(ClaimFault::Malformed("jti")));
    }
}

#[test]
fn audiences_are_one_to_ten() {
    let ten: Vec<_> =
        (1..10).map(|number| format!("https://{number}.example")).chain([ISSUER.to_owned()]).collect();
    assert!(judge_assertion(with(assertion(), "aud", json!(ten))).is_ok());
    for bad in [json!([]), json!(vec!["a"; 11]), json!(7), json!([7])] {
        assert!(serde_json::from_value::<ClientAssertion>(with(assertion(), "aud", bad)).is_err());
    }
}
