//! Authentications by the institution's back end: product contract, section 1.3.

use super::*;

fn claims() -> Value {
    json!({ "iat": NOW, "exp": NOW + 60, "jti": "j", "cpf": "76109277673", "name": "Ana Exemplo da Silva" })
}

fn judge(claims: Value) -> Result<AuthenticatedCustomer, ClaimFault> {
    let claims: CustomerAuthentication = serde_json::from_value(claims).unwrap();
    claims.check("j", CLOCK)
}

#[test]
fn s15_an_authentication_says_who_and_how_strongly() {
    let ana = judge(claims()).unwrap();
    assert_eq!((ana.cpf.expose(), ana.cnpj, ana.acr), ("76109277673", None, Acr::Loa2));
    let strong = with(claims(), "acr", json!("urn:brasil:openbanking:loa3"));
    let both = judge(with(strong, "cnpj", json!("11222333000181"))).unwrap();
    assert_eq!((both.cnpj.unwrap().expose(), both.acr), ("11222333000181", Acr::Loa3));
}

#[test]
fn an_authentication_without_a_claim_or_with_a_bad_one_is_refused() {
    for name in ["iat", "exp", "jti", "cpf", "name"] {
        assert_eq!(judge(without(claims(), name)), Err(ClaimFault::Missing(name)));
    }
    for (name, value) in [("cpf", "7610927767"), ("cnpj", "1"), ("name", " "), ("acr", "")] {
        assert_eq!(judge(with(claims(), name, json!(value))), Err(ClaimFault::Malformed(name)));
    }
    assert_eq!(judge(with(claims(), "acr", json!("loa9"))), Err(ClaimFault::Unsupported("acr")));
    assert_eq!(judge(with(claims(), "jti", json!("k"))), Err(ClaimFault::Mismatch("jti")));
}

#[test]
fn an_authentication_is_of_this_session_and_of_now() {
    let skew = CLOCK.skew;
    let dated = |iat: u64, exp: u64| judge(with(with(claims(), "iat", json!(iat)), "exp", json!(exp)));
    assert!(dated(NOW - 600 - skew, NOW + 60).is_ok());
    assert_eq!(dated(NOW - 601 - skew, NOW + 60), Err(ClaimFault::Lifetime));
    assert!(dated(NOW + skew, NOW + 60).is_ok());
    assert_eq!(dated(NOW + 1 + skew, NOW + 60), Err(ClaimFault::NotYetValid));
    assert_eq!(dated(NOW, NOW - skew), Err(ClaimFault::Expired));
    assert!(dated(NOW, NOW + 3_600 + skew).is_ok());
    assert_eq!(dated(NOW, NOW + 3_601 + skew), Err(ClaimFault::Lifetime));
}
