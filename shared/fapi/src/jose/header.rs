//! The protected header of a JWS or JWE, and the members that no token of the profile may carry.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::jose::base64url;
use crate::jose::json;

/// Longest encoded header accepted, in characters: a `kid`, a `typ` and some reserve.
const ENCODED_MAX: usize = 1_024;

/// Members in use. Others are ignored as RFC 7515 section 4 asks; a repeated one makes the header malformed.
#[derive(Debug, Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    #[serde(default)]
    pub(crate) enc: Option<String>,
    #[serde(default)]
    pub(crate) typ: Option<String>,
    #[serde(default)]
    pub(crate) cty: Option<String>,
    #[serde(default)]
    pub(crate) kid: Option<String>,
    #[serde(default)]
    pub(crate) sub: Option<String>,
    #[serde(default)]
    b64: Present,
    #[serde(default)]
    crit: Present,
    #[serde(default)]
    jku: Present,
    #[serde(default)]
    jwk: Present,
    #[serde(default)]
    x5u: Present,
    #[serde(default)]
    x5c: Present,
    #[serde(default)]
    zip: Present,
}

/// Whether a member is present, with any value, `null` included.
#[derive(Debug, Default)]
struct Present(bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

impl Header {
    /// Reads the encoded header; `None` if it is not a JSON object of the right member types.
    pub(crate) fn parse(encoded: &str) -> Option<Self> {
        if encoded.len() > ENCODED_MAX {
            return None;
        }
        json::object(&base64url::decode(encoded)?)
    }

    /// The first member that lets a token bring its own key, its own rules or a compressed body (S14).
    pub(crate) fn forbidden(&self) -> Option<&'static str> {
        [
            ("b64", &self.b64),
            ("crit", &self.crit),
            ("jku", &self.jku),
            ("jwk", &self.jwk),
            ("x5u", &self.x5u),
            ("x5c", &self.x5c),
            ("zip", &self.zip),
        ]
        .into_iter()
        .find_map(|(name, present)| present.0.then_some(name))
    }
}

/// Media types of `typ` and `cty` compare without case and without the `application/` they may leave out
/// (RFC 7515 section 4.1.9).
pub(crate) fn same_media_type(value: &str, expected: &str) -> bool {
    let bare = match value.get(..12) {
        Some(prefix) if prefix.eq_ignore_ascii_case("application/") => &value[12..],
        _ => value,
    };
    bare.eq_ignore_ascii_case(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Option<Header> {
        Header::parse(&base64url::encode(json))
    }

    #[test]
    fn a_forbidden_member_is_present_whatever_its_value_s14() {
        for name in ["b64", "crit", "jku", "jwk", "x5u", "x5c", "zip"] {
            for value in ["null", "\"\"", "[]", "{\"kty\":\"RSA\"}"] {
                let header = parse(&format!(r#"{{"alg":"PS256","{name}":{value}}}"#)).unwrap();
                assert_eq!(header.forbidden(), Some(name));
            }
        }
        assert_eq!(parse(r#"{"alg":"PS256","x5t#S256":"a","b":1}"#).unwrap().forbidden(), None);
    }

    #[test]
    fn malformed_headers_are_refused() {
        // 768 bytes are 1,024 characters in base64url.
        let of_length = |length: usize| format!(r#"{{"alg":"PS256","kid":"{}"}}"#, "k".repeat(length - 24));
        assert!(parse(&of_length(768)).is_some());
        let long = of_length(769);
        for bad in [
            "",
            "[]",
            r#"["PS256"]"#,
            "{}",
            r#"{"alg":1}"#,
            r#"{"alg":"PS256","alg":"none"}"#,
            r#"{"alg":"PS256"}x"#,
            &long,
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn media_types_compare_without_case_and_prefix_rfc7515() {
        assert!(same_media_type("JWT", "JWT"));
        assert!(same_media_type("jwt", "JWT"));
        assert!(same_media_type("application/at+jwt", "at+jwt"));
        assert!(!same_media_type("application/", "JWT"));
        assert!(!same_media_type("text/jwt", "JWT"));
        assert!(!same_media_type("\u{e7}pplication", "JWT"));
    }
}
