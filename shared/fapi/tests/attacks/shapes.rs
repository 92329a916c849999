//! Attacks on the readers: members twice, other spellings of the same token, sizes and depths.

use ponte_fapi::base64url;
use serde_json::{Value, json};

use crate::Attacks;
use crate::world::{self, KID, Kind, accepts, header, header_with, honest_signed, payload, signed};

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The same name twice in a header or a payload, well signed: whoever reads the other value is deceived.
pub(crate) fn duplicates(kind: Kind, attacks: &mut Attacks) {
    for member in [
        r#""alg":"none""#,
        r#""alg":"PS256""#,
        r#""\u0061lg":"none""#,
        r#""kid":"sig-2""#,
        r#""k\u0069d":"sig-1""#,
        r#""typ":"JOSE""#,
        r#""cty":null,"cty":null"#,
        r#""crit":[],"crit":[]"#,
    ] {
        attacks.sign(format!("{member} first"), &signed(header_with(kind, member), payload(kind)));
        let last = header(kind).replace('}', &format!(",{member}}}"));
        attacks.sign(format!("{member} last"), &signed(last, payload(kind)));
    }
    for (name, value) in kind.claims().as_object().unwrap() {
        let escaped = format!("\\u{:04x}{}", name.as_bytes()[0], &name[1..]);
        for (spelling, value) in [(name, value), (name, &json!("x")), (name, &Value::Null), (&escaped, value)]
        {
            let first = payload(kind).replacen('{', &format!(r#"{{"{spelling}":{value},"#), 1);
            attacks.sign(format!("{spelling} {value} first"), &signed(header(kind), first));
            let mut last = payload(kind);
            last.insert_str(last.len() - 1, &format!(r#","{spelling}":{value}"#));
            attacks.sign(format!("{spelling} {value} last"), &signed(header(kind), last));
        }
    }
}

/// The honest token written another way, and well signed parts that are no JSON of UTF-8.
pub(crate) fn encodings(kind: Kind, attacks: &mut Attacks) {
    spellings(kind, attacks);
    let honest = payload(kind);
    let bytes = |before: &[u8], after: &[u8]| [before, honest.as_bytes(), after].concat();
    let [text, _] = kind.texts();
    let opened =
        |more: &str| honest.replace(&format!("\"{text}\":\""), &format!("\"{text}\":\"{more}")).into_bytes();
    let inside = |bad: &[u8]| {
        let (start, end) = honest.split_at(honest.len() - 1);
        [start.as_bytes(), b",\"x\":\"", bad, b"\"", end.as_bytes()].concat()
    };
    for (name, payload) in [
        ("a byte order mark", bytes(b"\xef\xbb\xbf", b"")),
        ("a zero byte", bytes(b"", b"\0")),
        ("a second object", bytes(b"", b"{}")),
        ("a list", bytes(b"[", b"]")),
        ("a closing brace more", bytes(b"", b"}")),
        ("a comment", bytes(b"/**/", b"")),
        ("a form feed", bytes(b"\x0c", b"")),
        ("a quoted text", json!(honest).to_string().into_bytes()),
        ("UTF-16", honest.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("single quotes", honest.replace('"', "'").into_bytes()),
        ("a trailing comma", honest.replace('}', ",}").into_bytes()),
        ("names without quotes", honest.replace(&format!("\"{text}\""), text).into_bytes()),
        ("a raw line end in a text", opened("\n")),
        ("a lone surrogate", opened("\\ud800")),
        ("an invalid byte", inside(b"\xff")),
        ("an overlong slash", inside(b"\xc0\xaf")),
        ("an encoded surrogate", inside(b"\xed\xa0\x80")),
        ("half a character", inside(b"\xe2\x82")),
        (
            "values in order",
            kind.claims().as_object().unwrap().values().cloned().collect::<Value>().to_string().into(),
        ),
        ("base64url once more", base64url::encode(&honest).into_bytes()),
        ("nothing", Vec::new()),
        ("an empty object", b"{}".to_vec()),
        ("null", b"null".to_vec()),
    ] {
        attacks.sign(format!("payload with {name}"), &signed(header(kind), payload));
    }
    for bad in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xe2\x82"] {
        let (start, end) = (header(kind), b"\"}");
        let header = [start.trim_end_matches('}').as_bytes(), b",\"x\":\"", bad, end].concat();
        attacks.sign(format!("header with {bad:?}"), &signed(header, payload(kind)));
    }
}

fn spellings(kind: Kind, attacks: &mut Attacks) {
    let token = honest_signed(kind);
    let parts: Vec<&str> = token.split('.').collect();
    let [head, body, signature] = parts[..] else { return };
    for extra in
        [" ", "\n", "\r\n", "\t", "\0", "\u{feff}", ".", "=", "==", "%20", "+", "\"", "'", ",", "a", "AA"]
    {
        attacks.sign(format!("{extra:?} before it"), &format!("{extra}{token}"));
        attacks.sign(format!("{extra:?} after it"), &format!("{token}{extra}"));
        attacks.sign(format!("{extra:?} after the header"), &format!("{head}{extra}.{body}.{signature}"));
        attacks.sign(format!("{extra:?} before the payload"), &format!("{head}.{extra}{body}.{signature}"));
        attacks.sign(format!("{extra:?} before the signature"), &format!("{head}.{body}.{extra}{signature}"));
        attacks.sign(
            format!("{extra:?} in the payload"),
            &format!("{head}.{}{extra}{}.{signature}", &body[..8], &body[8..]),
        );
    }
    for (index, part) in parts.iter().enumerate() {
        let (start, last) = part.split_at(part.len() - 1);
        for other in ALPHABET.chars().filter(|other| !last.contains(*other)) {
            let mut changed = parts.clone();
            let text = format!("{start}{other}");
            changed[index] = &text;
            attacks.sign(format!("part {index} ends with {other}"), &changed.join("."));
        }
        for (name, text) in
            [("nothing", ""), ("one letter", "A"), ("no base64url", "!!!!"), ("standard base64", "+/==")]
        {
            let mut changed = parts.clone();
            changed[index] = text;
            attacks.sign(format!("part {index} is {name}"), &changed.join("."));
        }
    }
    for (name, text) in [
        ("two parts", format!("{head}.{body}")),
        ("four parts", format!("{token}.{signature}")),
        ("five parts", format!("{token}.{body}.{signature}")),
        ("the payload first", format!("{body}.{head}.{signature}")),
        ("two dots", format!("{head}..{body}.{signature}")),
        ("commas", token.replace('.', ",")),
        ("encoded dots", token.replace('.', "%2E")),
        ("wide dots", token.replace('.', "\u{ff0e}")),
        ("capitals", token.to_uppercase()),
        ("small letters", token.to_lowercase()),
        ("Bearer in front", format!("Bearer {token}")),
        ("a bare payload", format!("{head}.{}.{signature}", payload(kind))),
        ("a bare header", format!("{}.{body}.{signature}", header(kind))),
        ("base64url once more", base64url::encode(&token)),
        ("quotes", format!("\"{token}\"")),
        ("flattened JSON", json!({ "protected": head, "payload": body, "signature": signature }).to_string()),
        (
            "general JSON",
            json!({ "payload": body, "signatures": [{ "protected": head, "signature": signature }] })
                .to_string(),
        ),
        ("a list", json!([token]).to_string()),
        ("nothing", String::new()),
    ] {
        attacks.sign(format!("token with {name}"), &text);
    }
}

/// Longest token of a kind, in bytes.
fn longest(kind: Kind) -> usize {
    match kind {
        Kind::AccessToken | Kind::ClientAssertion => 8_192,
        Kind::RequestObject | Kind::EncryptedRequestObject | Kind::SoftwareStatement => 32_768,
        Kind::IdToken => 16_384,
        Kind::SignedMessage => 1_048_576,
    }
}

pub(crate) fn sizes(kind: Kind, attacks: &mut Attacks) {
    let with = |member: String| {
        let mut claims = payload(kind);
        claims.insert_str(claims.len() - 1, &format!(",{member}"));
        signed(header(kind), claims)
    };
    // Four characters of base64url for three bytes: each of these is too long by itself.
    let bytes = longest(kind) * 3 / 4;
    attacks.sign("too long by a little", &with(format!(r#""x":"{}""#, "x".repeat(bytes))));
    attacks.sign(
        "many members",
        &with((0..bytes / 8).map(|n| format!(r#""x{n}":0"#)).collect::<Vec<_>>().join(",")),
    );
    attacks.raw("ten times too long", with(format!(r#""x":"{}""#, "x".repeat(10 * bytes))));
    attacks.raw("dots only", ".".repeat(2 * longest(kind)));
    attacks.raw("letters only", "A".repeat(2 * longest(kind)));
    for length in [800, 4_000, 40_000] {
        let long = header_with(kind, &format!(r#""x":"{}""#, "x".repeat(length)));
        attacks.raw(format!("header longer by {length}"), signed(long, payload(kind)));
    }
    let mut honest = kind.claims();
    if matches!(
        kind,
        Kind::ClientAssertion | Kind::RequestObject | Kind::EncryptedRequestObject | Kind::SignedMessage
    ) {
        for count in [11, 1_000] {
            let mut audiences = vec![json!("https://stranger.example"); count - 1];
            audiences.push(kind.claims()["aud"].clone());
            honest["aud"] = Value::from(audiences);
            attacks.sign(format!("{count} audiences"), &signed(header(kind), honest.to_string()));
        }
    }
    for depth in [130, 1_000, 3_000] {
        let lists = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let objects = format!("{}0{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        for deep in [lists, objects, "[".repeat(depth), r#"{"a":"#.repeat(depth)] {
            for name in kind.texts() {
                let claims = payload(kind).replacen('{', &format!(r#"{{"{name}":{deep},"#), 1);
                attacks.sign(format!("{name} {depth} deep"), &signed(header(kind), claims));
            }
            attacks.sign(format!("payload {depth} deep"), &signed(header(kind), &deep));
        }
    }
    let lists = format!("{}{}", "[".repeat(300), "]".repeat(300));
    for name in ["alg", "kid", "typ"] {
        let header = format!(r#"{{"alg":"PS256","kid":"{KID}","{name}":{lists}}}"#);
        attacks.sign(format!("{name} of the header 300 deep"), &signed(header, payload(kind)));
    }
}

/// A member nobody reads may be as deep as a token is long: it is passed over without the stack.
#[test]
fn t35_depth_does_not_reach_the_stack() {
    world::world();
    for kind in Kind::ALL {
        let depth = longest(kind) * 3 / 8 - 1_000;
        let lists = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let name = if kind == Kind::SignedMessage { "data" } else { "x" };
        let mut claims = kind.claims();
        claims.as_object_mut().unwrap().remove("data");
        let mut claims = claims.to_string();
        claims.insert_str(claims.len() - 1, &format!(r#","{name}":{{"x":{lists}}}"#));
        let token = signed(header(kind), claims);
        assert!(token.len() <= longest(kind), "the size alone must not refuse it");
        let token = if kind.is_encrypted() { world::encrypted(&token) } else { token };
        let small = std::thread::Builder::new().stack_size(128 * 1_024);
        let read = small.spawn(move || accepts(kind, &token)).unwrap().join();
        assert!(read.is_ok(), "{kind:?}");
    }
}
