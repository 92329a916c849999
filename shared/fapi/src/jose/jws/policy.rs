//! Rules for the header and the size of each kind of token.

use crate::jose::header::{Header, same_media_type};

use super::fault::JwsFault;

/// Header rules of one kind of token. One kind is never taken for another: `typ` tells them apart.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    types: &'static [&'static str],
    typ_required: bool,
    bytes_max: usize,
}

impl Policy {
    /// Our access tokens (RFC 9068).
    pub const ACCESS_TOKEN: Self = Self { types: &["at+jwt"], typ_required: true, bytes_max: 8_192 };
    /// `client_assertion` of `private_key_jwt` (S02).
    pub const CLIENT_ASSERTION: Self =
        Self { types: &["JWT", "client-authentication+jwt"], typ_required: false, bytes_max: 8_192 };
    /// Request objects (S04, RFC 9101 section 10.8).
    pub const REQUEST_OBJECT: Self =
        Self { types: &["JWT", "oauth-authz-req+jwt"], typ_required: false, bytes_max: 32_768 };
    /// An id_token, after decryption (S14).
    pub const ID_TOKEN: Self = Self { types: &["JWT"], typ_required: false, bytes_max: 16_384 };
    /// A software statement of the directory (S81).
    pub const SOFTWARE_STATEMENT: Self = Self { types: &["JWT"], typ_required: true, bytes_max: 32_768 };
    /// The JWT in which the institution's back end names a customer it authenticated.
    pub const CUSTOMER_AUTHENTICATION: Self = Self { types: &["JWT"], typ_required: false, bytes_max: 8_192 };
    /// The JWT with which the institution's back end signs a call. The same key signs authentications, so `typ` is required
    /// (RFC 8725 section 3.11).
    pub const SIGNED_CALL: Self = Self { types: &["channel-call+jwt"], typ_required: true, bytes_max: 8_192 };
    /// Signed bodies of the payment APIs (S60).
    pub const SIGNED_MESSAGE: Self = Self { types: &["JWT"], typ_required: true, bytes_max: 1_048_576 };

    pub(super) fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    pub(super) fn check(&self, header: &Header) -> Result<(), JwsFault> {
        if header.alg != "PS256" {
            return Err(JwsFault::Algorithm);
        }
        if let Some(name) = header.forbidden() {
            return Err(JwsFault::ForbiddenHeader(name));
        }
        let typ_fits = match &header.typ {
            Some(typ) => self.types.iter().any(|expected| same_media_type(typ, expected)),
            None => !self.typ_required,
        };
        // S60: `cty` only around a nested token, and none of these is one.
        if typ_fits && header.cty.is_none() { Ok(()) } else { Err(JwsFault::Type) }
    }
}
