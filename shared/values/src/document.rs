//! CPF and CNPJ: documents of people and companies, masked wherever they could reach a log.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// CPF of a natural person: 11 digits with valid check digits (C25).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Cpf(String);

/// CNPJ of a company: 12 letters or digits and two check digits (C25: letters are accepted since 3.3).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Cnpj(String);

impl Cpf {
    /// Reads 11 digits and verifies both check digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.as_bytes();
        let well_formed = digits.len() == 11 && digits.iter().all(u8::is_ascii_digit);
        let repeated = digits.windows(2).all(|pair| pair[0] == pair[1]);
        if !well_formed || repeated {
            return Err(Invalid("CPF"));
        }
        let first = check_digit(&digits[..9], 10..=10);
        let second = check_digit(&digits[..10], 11..=11);
        if digits[9] != first || digits[10] != second {
            return Err(Invalid("CPF"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The raw digits. Only for the wire, the store and comparison; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Cnpj {
    /// Reads 14 characters `[0-9A-Z]{12}[0-9]{2}` and verifies both check digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let bytes = text.as_bytes();
        let well_formed = bytes.len() == 14
            && bytes[..12].iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && bytes[12..].iter().all(u8::is_ascii_digit);
        let repeated = bytes.windows(2).all(|pair| pair[0] == pair[1]);
        if !well_formed || repeated {
            return Err(Invalid("CNPJ"));
        }
        if bytes[12] != check_digit(&bytes[..12], 2..=9) || bytes[13] != check_digit(&bytes[..13], 2..=9) {
            return Err(Invalid("CNPJ"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The raw characters. Only for the wire, the store and comparison; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Modulo-11 check digit. A CPF weighs from the left (10 or 11 downwards), a CNPJ from the right (2 to 9, again).
fn check_digit(body: &[u8], weights: std::ops::RangeInclusive<u32>) -> u8 {
    let (low, high) = (*weights.start(), *weights.end());
    let sum: u32 = if low == high {
        body.iter().zip((2..=high).rev()).map(|(b, weight)| u32::from(b - b'0') * weight).sum()
    } else {
        body.iter().rev().zip((low..=high).cycle()).map(|(b, weight)| u32::from(b - b'0') * weight).sum()
    };
    match sum % 11 {
        0 | 1 => b'0',
        rest => b'0' + u8::try_from(11 - rest).unwrap_or(0),
    }
}

impl TryFrom<String> for Cpf {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for Cnpj {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Debug for Cpf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "***.{}.{}-**", &self.0[3..6], &self.0[6..9])
    }
}

impl fmt::Debug for Cnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "**.***.{}/****-**", &self.0[5..8])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpf_needs_both_check_digits() {
        assert!(Cpf::parse("12345678909").is_ok());
        for wrong in
            ["12345678900", "12345678919", "1234567890", "123456789099", "11111111111", "1234567890a", ""]
        {
            assert_eq!(Cpf::parse(wrong), Err(Invalid("CPF")), "{wrong}");
        }
    }

    #[test]
    fn c25_cnpj_accepts_letters() {
        assert!(Cnpj::parse("11222333000181").is_ok());
        // The example of the federal revenue's note on alphanumeric numbers.
        assert!(Cnpj::parse("12ABC34501DE35").is_ok());
        for wrong in ["11222333000180", "12abc34501de35", "12ABC34501DE36", "1122233300018", "00000000000000"]
        {
            assert_eq!(Cnpj::parse(wrong), Err(Invalid("CNPJ")), "{wrong}");
        }
    }

    #[test]
    fn debug_shows_a_mask() {
        let cpf = Cpf::parse("12345678909").unwrap();
        assert_eq!(format!("{cpf:?}"), "***.456.789-**");
        let cnpj = Cnpj::parse("11222333000181").unwrap();
        assert_eq!(format!("{cnpj:?}"), "**.***.333/****-**");
        assert_eq!(
            (cpf.expose(), cnpj.expose()),
            ("12345678909", "11222333000181"),
            "the raw text by its name"
        );
    }

    #[test]
    fn serde_refuses_an_invalid_document() {
        assert!(serde_json::from_str::<Cpf>("\"12345678900\"").is_err());
        assert_eq!(serde_json::to_string(&Cpf::parse("12345678909").unwrap()).unwrap(), "\"12345678909\"");
        assert!(serde_json::from_str::<Cnpj>("\"11222333000180\"").is_err());
        assert_eq!(
            serde_json::to_string(&Cnpj::parse("11222333000181").unwrap()).unwrap(),
            "\"11222333000181\""
        );
    }
}
