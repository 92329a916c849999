//! CPF and CNPJ: documents of people and companies, masked wherever they could reach a log.
//!
//! They are read by the pattern of the OpenAPI files and not by their check digits, which the examples of the files
//! themselves do not have: whether somebody has a number is the institution's word, at the login.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// CPF of a natural person: 11 digits, `^\d{11}$` (C25).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Cpf(String);

/// CNPJ of a company: `^[0-9A-Z]{12}[0-9]{2}$` (C25: letters are accepted since 3.3).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Cnpj(String);

impl Cpf {
    /// Reads 11 digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.as_bytes();
        if digits.len() == 11 && digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("CPF"))
        }
    }

    /// The raw digits. Only for the wire, the store and comparison; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Cnpj {
    /// Reads 12 digits or capital letters and 2 digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let bytes = text.as_bytes();
        let well_formed = bytes.len() == 14
            && bytes[..12].iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && bytes[12..].iter().all(u8::is_ascii_digit);
        if well_formed { Ok(Self(text.to_owned())) } else { Err(Invalid("CNPJ")) }
    }

    /// The raw characters. Only for the wire, the store and comparison; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
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
    fn c25_a_cpf_is_read_by_its_pattern_and_not_by_its_check_digits() {
        for good in ["12345678909", "12345678900", "11111111111", "00000000000"] {
            assert_eq!(Cpf::parse(good).unwrap().expose(), good);
        }
        for wrong in ["1234567890", "123456789099", "1234567890a", "123.456.789-09", "１2345678909", ""] {
            assert_eq!(Cpf::parse(wrong), Err(Invalid("CPF")), "{wrong}");
        }
    }

    #[test]
    fn c25_cnpj_accepts_letters_and_any_check_digits() {
        for good in ["11222333000181", "12ABC34501DE35", "11222333000180", "11111111111111"] {
            assert_eq!(Cnpj::parse(good).unwrap().expose(), good);
        }
        for wrong in ["12abc34501de35", "12ABC34501DEA5", "1122233300018", "112223330001811", ""] {
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
        assert!(serde_json::from_str::<Cpf>("\"1234567890\"").is_err());
        assert_eq!(serde_json::to_string(&Cpf::parse("12345678909").unwrap()).unwrap(), "\"12345678909\"");
        assert!(serde_json::from_str::<Cnpj>("\"1122233300018\"").is_err());
        assert_eq!(
            serde_json::to_string(&Cnpj::parse("11222333000181").unwrap()).unwrap(),
            "\"11222333000181\""
        );
    }
}
