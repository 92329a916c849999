//! Pseudonyms that a test can predict.

use std::collections::HashMap;

use ponte_authorization::ports::Pseudonyms;
use ponte_ports::LegacyId;
use ponte_values::{Cnpj, Cpf, ResourceKind};

/// Pseudonyms that a test can predict.
pub struct PredictablePseudonyms;

impl Pseudonyms for PredictablePseudonyms {
    fn subject(&self, _: &Cpf, company: Option<&Cnpj>) -> String {
        format!("subject-{}", u8::from(company.is_some()))
    }
    fn resource(&self, _: &Cpf, _: Option<&Cnpj>, _: ResourceKind, legacy_id: &LegacyId) -> String {
        let pairs: Vec<HashMap<String, String>> = serde_json::from_str(legacy_id.as_str()).unwrap();
        assert_eq!(pairs[0]["key"], "account", "the key is in its canonical order");
        format!("public-{}", pairs[0]["value"])
    }
    fn record(&self, product: &str, name: &str, own: &str) -> String {
        // As long as a UUID, whatever it is of.
        let fields = [product, name, own].into_iter().flat_map(|field| field.bytes().chain([0]));
        let sum = fields.fold(7_u64, |sum, byte| sum.wrapping_mul(1_099_511_628_211) ^ u64::from(byte));
        format!("00000000-0000-8000-{:04x}-{:012x}", sum >> 48, sum & 0xffff_ffff_ffff)
    }
    fn is_record(&self, id: &str, product: &str, name: &str, own: &str) -> bool {
        self.record(product, name, own) == id
    }
    fn person_key(&self, person: &Cpf) -> String {
        format!("person-{}", backwards(person.expose()))
    }
    fn company_key(&self, company: &Cnpj) -> String {
        format!("company-{}", backwards(company.expose()))
    }
}

/// A pseudonym of a text: its characters backwards.
fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}
