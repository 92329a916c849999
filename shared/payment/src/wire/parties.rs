//! The people and companies of a payment.

use std::fmt;

use ponte_values::{Cnpj, Cpf, Invalid};
use serde::{Deserialize, Serialize};

use super::text::Text;

/// The natural person who decides.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedUser {
    /// Their document.
    pub document: CpfDocument,
}

/// The company that pays, if one does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BusinessEntity {
    /// Its document.
    pub document: CnpjDocument,
}

/// `{identification, rel: "CPF"}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CpfDocument {
    /// The number.
    pub identification: Cpf,
    /// What it is.
    pub rel: CpfRel,
}

/// `{identification, rel: "CNPJ"}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CnpjDocument {
    /// The number.
    pub identification: Cnpj,
    /// What it is.
    pub rel: CnpjRel,
}

/// The word `CPF`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CpfRel {
    /// CPF.
    #[serde(rename = "CPF")]
    Cpf,
}

/// The word `CNPJ`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CnpjRel {
    /// CNPJ.
    #[serde(rename = "CNPJ")]
    Cnpj,
}

/// The creditor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Creditor {
    /// Person or company.
    pub person_type: PersonType,
    /// Document.
    pub cpf_cnpj: CpfOrCnpj,
    /// Name.
    pub name: Text<150>,
}

/// Person or company.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum PersonType {
    PessoaNatural,
    PessoaJuridica,
}

/// A CPF or a CNPJ, told apart by its length.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct CpfOrCnpj(String);

impl CpfOrCnpj {
    /// Reads either.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if Cpf::parse(text).is_ok() || Cnpj::parse(text).is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("cpfCnpj"))
        }
    }

    /// The raw characters. Only for the wire, the store and comparison; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is of a person: 11 digits. Else of a company.
    #[must_use]
    pub const fn is_cpf(&self) -> bool {
        self.0.len() == 11
    }
}

impl TryFrom<String> for CpfOrCnpj {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Debug for CpfOrCnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
