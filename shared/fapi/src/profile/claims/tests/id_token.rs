//! Id tokens, on the side of the client: S14, S15.

use super::*;

fn id_token() -> IdToken {
    IdToken {
        iss: ISSUER.to_owned(),
        sub: "p-1".to_owned(),
        aud: CLIENT.to_owned(),
        exp: NumericDate::at(NOW + 300),
        iat: NumericDate::at(NOW),
        auth_time: NumericDate::at(NOW - 5),
        nonce: "n-1".to_owned(),
        acr: Acr::Loa2,
        c_hash: Some(half_hash("code-1")),
        s_hash: Some(half_hash("s-1")),
        at_hash: None,
    }
}

fn expected() -> ExpectedIdToken<'static> {
    ExpectedIdToken {
        issuer: ISSUER,
        client_id: CLIENT,
        nonce: "n-1",
        code: Some("code-1"),
        state: Some("s-1"),
        access_token: None,
    }
}

#[test]
fn half_hashes_are_those_of_openid_connect_core() {
    // OpenID Connect Core 1.0 appendix A.4 (at_hash) and A.6 (c_hash).
    assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    assert_eq!(
        half_hash("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"),
        "LDktKdoQak3Pk0cnXxCltA"
    );
}

#[test]
fn an_id_token_is_checked_by_its_client_s14_s15() {
    assert_eq!(id_token().check(&expected(), CLOCK), Ok(()));
    let written = serde_json::to_value(id_token()).unwrap();
    assert_eq!(written["acr"], "urn:brasil:openbanking:loa2");
    assert!(written.get("at_hash").is_none());
    let read: IdToken = serde_json::from_value(written).unwrap();
    assert_eq!(read, id_token());
}

#[test]
fn an_id_token_for_another_journey_is_refused() {
    let refused = |expected: ExpectedIdToken<'_>| id_token().check(&expected, CLOCK).err();
    let mismatch = |name| Some(ClaimFault::Mismatch(name));
    assert_eq!(refused(ExpectedIdToken { issuer: "x", ..expected() }), mismatch("iss"));
    assert_eq!(refused(ExpectedIdToken { client_id: "x", ..expected() }), mismatch("aud"));
    assert_eq!(refused(ExpectedIdToken { nonce: "x", ..expected() }), mismatch("nonce"));
    assert_eq!(refused(ExpectedIdToken { code: Some("x"), ..expected() }), mismatch("c_hash"));
    assert_eq!(refused(ExpectedIdToken { state: Some("x"), ..expected() }), mismatch("s_hash"));
    let with_token = ExpectedIdToken { access_token: Some("x"), ..expected() };
    assert_eq!(refused(with_token), Some(ClaimFault::Missing("at_hash")));
    assert!(
        serde_json::from_value::<IdToken>(without(serde_json::to_value(id_token()).unwrap(), "acr")).is_err()
    );
}

#[test]
fn an_id_token_of_last_week_is_refused() {
    let at = |now: u64| id_token().check(&expected(), VerificationTime { now, skew: 10 });
    assert_eq!(at(NOW + 309), Ok(()));
    assert_eq!(at(NOW + 310), Err(ClaimFault::Expired));
    assert_eq!(at(NOW - 11), Err(ClaimFault::NotYetValid));
    let stale = IdToken { exp: NumericDate::at(NOW + 700_000), ..id_token() };
    let later = VerificationTime { now: NOW + 604_800, skew: 10 };
    assert_eq!(stale.check(&expected(), later), Err(ClaimFault::Lifetime));
}
