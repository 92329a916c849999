//! Customers whose data is asked for: test customers of the institution.

use ponte_values::{Cnpj, Cpf};
use serde::Deserialize;

/// A test customer.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Customer {
    /// CPF of the person who logs in.
    pub cpf: String,
    /// CNPJ, if that person acts for a company.
    #[serde(default)]
    pub cnpj: Option<String>,
    /// A token of the institution's channel, for `/authentication/decrypt`.
    #[serde(default, alias = "channel_access_token")]
    pub token: Option<String>,
}

/// A CPF that a bank has no customer with: its digits are right and it was never given out.
const NOBODY: &str = "00000000191";

/// Why somebody is no customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CustomerFault {
    /// The CPF is none.
    Cpf,
    /// The CNPJ is none.
    Cnpj,
}

impl std::fmt::Display for CustomerFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cpf => "a CPF has 11 digits",
            Self::Cnpj => "a CNPJ has 12 digits or capital letters, and 2 digits",
        })
    }
}

impl Customer {
    /// Somebody whom no institution knows.
    pub(crate) fn nobody() -> Self {
        Self { cpf: NOBODY.to_owned(), cnpj: None, token: None }
    }

    /// A customer of the form `CPF` or `CPF:CNPJ`.
    ///
    /// # Errors
    /// When a document is none.
    pub fn parse(text: &str) -> Result<Self, CustomerFault> {
        let (cpf, cnpj) = text.split_once(':').map_or((text, None), |(cpf, cnpj)| (cpf, Some(cnpj)));
        Self { cpf: cpf.to_owned(), cnpj: cnpj.map(str::to_owned), token: None }.checked()
    }

    /// The customer, if the documents are documents.
    ///
    /// # Errors
    /// When one is none.
    pub fn checked(self) -> Result<Self, CustomerFault> {
        Cpf::parse(&self.cpf).map_err(|_| CustomerFault::Cpf)?;
        if let Some(cnpj) = &self.cnpj {
            Cnpj::parse(cnpj).map_err(|_| CustomerFault::Cnpj)?;
        }
        Ok(self)
    }

    pub(crate) fn is_company(&self) -> bool {
        self.cnpj.is_some()
    }
}
