//! The bare RSA operations of a call, on aws-lc, with keys that were parsed before.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;

use super::Fault;
use super::recipe::RsaWork;

/// Bytes of a token's signing input.
const MESSAGE: [u8; 700] = [b'm'; 700];
/// Content key of a JWE.
const CONTENT_KEY: [u8; 32] = [b'k'; 32];

/// One key for everything.
pub(crate) struct Rsa {
    key: RsaKeyPair,
    public: ParsedPublicKey,
    signature: Vec<u8>,
    decryption: OaepPrivateDecryptingKey,
    wrapped: Vec<u8>,
}

impl Rsa {
    /// From a PKCS#8 PEM.
    pub(crate) fn new(pem: &str) -> Result<Self, Fault> {
        let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())?;
        let key = RsaKeyPair::from_pkcs8(pkcs8.secret_pkcs8_der())?;
        let private = PrivateDecryptingKey::from_pkcs8(pkcs8.secret_pkcs8_der())?;
        let encryption = OaepPublicEncryptingKey::new(private.public_key())?;
        let mut wrapped = vec![0; encryption.ciphertext_size()];
        encryption.encrypt(&OAEP_SHA1_MGF1SHA1, &CONTENT_KEY, &mut wrapped, None)?;
        let mut rsa = Self {
            public: ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.public_key().as_ref())?,
            signature: vec![0; key.public_modulus_len()],
            key,
            decryption: OaepPrivateDecryptingKey::new(private)?,
            wrapped,
        };
        rsa.signature = rsa.signature()?;
        Ok(rsa)
    }

    fn signature(&self) -> Result<Vec<u8>, Fault> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), &MESSAGE, &mut signature)?;
        Ok(signature)
    }

    /// Decryptions and verifications, which come first.
    pub(crate) fn open(&self, work: RsaWork) -> Result<(), Fault> {
        for _ in 0..work.decrypts {
            let mut opened = vec![0; self.decryption.min_output_size()];
            self.decryption.decrypt(&OAEP_SHA1_MGF1SHA1, &self.wrapped, &mut opened, None)?;
        }
        for _ in 0..work.verifies {
            self.public.verify_sig(&MESSAGE, &self.signature)?;
        }
        Ok(())
    }

    /// Signatures, which come last.
    pub(crate) fn sign(&self, work: RsaWork) -> Result<(), Fault> {
        for _ in 0..work.signs {
            std::hint::black_box(self.signature()?);
        }
        Ok(())
    }
}
