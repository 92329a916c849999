//! Claims: each rule with the value that just holds and the one that just does not.

mod access_token;
mod authentication;
mod client_assertion;
mod id_token;
mod message;
mod request_object;
mod signed_call;

use serde_json::{Value, json};

use super::*;

const NOW: u64 = 1_800_000_000;
const CLOCK: VerificationTime = VerificationTime { now: NOW, skew: 10 };
const CLIENT: &str = "client-1";
const ISSUER: &str = "https://as.example.com.br";

fn with(mut base: Value, name: &str, value: Value) -> Value {
    base[name] = value;
    base
}

fn without(mut base: Value, name: &str) -> Value {
    base.as_object_mut().unwrap().remove(name);
    base
}

#[test]
fn dates_are_json_integers_and_nothing_else_t36() {
    assert_eq!(serde_json::from_value::<NumericDate>(json!(NOW)).unwrap().seconds(), NOW);
    for bad in [
        "\"1800000000\"",
        "1800000000.0",
        "1.8e9",
        "-1",
        "253402300800",
        "18446744073709551616",
        "true",
        "[]",
        "{}",
    ] {
        assert!(serde_json::from_str::<NumericDate>(bad).is_err(), "{bad}");
    }
    for name in ["exp", "nbf", "iat"] {
        for bad in
            [json!("1800000060"), json!(1_800_000_060.5), json!(1e300), json!(-1), json!(true), json!([1])]
        {
            let claims = with(request_object::request(), name, bad.clone());
            assert!(serde_json::from_value::<RequestObject>(claims).is_err(), "{name} {bad}");
            let claims = with(client_assertion::assertion(), name, bad.clone());
            assert!(serde_json::from_value::<ClientAssertion>(claims).is_err(), "{name} {bad}");
        }
    }
    assert_eq!(NumericDate::at(u64::MAX).seconds(), 253_402_300_799);
}
