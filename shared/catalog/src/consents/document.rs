//! Persons and companies, named by their documents.

use ponte_values::{Cnpj, Cpf};
use serde::{Deserialize, Serialize};

/// The natural person.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedUser {
    /// Identity document.
    pub document: PersonDocument,
}

/// Document of a natural person.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonDocument {
    /// The number.
    pub identification: Cpf,
    /// Its kind.
    pub rel: PersonRel,
}

/// Kinds of documents of natural persons.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub enum PersonRel {
    /// CPF.
    #[serde(rename = "CPF")]
    Cpf,
}

impl LoggedUser {
    /// A person by CPF.
    #[must_use]
    pub const fn of(identification: Cpf) -> Self {
        Self { document: PersonDocument { identification, rel: PersonRel::Cpf } }
    }
}

/// The company.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessEntity {
    /// Identity document.
    pub document: BusinessDocument,
}

/// Document of a company.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessDocument {
    /// The number.
    pub identification: Cnpj,
    /// Its kind.
    pub rel: BusinessRel,
}

/// Kinds of documents of companies.
#[derive(Deserialize)]
pub enum BusinessRel {
    /// CNPJ.
    #[serde(rename = "CNPJ")]
    Cnpj,
}
