//! What is asked while a customer decides.

use serde_json::{Value, json};

use super::check::{Check, DISCOVERY, VALIDATION};
use crate::ids::new_id;
use crate::requests::Pix;

impl Check {
    /// The first account of the customer, which another customer must not be shown.
    pub(super) async fn discovery(&mut self) -> Option<Value> {
        let customer = self.scene.customer.clone();
        let found = self.accounts_of(&customer).await.and_then(|accounts| {
            let account = accounts.first().cloned();
            let account = account.ok_or("the test customer has no account: nothing else can be asked")?;
            is_account(&account)?;
            Ok(account)
        });
        let told = found.as_ref().map(drop).map_err(Clone::clone);
        self.report.note((DISCOVERY, "accounts of a customer"), told);
        let account = found.ok()?;
        let other = self.scene.other.clone();
        let shown = self.accounts_of(&other).await.and_then(|accounts| {
            let shared = accounts.iter().any(|shown| shown["debtorAccount"] == account["debtorAccount"]);
            if shared { Err("an account of the first one".to_owned()) } else { Ok(()) }
        });
        self.report.note((DISCOVERY, "accounts of another customer"), shown);
        Some(account)
    }

    async fn accounts_of(&mut self, customer: &str) -> Result<Vec<Value>, String> {
        let id = new_id();
        let consent = self.scene.consent((&id, self.now()), (customer, &self.scene.amount), (None, None));
        let said = self.ask(DISCOVERY, &json!({"consent": consent})).await?;
        let resources = said.data(200)?["resources"].as_array().cloned();
        Ok(resources.ok_or("data.resources missing or no list")?)
    }

    pub(super) async fn validation(&mut self, account: &Value) {
        let pix = self.pix(account);
        for (check, stage) in [
            ("a fine consent", "POST_CONSENT"),
            ("a fine payment", "POST_PAYMENT"),
            ("a fine settlement", "SETTLEMENT"),
        ] {
            let body = self.scene.validation(&pix, stage);
            let fine = self.ask(VALIDATION, &body).await.and_then(|said| said.data(200).map(drop));
            self.report.note((VALIDATION, check), fine);
        }
        let poor = Pix { amount: self.scene.beyond.clone(), ..pix.clone() };
        let body = self.scene.validation(&poor, "POST_PAYMENT");
        self.poor((VALIDATION, "more than there is"), &body).await;
        let foreign = Pix { customer: self.scene.other.clone(), ..pix.clone() };
        let body = self.scene.validation(&foreign, "POST_PAYMENT");
        self.refused((VALIDATION, "another customer's account"), &body, (422, &[])).await;
        let keyed = Pix { proxy: Some(nobodys_key()), ..pix };
        let body = self.scene.validation(&keyed, "POST_PAYMENT");
        self.refused((VALIDATION, "a key that nobody has"), &body, (422, &[])).await;
        let body = self.scene.validation(&keyed, "SETTLEMENT");
        let codes = ["CHAVE_PIX_DIVERGENTE_AGENDAMENTO_LIQUIDACAO"];
        self.refused((VALIDATION, "a key that is gone on its day"), &body, (422, &codes)).await;
    }
}

/// A random key (EVP) that is registered nowhere.
pub(super) fn nobodys_key() -> String {
    new_id()
}

fn is_account(account: &Value) -> Result<(), String> {
    let pairs = |name: &str| {
        let pair = |pair: &Value| pair["key"].is_string() && pair["value"].is_string();
        account[name].as_array().is_some_and(|pairs| !pairs.is_empty() && pairs.iter().all(pair))
    };
    for name in ["resourceLegacyId", "resourceName"] {
        if !pairs(name) {
            return Err(format!("data.resources[].{name} missing or no list of pairs"));
        }
    }
    let debtor = &account["debtorAccount"];
    let known = debtor["ispb"].as_str().is_some_and(|ispb| ispb.len() == 8)
        && debtor["number"].is_string()
        && ["CACC", "SVGS", "TRAN"].contains(&debtor["accountType"].as_str().unwrap_or_default());
    if known { Ok(()) } else { Err("data.resources[].debtorAccount is no account".to_owned()) }
}
