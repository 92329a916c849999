//! Keyed pseudonyms of customers and their products: HMAC-SHA256, shown as UUIDs (S16, C56).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use ponte_authorization::ports::Pseudonyms;
use ponte_ports::LegacyId;
use ponte_values::{Cnpj, Cpf, ResourceKind};
use uuid::Builder;

/// Pseudonyms under the institution's key.
pub struct HmacPseudonyms {
    key: hmac::Key,
}

impl HmacPseudonyms {
    /// From the 256-bit key of the institution.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key) }
    }

    /// The first field is the domain; every field is preceded by its length, so that fields cannot run together.
    fn id(&self, fields: &[&str]) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        for field in fields {
            context.update(&(field.len() as u64).to_be_bytes());
            context.update(field.as_bytes());
        }
        let mut id = [0_u8; 16];
        id.copy_from_slice(&context.sign().as_ref()[..16]);
        // Version 8 is the UUID of one's own making (RFC 9562); 122 bits of the HMAC remain.
        Builder::from_custom_bytes(id).into_uuid().to_string()
    }
}

impl Pseudonyms for HmacPseudonyms {
    fn subject(&self, person: &Cpf, company: Option<&Cnpj>) -> String {
        self.id(&["subject", person.expose(), company.map_or("", Cnpj::expose)])
    }

    fn resource(
        &self,
        person: &Cpf,
        company: Option<&Cnpj>,
        kind: ResourceKind,
        legacy_id: &LegacyId,
    ) -> String {
        let owner = company.map_or_else(|| person.expose(), Cnpj::expose);
        self.id(&["resource", owner, kind.as_str(), legacy_id.as_str()])
    }

    fn record(&self, product: &str, name: &str, own: &str) -> String {
        self.id(&["record", product, name, own])
    }

    fn is_record(&self, id: &str, product: &str, name: &str, own: &str) -> bool {
        verify_slices_are_equal(self.record(product, name, own).as_bytes(), id.as_bytes()).is_ok()
    }

    fn person_key(&self, person: &Cpf) -> String {
        self.id(&["search", "CPF", person.expose()])
    }

    fn company_key(&self, company: &Cnpj) -> String {
        self.id(&["search", "CNPJ", company.expose()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudonyms() -> HmacPseudonyms {
        HmacPseudonyms::new(&[7; 32])
    }

    fn person() -> Cpf {
        Cpf::parse("12345678909").unwrap()
    }

    fn company() -> Cnpj {
        Cnpj::parse("11222333000181").unwrap()
    }

    #[test]
    fn s16_the_subject_is_stable_and_depends_on_the_company() {
        let alone = pseudonyms().subject(&person(), None);
        // Computed apart: HMAC-SHA256 over the length-prefixed fields, bits of version and variant set.
        assert_eq!(alone, "6f88a10f-047a-83d8-88f4-76e15ca7cebe");
        assert_eq!(alone, pseudonyms().subject(&person(), None));
        assert_ne!(alone, pseudonyms().subject(&person(), Some(&company())));
        assert_ne!(alone, HmacPseudonyms::new(&[8; 32]).subject(&person(), None));
    }

    #[test]
    fn c56_a_resource_id_is_a_uuid_of_version_eight_and_the_company_s_own() {
        let other = Cpf::parse("52998224725").unwrap();
        let key = |json: &str| serde_json::from_str::<LegacyId>(json).unwrap();
        let account = key(r#"[{"key":"accountId","value":"1"}]"#);
        let id = |person: &Cpf, company: Option<&Cnpj>, legacy_id: &LegacyId| {
            pseudonyms().resource(person, company, ResourceKind::Account, legacy_id)
        };
        let own = id(&person(), None, &account);
        // Computed apart, like the subject's.
        assert_eq!(own, "303afd3d-e1d4-80a1-95a4-8fde2042a725");
        assert_eq!(uuid::Uuid::parse_str(&own).unwrap().get_version_num(), 8);
        assert_ne!(own, id(&person(), None, &key("[]")));
        assert_ne!(own, id(&other, None, &account));
        assert_ne!(own, id(&person(), Some(&company()), &account));
        assert_eq!(id(&person(), Some(&company()), &account), id(&other, Some(&company()), &account));
    }

    #[test]
    fn c56_the_id_of_a_record_is_a_uuid_and_belongs_to_its_product() {
        let id = |product: &str, own: &str| pseudonyms().record(product, "reservedIdentification", own);
        let own = id("303afd3d-e1d4-80a1-95a4-8fde2042a725", "reserva-1");
        assert_eq!(uuid::Uuid::parse_str(&own).unwrap().get_version_num(), 8);
        assert_eq!(own, id("303afd3d-e1d4-80a1-95a4-8fde2042a725", "reserva-1"));
        assert_ne!(own, id("303afd3d-e1d4-80a1-95a4-8fde2042a725", "reserva-2"));
        assert_ne!(own, id("303afd3d-e1d4-80a1-95a4-8fde2042a726", "reserva-1"));
        let (product, name) = ("303afd3d-e1d4-80a1-95a4-8fde2042a725", "reservedIdentification");
        assert!(pseudonyms().is_record(&own, product, name, "reserva-1"));
        for (id, name, record) in [
            (&own[..35], name, "reserva-1"),
            ("", name, ""),
            (&own, "billId", "reserva-1"),
            (&own, name, "reserva-2"),
        ] {
            assert!(!pseudonyms().is_record(id, product, name, record), "{id} {name} {record}");
        }
        let other = HmacPseudonyms::new(&[8; 32]);
        assert_ne!(
            own,
            other.record("303afd3d-e1d4-80a1-95a4-8fde2042a725", "reservedIdentification", "reserva-1")
        );
    }

    #[test]
    fn c56_search_keys_are_stable_and_apart_from_every_other_pseudonym() {
        let all = pseudonyms();
        let keys = all.search_keys(&person(), Some(&company()));
        assert_eq!(keys.person, all.person_key(&person()));
        assert_eq!(keys.company, Some(all.company_key(&company())));
        assert_ne!(keys.person, all.subject(&person(), None));
        assert_eq!(all.search_keys(&person(), None).company, None);
        assert_ne!(keys.person, HmacPseudonyms::new(&[8; 32]).person_key(&person()));
    }

    #[test]
    fn fields_cannot_run_together() {
        let all = pseudonyms();
        assert_ne!(all.id(&["ab", "c"]), all.id(&["a", "bc"]));
        assert_ne!(all.id(&["a", ""]), all.id(&["a"]));
    }
}
