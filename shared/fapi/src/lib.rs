//! The security profile (FAPI-BR, certificate standard): JWS, JWE, JWK, claims, certificate binding.
//!
//! Pure: keys, the time and the randomness of a content key come in as values. Rule numbers (S01 to S98) are those
//! of the project's regulation notes; each stands beside the line that holds it.
//!
//! | module | content |
//! |---|---|
//! | [`jws`] | PS256 signatures in compact form: [`jws::Signer`], [`jws::CompactJws`], [`jws::VerifyingKey`] |
//! | [`jwe`] | RSA-OAEP with A256GCM around a nested JWT |
//! | [`jwk`] | key sets of clients and our own, thumbprints |
//! | [`claims`] | request object, client assertion, id_token, access token, signed message, customer authentication |
//! | [`scope`], [`pkce`] | dynamic scopes, proof keys |
//! | [`secret`] | the stored hash of a code, a refresh token or a ticket |
//! | [`token_id`] | the id of an access token in reports |
//! | [`binding`], [`certificate`] | the client certificate, and a token bound to it |
//! | [`revocation`] | whether an authority has revoked a client certificate: OCSP and revocation lists |
//! | [`dn`] | distinguished names in every spelling |
//! | [`dcr`] | dynamic client registration: software statement, roles, metadata |
//!
//! **One more kind of token:** a file in `profile/claims/` with the wire struct (private fields, `Deserialize`), a
//! `check` that consumes it and returns the validated struct, and a [`jws::Policy`] constant for its header.
//!
//! `jose` holds the parts of JOSE in use, `profile` the rules of FAPI-BR over them.
//!
//! `jsonwebtoken` reads the members of public keys and verifies signatures, over `aws_lc_rs`. This crate keeps the
//! limits, the headers, the use of each key, the reading of claims and their times: the library's readers take claims
//! written as a list, look at the system clock by default and pass over a `d` or a `jku`. It keeps signing too, with
//! the private key parsed once: the library parses it at each signature, which costs 2.5 signatures. The library has
//! no JWE.

mod jose;
mod profile;

pub use jose::{base64url, jwe, jwk, jws, key};
pub use profile::{binding, certificate, claims, dcr, dn, pkce, revocation, scope, secret, token_id};

#[cfg(test)]
mod test_keys;
