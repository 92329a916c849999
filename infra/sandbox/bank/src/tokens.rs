//! Access tokens of the sandbox bank's channel. A token is the customer's documents, encrypted with a key that the bank alone
//! has; Ponte passes it to the bank's `/authentication/decrypt` to learn who the customer is.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_machine::{SandboxError, clock};
use ponte_values::Moment;

use crate::customers::{CUSTOMERS, Customer};

/// How strongly a customer was authenticated at the channel (S15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Login {
    /// One factor, the usual.
    #[default]
    OneFactor,
    /// Two different factors.
    TwoFactors,
}

impl Login {
    /// `acr` in the answer of `/authentication/decrypt`; absent for one factor.
    pub(crate) const fn acr(self) -> Option<&'static str> {
        match self {
            Self::OneFactor => None,
            Self::TwoFactors => Some("urn:brasil:openbanking:loa3"),
        }
    }
}

/// Encrypts and decrypts the tokens of the channel.
pub struct TokenBox(LessSafeKey);

impl TokenBox {
    /// Tokens under a key of 256 bits.
    pub fn new(key: &[u8; 32]) -> Result<Self, SandboxError> {
        UnboundKey::new(&AES_256_GCM, key)
            .map(|key| Self(LessSafeKey::new(key)))
            .map_err(SandboxError::unusable)
    }

    /// A token for `customer`, authenticated as `login` says, until a moment; without one it never ends.
    pub fn issue(
        &self,
        customer: &Customer,
        login: Login,
        until: Option<Moment>,
    ) -> Result<String, SandboxError> {
        // The text is `until|cpf|cnpj|acr`: seconds or 0 for no end; the last two may be empty.
        let until = until.map_or(0, Moment::seconds);
        let acr = login.acr().unwrap_or_default();
        let mut sealed =
            format!("{until}|{}|{}|{acr}", customer.cpf, customer.cnpj.unwrap_or_default()).into_bytes();
        let nonce = clock::random::<NONCE_LEN>();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .map_err(SandboxError::unusable)?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// The customer behind a token and how they authenticated; `None` if this key did not make it, if it is over, or if
    /// there is no such customer.
    pub(crate) fn open(&self, token: &str, now: Moment) -> Option<(&'static Customer, Login)> {
        let mut bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let open = self.0.open_in_place(nonce, Aad::empty(), sealed).ok()?;
        let mut parts = std::str::from_utf8(open).ok()?.split('|');
        let (until, cpf, cnpj) = (parts.next()?.parse::<i64>().ok()?, parts.next()?, parts.next()?);
        if until != 0 && until <= now.seconds() {
            return None;
        }
        let said = parts.next().filter(|acr| !acr.is_empty());
        let login = [Login::OneFactor, Login::TwoFactors].into_iter().find(|login| login.acr() == said)?;
        let customer = CUSTOMERS
            .iter()
            .find(|customer| customer.cpf == cpf && customer.cnpj.unwrap_or_default() == cnpj)?;
        Some((customer, login))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_seconds(1_772_452_800);

    #[test]
    fn only_the_bank_reads_its_tokens() {
        let (ours, theirs) = (TokenBox::new(&[1; 32]).unwrap(), TokenBox::new(&[2; 32]).unwrap());
        for customer in CUSTOMERS {
            for login in [Login::OneFactor, Login::TwoFactors] {
                let token = ours.issue(customer, login, None).unwrap();
                assert!(!token.contains(customer.cpf));
                let (opened, how) = ours.open(&token, NOW).unwrap();
                assert_eq!((opened.name, how), (customer.name, login));
                assert!(theirs.open(&token, NOW).is_none());
            }
        }
        for wrong in ["", "x", "AAAA", "not base64!", &"A".repeat(200)] {
            assert!(ours.open(wrong, NOW).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_token_with_an_end_ends() {
        let tokens = TokenBox::new(&[1; 32]).unwrap();
        let token = tokens.issue(&CUSTOMERS[0], Login::default(), Some(NOW)).unwrap();
        assert!(tokens.open(&token, Moment::from_seconds(NOW.seconds() - 1)).is_some());
        assert!(tokens.open(&token, NOW).is_none());
    }
}
