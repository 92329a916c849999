//! The institution behind its integration layer: the customers of its tokens, and their accounts.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::approval::Approver;
use ponte_authorization::interaction::Assurance;
use ponte_authorization::ports::{Customer, Customers};
use ponte_data_consent::account_holder::AccountHolderAnswer;
use ponte_data_consent::consent::Consent;
use ponte_data_consent::ports::{
    Balance, DiscoveredProduct, Institution, ListedResource, Records, RecordsRequest, ResourcesRequest,
};
use ponte_ports::LegacyId;
use ponte_ports::{InstitutionFault, PortError};
use ponte_values::{Cnpj, ConsentId, Cpf, InteractionId, OrganisationId, ResourceKind};
use serde_json::value::RawValue;

use crate::people::{ANA, BAKERY, BRUNO};

/// An institution with two customers and two accounts.
#[derive(Default)]
pub struct Bank {
    /// How often somebody logged in, or tried to.
    pub logins: AtomicU64,
    /// Organisation for whose client that was, the last time.
    pub asker: Mutex<Option<OrganisationId>>,
    /// How often products were asked for.
    pub discoveries: AtomicU64,
    /// Whether it answers no discovery in time.
    pub hangs: Mutex<bool>,
    /// The one consent whose discovery gets no answer.
    pub silent: Mutex<Option<ConsentId>>,
    /// Accounts the institution does not list any more, by their place in [`ACCOUNTS`].
    pub missing: Mutex<Vec<usize>>,
    /// Whether the institution refuses to list any.
    pub refuses: Mutex<bool>,
    /// Balance of the first account, which is then chosen by default.
    pub balance: Mutex<Option<Balance>>,
    /// Approvers of the second account.
    pub approvers: Mutex<Vec<Approver>>,
}

/// `key` of an account as the bank writes it, and its name.
pub const ACCOUNTS: &[(&str, &str)] = &[
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
impl Customers for Bank {
    async fn identify(
        &self,
        access_token: &str,
        organisation: &OrganisationId,
        _: Duration,
    ) -> Result<Customer, InstitutionFault> {
        self.logins.fetch_add(1, Ordering::Relaxed);
        *self.asker.lock().unwrap() = Some(organisation.clone());
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
}

#[async_trait]
impl Institution for Bank {
    async fn discover(
        &self,
        kind: ResourceKind,
        consent: &Consent,
        _: InteractionId,
        _: Duration,
    ) -> Result<Vec<DiscoveredProduct>, InstitutionFault> {
        if kind != ResourceKind::Account {
            return Ok(Vec::new());
        }
        self.discoveries.fetch_add(1, Ordering::Relaxed);
        if *self.hangs.lock().unwrap() || self.silent.lock().unwrap().as_ref() == Some(&consent.id) {
            return Err(PortError::timeout("bank", "10 s").into());
        }
        if *self.refuses.lock().unwrap() {
            return Err(InstitutionFault::Refused("CLIENTE_BLOQUEADO".to_owned()));
        }
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let account = |(key, name): &(&str, &str)| DiscoveredProduct {
            legacy_id: LegacyId::parse(&raw(key)).unwrap(),
            name: raw(name),
            approvers: Vec::new(),
            balance: None,
            default_selected: None,
        };
        let mut found: Vec<DiscoveredProduct> = ACCOUNTS.iter().map(account).collect();
        found[0].balance.clone_from(&self.balance.lock().unwrap());
        found[0].default_selected = found[0].balance.is_some().then_some(true);
        found[1].approvers.clone_from(&self.approvers.lock().unwrap());
        let missing = self.missing.lock().unwrap();
        let listed = found.into_iter().enumerate().filter(|(place, _)| !missing.contains(place));
        Ok(listed.map(|(_, account)| account).collect())
    }

    async fn resources(&self, _: ResourcesRequest<'_>) -> Result<Vec<ListedResource>, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }

    async fn records(&self, _: RecordsRequest<'_>) -> Result<Records, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }

    async fn check_account_holder(
        &self,
        _: &Consent,
        _: InteractionId,
    ) -> Result<AccountHolderAnswer, InstitutionFault> {
        Ok(AccountHolderAnswer::default())
    }
}
