//! Id of an access token in the reports of a client (M36): calls with one token have one id, and the token cannot be
//! found from it, because the institution's pepper goes into the hash.

use aws_lc_rs::digest::{Context, SHA256};
use ponte_values::{Invalid, TokenId};
use zeroize::Zeroizing;

use crate::jose::base64url;

/// Bytes of the hash that are kept: 72 bits.
const KEPT: usize = 9;

/// The institution's secret behind its token ids: 128 to 256 random bits. No `Debug`: a secret.
#[derive(Clone)]
pub struct Pepper(Zeroizing<Vec<u8>>);

impl Pepper {
    /// A pepper of 16 to 32 bytes.
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Result<Self, Invalid> {
        if (16..=32).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(Invalid("pepper of 128 to 256 bits"))
        }
    }

    /// `tokenId` of `token`: SHA-256 of the token and the pepper behind it, its first 72 bits in base64url.
    pub fn token_id(&self, token: &str) -> Result<TokenId, Invalid> {
        let mut context = Context::new(&SHA256);
        context.update(token.as_bytes());
        context.update(&self.0);
        TokenId::try_from(base64url::encode(&context.finish().as_ref()[..KEPT]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiJpbnZlbnRhZG8ifQ.c2ln";

    fn pepper(bytes: impl Into<Vec<u8>>) -> Result<Pepper, Invalid> {
        Pepper::new(Zeroizing::new(bytes.into()))
    }

    fn id(bytes: impl Into<Vec<u8>>) -> String {
        pepper(bytes).unwrap().token_id(TOKEN).unwrap().as_str().to_owned()
    }

    /// Expected values by Python's `hashlib` and `base64`.
    #[test]
    fn m36_the_token_id_is_that_of_an_independent_implementation() {
        assert_eq!(id((0..32).collect::<Vec<u8>>()), "GdWyBmMOiwUG");
        assert_eq!(id((0..16).collect::<Vec<u8>>()), "CxJniXFQch9z");
        assert_eq!(id([0xff; 32]), "TUKjf23MIL4H");
    }

    #[test]
    fn m36_a_pepper_has_128_to_256_bits() {
        for (length, good) in [(0, false), (15, false), (16, true), (32, true), (33, false)] {
            assert_eq!(pepper(vec![7; length]).is_ok(), good, "{length} bytes");
        }
    }
}
