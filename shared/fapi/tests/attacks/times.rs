//! T36: `exp`, `nbf` and `iat` of every type, size and absence, all well signed.

use serde_json::Value;

use crate::Attacks;
use crate::world::{Kind, NOW, header, signed};

/// The dates a kind must have, and those it may have.
fn dates(kind: Kind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        Kind::AccessToken => (&["exp", "iat"], &[]),
        Kind::ClientAssertion => (&["exp"], &["iat", "nbf"]),
        Kind::RequestObject | Kind::EncryptedRequestObject => (&["exp", "nbf"], &["iat"]),
        Kind::IdToken => (&["exp", "iat", "auth_time"], &[]),
        Kind::SignedMessage | Kind::SoftwareStatement => (&["iat"], &[]),
    }
}

/// The claims of a kind with one value written as given.
fn claims_with(kind: Kind, name: &str, value: &str) -> String {
    let mut claims = kind.claims();
    claims[name] = Value::from("@");
    claims.to_string().replace(r#""@""#, value)
}

pub(crate) fn times(kind: Kind, attacks: &mut Attacks) {
    let (required, optional) = dates(kind);
    for name in required.iter().chain(optional) {
        let honest = kind.claims()[name].as_u64().unwrap();
        let mut values = vec![
            format!("\"{honest}\""),
            format!("-{honest}"),
            format!("+{honest}"),
            format!("0{honest}"),
            format!("[{honest}]"),
            format!("{{\"seconds\":{honest}}}"),
            format!("{honest}n"),
            format!("{honest},{honest}"),
            format!("{honest}, \"{name}\": {honest}"),
        ];
        values.extend(
            [
                "\"\"",
                "\"now\"",
                "\"2027-01-15T08:00:00Z\"",
                "\"Infinity\"",
                "Infinity",
                "NaN",
                "1e300",
                "1e400",
                "-1",
                "0x6B49D200",
                "253402300800",
                "9223372036854775808",
                "18446744073709551615",
                "18446744073709551616",
                "340282366920938463463374607431768211456",
                "true",
                "false",
                "[]",
                "{}",
                "undefined",
            ]
            .map(str::to_owned),
        );
        for value in values {
            attacks.sign(format!("{name} {value}"), &signed(header(kind), claims_with(kind, name, &value)));
        }
    }
    for name in required {
        attacks.sign(format!("{name} null"), &signed(header(kind), claims_with(kind, name, "null")));
        let mut claims = kind.claims();
        claims.as_object_mut().unwrap().remove(*name);
        attacks.sign(format!("no {name}"), &signed(header(kind), claims.to_string()));
        for other in [name.to_uppercase(), format!(" {name}"), format!("{name}\\u0000")] {
            let renamed = kind.claims().to_string().replace(&format!("\"{name}\""), &format!("\"{other}\""));
            attacks.sign(format!("{name} called {other:?}"), &signed(header(kind), renamed));
        }
    }
    wrong_moments(kind, attacks);
}

/// Well formed dates at moments at which the token is worth nothing.
fn wrong_moments(kind: Kind, attacks: &mut Attacks) {
    const YEAR_9999: u64 = 253_402_300_799;
    let moments: &[(&str, &[u64])] = match kind {
        Kind::AccessToken => {
            &[("exp", &[0, NOW - 10, NOW + 901, YEAR_9999]), ("iat", &[0, NOW - 1, NOW + 61, YEAR_9999])]
        }
        Kind::ClientAssertion => &[
            ("exp", &[0, NOW - 10, NOW + 3_611, YEAR_9999]),
            ("iat", &[0, NOW - 3_611, NOW + 11, YEAR_9999]),
            ("nbf", &[NOW + 11, YEAR_9999]),
        ],
        Kind::RequestObject | Kind::EncryptedRequestObject => &[
            ("exp", &[0, NOW - 10, NOW + 3_601, YEAR_9999]),
            ("nbf", &[0, NOW - 3_611, NOW + 11, YEAR_9999]),
            ("iat", &[NOW + 11, YEAR_9999]),
        ],
        // How long another server lets its id_tokens live is its own affair.
        Kind::IdToken => &[("exp", &[0, NOW - 10]), ("iat", &[0, NOW - 611, NOW + 11, YEAR_9999])],
        Kind::SignedMessage => &[("iat", &[0, NOW - 61, NOW + 61, YEAR_9999])],
        Kind::SoftwareStatement => &[("iat", &[0, NOW - 301, NOW + 11, YEAR_9999])],
    };
    for (name, values) in moments {
        for value in *values {
            // A fraction is rounded down and makes no moment better (RFC 7519 section 2).
            for written in [value.to_string(), format!("{value}.9"), format!("{value}.0")] {
                let claims = claims_with(kind, name, &written);
                attacks.sign(format!("{name} {written}"), &signed(header(kind), claims));
            }
        }
    }
}
