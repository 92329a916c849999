//! Pseudonyms of customers and products.

use ponte_ports::LegacyId;
use ponte_values::{Cnpj, Cpf, ResourceKind};

use crate::search_keys::SearchKeys;

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
    /// The public id of a record of a product: the product by its public id, the record by the institution's own id under a
    /// name of the wire. 36 characters.
    fn record(&self, product: &str, name: &str, own: &str) -> String;
    /// Whether an id is that of the record, told in a time that does not depend on where it differs.
    fn is_record(&self, id: &str, product: &str, name: &str, own: &str) -> bool;
    /// Key of the consents that a person decides on, in place of the CPF.
    fn person_key(&self, person: &Cpf) -> String;
    /// Key of the consents of a company, in place of the CNPJ.
    fn company_key(&self, company: &Cnpj) -> String;
    /// Both keys of a new consent.
    fn search_keys(&self, person: &Cpf, company: Option<&Cnpj>) -> SearchKeys {
        SearchKeys { person: self.person_key(person), company: company.map(|cnpj| self.company_key(cnpj)) }
    }
}
