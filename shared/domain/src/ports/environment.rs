//! The clock, randomness and pseudonyms: arguments, so that a test decides them.

use std::time::Duration;

use async_trait::async_trait;
use ponte_values::{Cnpj, Cpf, Moment};

use crate::consent::{ResourceKind, SearchKeys};
use crate::legacy_id::LegacyId;

/// The time.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Moment;
}

/// Waiting.
#[async_trait]
pub trait Pauses: Send + Sync {
    /// Comes back when `span` is over.
    async fn pause(&self, span: Duration);
}

/// Fresh ids and secrets.
pub trait Ids: Send + Sync {
    /// A UUIDv4 in lower case.
    fn uuid(&self) -> String;
    /// 256 random bits, base64url without padding (43 characters).
    fn secret(&self) -> String;
}

/// Keyed pseudonyms: stable for a customer of this institution, unguessable, and telling nothing (S16, C56).
pub trait Pseudonyms: Send + Sync {
    /// The `sub` of the person, or of the person acting for the company.
    fn subject(&self, person: &Cpf, company: Option<&Cnpj>) -> String;
    /// The public id of a product: of the company if the consent names one, else of the person, so that every
    /// representative of a company sees the same id.
    fn resource(
        &self,
        person: &Cpf,
        company: Option<&Cnpj>,
        kind: ResourceKind,
        legacy_id: &LegacyId,
    ) -> String;
    /// What the consents that a person decides on are found by, in place of the CPF.
    fn person_key(&self, person: &Cpf) -> String;
    /// What the consents of a company are found by, in place of the CNPJ.
    fn company_key(&self, company: &Cnpj) -> String;
    /// Both keys of a new consent.
    fn search_keys(&self, person: &Cpf, company: Option<&Cnpj>) -> SearchKeys {
        SearchKeys { person: self.person_key(person), company: company.map(|cnpj| self.company_key(cnpj)) }
    }
}
