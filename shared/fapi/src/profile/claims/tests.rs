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
fn t36_dates_are_json_numbers_rounded_down_and_nothing_else_rfc7519_2() {
    for (number, seconds) in [
        ("1800000000", NOW),
        ("1800000000.0", NOW),
        ("1800000000.5", NOW),
        ("1800000000.999999", NOW),
        ("1.8e9", NOW),
        ("0.5", 0),
        ("0", 0),
        ("253402300799", 253_402_300_799),
        ("253402300799.9", 253_402_300_799),
    ] {
        assert_eq!(serde_json::from_str::<NumericDate>(number).unwrap().seconds(), seconds, "{number}");
    }
    for bad in [
        "\"1800000000\"",
        "\"1800000000.5\"",
        "NaN",
        "Infinity",
        "-1",
        "-0.5",
        "-1800000000.5",
        "253402300800",
        "253402300800.0",
        "18446744073709551616",
        "1e300",
        "1e400",
        "-1e300",
        "null",
        "true",
        "[]",
        "{}",
    ] {
        assert!(serde_json::from_str::<NumericDate>(bad).is_err(), "{bad}");
    }
    for name in ["exp", "nbf", "iat"] {
        for bad in [json!("1800000060"), json!(-1.5), json!(1e300), json!(-1), json!(true), json!([1])] {
            let claims = with(request_object::request(), name, bad.clone());
            assert!(serde_json::from_value::<RequestObject>(claims).is_err(), "{name} {bad}");
            let claims = with(client_assertion::assertion(), name, bad.clone());
            assert!(serde_json::from_value::<ClientAssertion>(claims).is_err(), "{name} {bad}");
        }
    }
    assert_eq!(NumericDate::at(u64::MAX).seconds(), 253_402_300_799);
}
