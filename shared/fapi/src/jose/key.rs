//! RSA keys as they arrive: PEM, JWK numbers, DER. Sizes and spellings are judged here, once.

use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::{PublicKey, RSAPublicKey};
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::jose::base64url;

/// Smallest RSA modulus accepted, in bytes (2,048 bits, S95).
const MODULUS_MIN: usize = 256;
/// Largest RSA modulus accepted, in bytes: a larger one only buys its owner our CPU time.
const MODULUS_MAX: usize = 512;
/// Largest public exponent accepted, in bytes.
const EXPONENT_MAX: usize = 4;
/// Longest key id accepted, in characters.
const KID_MAX: usize = 256;

/// Fault of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not the PEM of a PKCS#8 private key.
    #[error("not a PKCS#8 PEM")]
    Pem,
    /// Not an RSA key, or its numbers do not form one.
    #[error("not an RSA key")]
    NotRsa,
    /// Outside 2,048 to 4,096 bits (S95).
    #[error("RSA key of a size that is not accepted")]
    Size,
    /// The key id is empty, too long or not printable ASCII.
    #[error("key id not acceptable")]
    Kid,
}

/// Accepts a `kid` of 1 to 256 printable ASCII characters.
pub(crate) fn check_kid(kid: &str) -> Result<(), KeyFault> {
    let fits = (1..=KID_MAX).contains(&kid.len()) && kid.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(()) } else { Err(KeyFault::Kid) }
}

/// The private key of a PEM text; its bytes are wiped when dropped.
pub(crate) fn pkcs8_from_pem(pem: &str) -> Result<PrivatePkcs8KeyDer<'static>, KeyFault> {
    PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| KeyFault::Pem)
}

/// The two numbers of an RSA public key, big-endian without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RsaNumbers {
    pub(crate) modulus: Vec<u8>,
    pub(crate) exponent: Vec<u8>,
}

impl RsaNumbers {
    pub(crate) fn new(modulus: Vec<u8>, exponent: Vec<u8>) -> Result<Self, KeyFault> {
        let starts = |number: &[u8]| number.first().is_some_and(|byte| *byte != 0);
        if !starts(&modulus) || !starts(&exponent) || exponent.len() > EXPONENT_MAX {
            return Err(KeyFault::NotRsa);
        }
        if !(MODULUS_MIN..=MODULUS_MAX).contains(&modulus.len()) {
            return Err(KeyFault::Size);
        }
        // A modulus of 256 bytes may still have 2,041 bits.
        if modulus.len() == MODULUS_MIN && modulus.first().is_some_and(|byte| *byte < 0x80) {
            return Err(KeyFault::Size);
        }
        Ok(Self { modulus, exponent })
    }

    /// From the `n` and `e` members of a JWK (RFC 7518 section 6.3.1).
    pub(crate) fn from_jwk(n: &str, e: &str) -> Result<Self, KeyFault> {
        let number = |text| base64url::decode(text).ok_or(KeyFault::NotRsa);
        Self::new(number(n)?, number(e)?)
    }

    /// From a PKCS#1 `RSAPublicKey`.
    pub(crate) fn from_pkcs1(der: &[u8]) -> Result<Self, KeyFault> {
        let (_, key) = RSAPublicKey::from_der(der).map_err(|_| KeyFault::NotRsa)?;
        Self::from_parsed(&key)
    }

    /// From an X.509 `SubjectPublicKeyInfo`.
    pub(crate) fn from_spki(der: &[u8]) -> Result<Self, KeyFault> {
        let (_, spki) = SubjectPublicKeyInfo::from_der(der).map_err(|_| KeyFault::NotRsa)?;
        match spki.parsed() {
            Ok(PublicKey::RSA(key)) => Self::from_parsed(&key),
            _ => Err(KeyFault::NotRsa),
        }
    }

    fn from_parsed(key: &RSAPublicKey<'_>) -> Result<Self, KeyFault> {
        // DER integers carry a zero in front when the first bit is set.
        let bare = |number: &[u8]| number.strip_prefix(&[0]).unwrap_or(number).to_vec();
        Self::new(bare(key.modulus), bare(key.exponent))
    }

    pub(crate) fn components(&self) -> aws_lc_rs::rsa::PublicKeyComponents<&[u8]> {
        aws_lc_rs::rsa::PublicKeyComponents { n: &self.modulus, e: &self.exponent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_below_2048_and_above_4096_bits_are_refused_s95() {
        let of = |bytes: usize, first: u8| {
            let mut modulus = vec![0xff; bytes];
            modulus[0] = first;
            RsaNumbers::new(modulus, vec![1, 0, 1]).map(|_| ())
        };
        assert_eq!(of(256, 0x80), Ok(()));
        assert_eq!(of(512, 0xff), Ok(()));
        assert_eq!(of(256, 0x7f), Err(KeyFault::Size));
        assert_eq!(of(128, 0xff), Err(KeyFault::Size));
        assert_eq!(of(513, 0xff), Err(KeyFault::Size));
        assert_eq!(of(256, 0), Err(KeyFault::NotRsa));
        assert_eq!(RsaNumbers::new(vec![0xff; 256], vec![]), Err(KeyFault::NotRsa));
        assert!(RsaNumbers::new(vec![0xff; 256], vec![1; 4]).is_ok());
        assert_eq!(RsaNumbers::new(vec![0xff; 256], vec![1; 5]), Err(KeyFault::NotRsa));
        assert_eq!(RsaNumbers::new(vec![0xff; 256], vec![0, 1]), Err(KeyFault::NotRsa));
    }

    #[test]
    fn key_ids_are_short_and_printable() {
        for good in ["bilbo.baggins@hobbiton.example", "k", &"k".repeat(256)] {
            assert_eq!(check_kid(good), Ok(()), "{good}");
        }
        for bad in ["", "a b", "a\u{7f}", "chave-\u{e7}", &"k".repeat(257)] {
            assert_eq!(check_kid(bad), Err(KeyFault::Kid), "{bad:?}");
        }
    }

    #[test]
    fn a_text_that_is_no_pkcs8_pem_is_refused() {
        for bad in [
            "",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n",
        ] {
            assert_eq!(pkcs8_from_pem(bad).err(), Some(KeyFault::Pem));
        }
    }
}
