//! The institution, its pseudonyms, a clock to be set and ids to be counted.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use ponte_authorization::interaction::Assurance;
use ponte_data_consent::consent::{Approver, Consent, ResourceKind};
use ponte_data_consent::holder_answer::HolderAnswer;
use ponte_data_consent::legacy_id::LegacyId;
use ponte_data_consent::ports::{
    Customer, Discovered, Institution, InstitutionFault, Pseudonyms, Records, RecordsRequest,
};
use ponte_ports::{Clock, Ids, PortError};
use ponte_values::{Cnpj, ConsentId, Cpf, InteractionId, Moment};
use serde_json::value::RawValue;

use super::world::{ANA, BAKERY, BRUNO};

/// The institution: who a token belongs to, and which accounts there are.
#[derive(Default)]
pub(super) struct Bank {
    pub(super) discoveries: AtomicU64,
    pub(super) hangs: Mutex<bool>,
    /// The one consent whose discovery gets no answer.
    pub(super) silent: Mutex<Option<ConsentId>>,
    /// Accounts the institution does not list any more, by their place in [`ACCOUNTS`].
    pub(super) missing: Mutex<Vec<usize>>,
    /// Whether the institution refuses to list any.
    pub(super) refuses: Mutex<bool>,
    /// Who must agree to the second account.
    pub(super) approvers: Mutex<Vec<Approver>>,
}

/// `key` of an account as the bank writes it, and its name.
pub(super) const ACCOUNTS: &[(&str, &str)] = &[
    (
        r#"[{"key":"branch","value":"0001"},{"key":"account","value":"1"}]"#,
        r#"[{"key":"type","value":"Conta corrente"}]"#,
    ),
    (
        r#"[{"key":"branch","value":"0001"},{"key":"account","value":"2"}]"#,
        r#"[{"key":"type","value":"Poupança"}]"#,
    ),
];

#[async_trait]
impl Institution for Bank {
    async fn identify(&self, access_token: &str) -> Result<Customer, InstitutionFault> {
        let (cpf, cnpj) = match access_token {
            "ana" | "ana-loa3" => (ANA, None),
            "bruno" => (BRUNO, None),
            "ana at the bakery" => (ANA, Some(BAKERY)),
            "broken" => return Err(PortError::new("bank", "down").into()),
            _ => return Err(InstitutionFault::NotFound),
        };
        Ok(Customer {
            cpf: Cpf::parse(cpf).unwrap(),
            cnpj: cnpj.map(|cnpj| Cnpj::parse(cnpj).unwrap()),
            assurance: if access_token.ends_with("-loa3") { Assurance::Loa3 } else { Assurance::Loa2 },
        })
    }

    async fn discover(
        &self,
        consent: &Consent,
        _: InteractionId,
    ) -> Result<Vec<Discovered>, InstitutionFault> {
        self.discoveries.fetch_add(1, Ordering::Relaxed);
        if *self.hangs.lock().unwrap() || self.silent.lock().unwrap().as_ref() == Some(&consent.id) {
            return Err(PortError::timeout("bank", "10 s").into());
        }
        if *self.refuses.lock().unwrap() {
            return Err(InstitutionFault::Refused("CLIENTE_BLOQUEADO".to_owned()));
        }
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let account = |(key, name): &(&str, &str)| Discovered {
            kind: ResourceKind::Account,
            legacy_id: LegacyId::parse(&raw(key)).unwrap(),
            name: raw(name),
            approvers: Vec::new(),
        };
        let mut found: Vec<Discovered> = ACCOUNTS.iter().map(account).collect();
        found[1].approvers.clone_from(&self.approvers.lock().unwrap());
        let missing = self.missing.lock().unwrap();
        let listed = found.into_iter().enumerate().filter(|(place, _)| !missing.contains(place));
        Ok(listed.map(|(_, account)| account).collect())
    }

    async fn records(&self, _: RecordsRequest<'_>) -> Result<Records, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }

    async fn check_holder(&self, _: &Consent, _: InteractionId) -> Result<HolderAnswer, InstitutionFault> {
        Ok(HolderAnswer::default())
    }
}

/// Pseudonyms that a test can foresee.
pub(super) struct Numbered;

impl Pseudonyms for Numbered {
    fn subject(&self, _: &Cpf, company: Option<&Cnpj>) -> String {
        format!("subject-{}", u8::from(company.is_some()))
    }
    fn resource(&self, _: &Cpf, _: Option<&Cnpj>, _: ResourceKind, legacy_id: &LegacyId) -> String {
        let pairs: Vec<HashMap<String, String>> = serde_json::from_str(legacy_id.as_str()).unwrap();
        assert_eq!(pairs[0]["key"], "account", "the key is in its canonical order");
        format!("public-{}", pairs[0]["value"])
    }
    fn person_key(&self, person: &Cpf) -> String {
        format!("person-{}", backwards(person.expose()))
    }
    fn company_key(&self, company: &Cnpj) -> String {
        format!("company-{}", backwards(company.expose()))
    }
}

/// Something else than a document that is as good as it.
fn backwards(document: &str) -> String {
    document.chars().rev().collect()
}

/// A clock to be set, and ids to be counted.
pub(super) struct Hands {
    pub(super) now: Mutex<Moment>,
    pub(super) ids: AtomicU64,
}

impl Clock for Hands {
    fn now(&self) -> Moment {
        *self.now.lock().unwrap()
    }
}

impl Ids for Hands {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
    fn secret(&self) -> String {
        format!("secret{:037}", self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
