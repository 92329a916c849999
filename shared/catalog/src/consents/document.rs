//! Persons and companies, named by their documents.

use ponte_values::{Cnpj, Cpf, Invalid};
use serde::{Deserialize, Serialize};

/// The natural person.
#[derive(Serialize, Deserialize)]
pub struct LoggedUser {
    /// Identity document.
    pub document: PersonDocument,
}

/// Document of a natural person.
#[derive(Serialize, Deserialize)]
pub struct PersonDocument {
    /// The number.
    pub identification: Cpf,
    /// Its kind.
    pub rel: PersonRel,
}

/// Kinds of documents of natural persons, `^[A-Z]{3}$` in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub enum PersonRel {
    /// CPF.
    #[serde(rename = "CPF")]
    Cpf,
    /// Another one, which the file does not name.
    #[serde(skip_serializing)]
    Other,
}

impl LoggedUser {
    /// The person's CPF; `None` where the document is called something else.
    #[must_use]
    pub fn cpf(self) -> Option<Cpf> {
        (self.document.rel == PersonRel::Cpf).then_some(self.document.identification)
    }

    /// A person by CPF.
    #[must_use]
    pub const fn of(identification: Cpf) -> Self {
        Self { document: PersonDocument { identification, rel: PersonRel::Cpf } }
    }
}

/// The company.
#[derive(Deserialize)]
pub struct BusinessEntity {
    /// Identity document.
    pub document: BusinessDocument,
}

impl BusinessEntity {
    /// The company's CNPJ; `None` where the document is called something else.
    #[must_use]
    pub fn cnpj(self) -> Option<Cnpj> {
        (self.document.rel == BusinessRel::Cnpj).then_some(self.document.identification)
    }
}

/// Document of a company.
#[derive(Deserialize)]
pub struct BusinessDocument {
    /// The number.
    pub identification: Cnpj,
    /// Its kind.
    pub rel: BusinessRel,
}

/// Kinds of documents of companies, `^[A-Z]{4}$` in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(try_from = "String")]
pub enum BusinessRel {
    /// CNPJ.
    Cnpj,
    /// Another one, which the file does not name.
    Other,
}

impl TryFrom<String> for PersonRel {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        if text == "CPF" { Ok(Self::Cpf) } else { capitals(&text, 3).map(|()| Self::Other) }
    }
}

impl TryFrom<String> for BusinessRel {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        if text == "CNPJ" { Ok(Self::Cnpj) } else { capitals(&text, 4).map(|()| Self::Other) }
    }
}

/// Refuses a text that is not so many capital letters.
fn capitals(text: &str, count: usize) -> Result<(), Invalid> {
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if fits { Ok(()) } else { Err(Invalid("rel")) }
}
