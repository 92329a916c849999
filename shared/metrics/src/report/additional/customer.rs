//! The customer of a consent, as reports describe one (M30).

use ponte_values::Invalid;
use serde::{Deserialize, Serialize};

/// The customer of a consent: a person, or a company with its profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Customer {
    /// A natural person.
    Person,
    /// A company; without profile only where the register did not answer.
    Company(Option<CompanyProfile>),
}

/// The profile of a company in the federal register (M30).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompanyProfile {
    natureza_juridica: String,
    porte_empresa: CompanySize,
}

/// `porteEmpresa` of the register.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CompanySize {
    /// Not informed.
    #[serde(rename = "00")]
    Unknown,
    /// Microempresa.
    #[serde(rename = "01")]
    Micro,
    /// Empresa de pequeno porte.
    #[serde(rename = "03")]
    Small,
    /// Any other.
    #[serde(rename = "05")]
    Other,
}

impl CompanyProfile {
    /// `legal_nature` has the four digits of the register.
    pub fn new(legal_nature: &str, size: CompanySize) -> Result<Self, Invalid> {
        let valid = legal_nature.len() == 4 && legal_nature.bytes().all(|b| b.is_ascii_digit());
        let profile = || Self { natureza_juridica: legal_nature.to_owned(), porte_empresa: size };
        valid.then(profile).ok_or(Invalid("naturezaJuridica"))
    }
}
