//! Signatures of authorities: each algorithm with the key it is for, and with every other name.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;

use crate::profile::revocation::der::{element, sequence};
use crate::test_keys::pem;

use super::*;

const DOCUMENT: &[u8] = b"what an authority says";
const HASHES: [u8; 3] = [1, 2, 3];
const SALTS: [u8; 3] = [32, 48, 64];

/// AlgorithmIdentifier of an object identifier, with these parameters.
fn named(oid: &[u8], parameters: &[u8]) -> Vec<u8> {
    sequence(&[&element(6, oid), parameters])
}

/// PKCS#1: `sha256WithRSAEncryption` is 11.
fn pkcs1(arc: u8) -> Vec<u8> {
    named(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, arc], &[5, 0])
}

/// ECDSA: `ecdsa-with-SHA256` is 2.
fn ecdsa(arc: u8) -> Vec<u8> {
    named(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, arc], &[])
}

/// SHA-2: SHA-256 is 1.
fn hash(arc: u8) -> Vec<u8> {
    named(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, arc], &[])
}

/// RSASSA-PSS with parameters (RFC 4055 section 3.1); MGF1 is 8.
fn pss(of: u8, mask: u8, mask_of: u8, salt: u8, trailer: u8) -> Vec<u8> {
    let mask = named(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, mask], &hash(mask_of));
    let parts = [hash(of), mask, element(2, &[salt]), element(2, &[trailer])];
    let tagged: Vec<_> = (0xa0..).zip(&parts).map(|(tag, part)| element(tag, part)).collect();
    let parameters: Vec<&[u8]> = tagged.iter().map(Vec::as_slice).collect();
    named(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10], &sequence(&parameters))
}

/// What somebody signed: the name of the algorithm, the public key (SubjectPublicKeyInfo), the signature.
struct Made {
    algorithm: Vec<u8>,
    key: Vec<u8>,
    signature: Vec<u8>,
}

fn by_rsa(algorithm: Vec<u8>, encoding: &'static dyn RsaEncoding) -> Made {
    let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(pem(0).as_bytes()).unwrap();
    let pair = RsaKeyPair::from_pkcs8(pkcs8.secret_pkcs8_der()).unwrap();
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), DOCUMENT, &mut signature).unwrap();
    Made { algorithm, key: pair.public_key().as_der().unwrap().as_ref().to_vec(), signature }
}

fn by_curve(algorithm: Vec<u8>, curve: &'static EcdsaSigningAlgorithm) -> Made {
    let pair = EcdsaKeyPair::generate(curve).unwrap();
    let signature = pair.sign(&SystemRandom::new(), DOCUMENT).unwrap().as_ref().to_vec();
    Made { algorithm, key: pair.public_key().as_der().unwrap().as_ref().to_vec(), signature }
}

fn verified(document: &[u8], algorithm: &[u8], made: &Made) -> Result<(), StatementFault> {
    let (_, algorithm) = AlgorithmIdentifier::from_der(algorithm).unwrap();
    Signed { document, algorithm: &algorithm, signature: &made.signature }.by(&key(&made.key).unwrap())
}

#[test]
fn t41_each_algorithm_verifies_under_its_own_name_alone() {
    let [p256, p384, p521] =
        [ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING]
            .map(|curve| &*Box::leak(Box::new(curve)));
    let [pss256, pss384, pss512] = [0, 1, 2].map(|at| pss(HASHES[at], 8, HASHES[at], SALTS[at], 1));
    let all = [
        by_rsa(pkcs1(11), &RSA_PKCS1_SHA256),
        by_rsa(pkcs1(12), &RSA_PKCS1_SHA384),
        by_rsa(pkcs1(13), &RSA_PKCS1_SHA512),
        by_rsa(pss256, &RSA_PSS_SHA256),
        by_rsa(pss384, &RSA_PSS_SHA384),
        by_rsa(pss512, &RSA_PSS_SHA512),
        by_curve(ecdsa(2), p256),
        by_curve(ecdsa(3), p384),
        by_curve(ecdsa(4), p521),
    ];
    for (number, made) in all.iter().enumerate() {
        for (other, name) in all.iter().enumerate() {
            let expected = if number == other { Ok(()) } else { Err(StatementFault::Signer) };
            assert_eq!(verified(DOCUMENT, &name.algorithm, made), expected, "{number} {other}");
        }
        assert_eq!(verified(b"something else", &made.algorithm, made), Err(StatementFault::Signer));
    }
}

#[test]
fn t41_names_that_are_weak_or_not_understood_verify_nothing() {
    let good = by_rsa(pkcs1(11), &RSA_PKCS1_SHA256);
    // sha1WithRSAEncryption, ecdsa-with-SHA1, and an algorithm for a key of another kind.
    for name in [pkcs1(5), named(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], &[]), ecdsa(2)] {
        assert_eq!(verified(DOCUMENT, &name, &good), Err(StatementFault::Signer), "{name:?}");
    }
    let pair = Ed25519KeyPair::generate().unwrap();
    let edwards = Made {
        algorithm: named(&[0x2b, 0x65, 0x70], &[]),
        key: pair.public_key().as_der().unwrap().as_ref().to_vec(),
        signature: pair.sign(DOCUMENT).as_ref().to_vec(),
    };
    for name in [edwards.algorithm.clone(), pkcs1(11), ecdsa(2)] {
        assert_eq!(verified(DOCUMENT, &name, &edwards), Err(StatementFault::Signer), "{name:?}");
    }
}

#[test]
fn t41_pss_has_one_hash_for_all_and_a_salt_as_long_as_it_rfc4055() {
    let made = by_rsa(pss(1, 8, 1, 32, 1), &RSA_PSS_SHA256);
    assert_eq!(verified(DOCUMENT, &made.algorithm, &made), Ok(()));
    for (name, why) in [
        (pss(1, 9, 1, 32, 1), "another mask function"),
        (pss(1, 8, 2, 32, 1), "another hash in the mask"),
        (pss(1, 8, 1, 20, 1), "another length of the salt"),
        (pss(1, 8, 1, 32, 2), "another trailer"),
        (pkcs1(10), "no parameters: SHA-1"),
    ] {
        assert_eq!(verified(DOCUMENT, &name, &made), Err(StatementFault::Signer), "{why}");
    }
    // The length of the salt alone does not choose the hash.
    let encodings: [&'static dyn RsaEncoding; 3] = [&RSA_PSS_SHA256, &RSA_PSS_SHA384, &RSA_PSS_SHA512];
    for (of_salt, encoding) in encodings.into_iter().enumerate() {
        for (of_hash, hash) in HASHES.into_iter().enumerate() {
            let made = by_rsa(pss(hash, 8, hash, SALTS[of_salt], 1), encoding);
            let expected = if of_hash == of_salt { Ok(()) } else { Err(StatementFault::Signer) };
            assert_eq!(verified(DOCUMENT, &made.algorithm, &made), expected, "{of_hash} {of_salt}");
        }
    }
}
