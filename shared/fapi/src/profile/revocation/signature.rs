//! Signatures of authorities and their responders: RSA with SHA-2 in both paddings, and ECDSA on the curves of NIST.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
};
use x509_parser::asn1_rs::{FromDer as _, Oid, oid};
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use super::fault::StatementFault;

const RSA_SHA256: Oid<'static> = oid!(1.2.840.113549.1.1.11);
const RSA_SHA384: Oid<'static> = oid!(1.2.840.113549.1.1.12);
const RSA_SHA512: Oid<'static> = oid!(1.2.840.113549.1.1.13);
const RSA_PSS: Oid<'static> = oid!(1.2.840.113549.1.1.10);
const ECDSA_SHA256: Oid<'static> = oid!(1.2.840.10045.4.3.2);
const ECDSA_SHA384: Oid<'static> = oid!(1.2.840.10045.4.3.3);
const ECDSA_SHA512: Oid<'static> = oid!(1.2.840.10045.4.3.4);
const RSA_KEY: Oid<'static> = oid!(1.2.840.113549.1.1.1);
const EC_KEY: Oid<'static> = oid!(1.2.840.10045.2.1);
const SHA256: Oid<'static> = oid!(2.16.840.1.101.3.4.2.1);
const SHA384: Oid<'static> = oid!(2.16.840.1.101.3.4.2.2);
const SHA512: Oid<'static> = oid!(2.16.840.1.101.3.4.2.3);
const MGF1: Oid<'static> = oid!(1.2.840.113549.1.1.8);

/// A signed document.
pub(super) struct Signed<'a> {
    /// The bytes that are signed.
    pub(super) document: &'a [u8],
    pub(super) algorithm: &'a AlgorithmIdentifier<'a>,
    pub(super) signature: &'a [u8],
}

impl Signed<'_> {
    /// Whether the holder of `key` signed the document.
    pub(super) fn by(&self, key: &SubjectPublicKeyInfo<'_>) -> Result<(), StatementFault> {
        let algorithm = algorithm(self.algorithm, key).ok_or(StatementFault::Signer)?;
        UnparsedPublicKey::new(algorithm, &key.subject_public_key.data)
            .verify(self.document, self.signature)
            .map_err(|_| StatementFault::Signer)
    }
}

/// An algorithm that is strong enough and that the key is for; SHA-1 is not among them.
fn algorithm(
    named: &AlgorithmIdentifier<'_>,
    key: &SubjectPublicKeyInfo<'_>,
) -> Option<&'static dyn VerificationAlgorithm> {
    let (signature, kind) = (&named.algorithm, &key.algorithm.algorithm);
    if *kind == RSA_KEY {
        return if *signature == RSA_SHA256 {
            Some(&RSA_PKCS1_2048_8192_SHA256)
        } else if *signature == RSA_SHA384 {
            Some(&RSA_PKCS1_2048_8192_SHA384)
        } else if *signature == RSA_SHA512 {
            Some(&RSA_PKCS1_2048_8192_SHA512)
        } else if *signature == RSA_PSS {
            pss(named)
        } else {
            None
        };
    }
    if *kind != EC_KEY {
        return None;
    }
    // aws-lc refuses a key of another curve than the one of the algorithm.
    if *signature == ECDSA_SHA256 {
        Some(&ECDSA_P256_SHA256_ASN1)
    } else if *signature == ECDSA_SHA384 {
        Some(&ECDSA_P384_SHA384_ASN1)
    } else if *signature == ECDSA_SHA512 {
        Some(&ECDSA_P521_SHA512_ASN1)
    } else {
        None
    }
}

/// RSASSA-PSS with one hash for all and a salt as long as it (RFC 4055 section 3.1).
fn pss(named: &AlgorithmIdentifier<'_>) -> Option<&'static dyn VerificationAlgorithm> {
    let parameters = RsaSsaPssParams::try_from(named.parameters()?).ok()?;
    let mask = parameters.mask_gen_algorithm().ok()?;
    let hash = parameters.hash_algorithm_oid();
    if mask.mgf != MGF1 || mask.hash != *hash || parameters.trailer_field() != 1 {
        return None;
    }
    match parameters.salt_length() {
        32 if *hash == SHA256 => Some(&RSA_PSS_2048_8192_SHA256),
        48 if *hash == SHA384 => Some(&RSA_PSS_2048_8192_SHA384),
        64 if *hash == SHA512 => Some(&RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

/// A public key as it stands in a certificate.
pub(super) fn key(spki: &[u8]) -> Result<SubjectPublicKeyInfo<'_>, StatementFault> {
    SubjectPublicKeyInfo::from_der(spki).map(|(_, key)| key).map_err(|_| StatementFault::Malformed)
}

#[cfg(test)]
mod tests;
