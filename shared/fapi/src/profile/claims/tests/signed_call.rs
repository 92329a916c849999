//! Calls that the institution's back end signs (T59).

use super::*;

const CALL: ReceivedCall<'_> = ReceivedCall { method: "POST", path: "/api/banco/x/cancel", body: "abc" };

fn claims() -> Value {
    json!({
        "iat": NOW, "jti": "j", "method": "POST", "path": "/api/banco/x/cancel",
        "bodyHash": "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
    })
}

fn judge(claims: Value) -> Result<VerifiedCall, ClaimFault> {
    let claims: SignedCall = serde_json::from_value(claims).unwrap();
    claims.check(CALL, CLOCK)
}

#[test]
fn t59_a_signature_is_of_one_call() {
    assert_eq!(judge(claims()), Ok(VerifiedCall { jti: "j".to_owned(), signed_at: NOW }));
    for (name, value) in [("method", "PUT"), ("path", "/api/banco/y/cancel"), ("bodyHash", "x")] {
        assert_eq!(judge(with(claims(), name, json!(value))), Err(ClaimFault::Mismatch(name)));
    }
    for name in ["iat", "jti", "method", "path", "bodyHash"] {
        assert_eq!(judge(without(claims(), name)), Err(ClaimFault::Missing(name)));
    }
    for jti in ["", " ", &"j".repeat(129)] {
        assert_eq!(judge(with(claims(), "jti", json!(jti))), Err(ClaimFault::Malformed("jti")));
    }
}

#[test]
fn t59_a_signature_is_of_now() {
    let skew = CLOCK.skew;
    let dated = |iat: u64| judge(with(claims(), "iat", json!(iat)));
    assert!(dated(NOW - skew).is_ok() && dated(NOW + skew).is_ok());
    assert_eq!(dated(NOW - skew - 1), Err(ClaimFault::Lifetime));
    assert_eq!(dated(NOW + skew + 1), Err(ClaimFault::NotYetValid));
}
