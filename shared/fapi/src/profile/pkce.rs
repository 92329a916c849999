//! Proof Key for Code Exchange with S256, the only method (S06, RFC 7636).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

use crate::jose::base64url;

/// A `code_challenge`: the SHA-256 of a verifier that only the client knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge([u8; SHA256_OUTPUT_LEN]);

impl CodeChallenge {
    /// Reads the 43 characters; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        base64url::decode(text)?.try_into().ok().map(Self)
    }

    /// Challenge of a verifier, on the side of the client; `None` if that is not 43 to 128 unreserved characters.
    #[must_use]
    pub fn of(verifier: &str) -> Option<Self> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
            return None;
        }
        let mut hash = [0; SHA256_OUTPUT_LEN];
        hash.copy_from_slice(digest(&SHA256, verifier.as_bytes()).as_ref());
        Some(Self(hash))
    }

    /// Whether this is the verifier that the challenge was made of.
    #[must_use]
    pub fn matches(&self, verifier: &str) -> bool {
        Self::of(verifier).is_some_and(|other| verify_slices_are_equal(&self.0, &other.0).is_ok())
    }

    /// The 43 characters.
    #[must_use]
    pub fn to_text(&self) -> String {
        base64url::encode(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        assert_eq!(CodeChallenge::of(verifier), Some(challenge.clone()));
        assert!(challenge.matches(verifier));
        assert_eq!(challenge.to_text(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn another_verifier_is_refused_s06() {
        let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        for verifier in [
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "",
            "short",
        ] {
            assert!(!challenge.matches(verifier), "{verifier}");
        }
    }

    #[test]
    fn lengths_and_characters_are_those_of_rfc7636() {
        assert!(CodeChallenge::of(&"a".repeat(43)).is_some());
        assert!(CodeChallenge::of(&"a".repeat(128)).is_some());
        for bad in
            ["a".repeat(42), "a".repeat(129), format!("{}+", "a".repeat(43)), format!("{} ", "a".repeat(43))]
        {
            assert!(CodeChallenge::of(&bad).is_none(), "{bad}");
        }
        for bad in ["", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", &"A".repeat(44)] {
            assert!(CodeChallenge::parse(bad).is_none(), "{bad}");
        }
    }
}
