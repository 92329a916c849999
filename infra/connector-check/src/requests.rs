//! Bodies of calls.

use ponte_values::Moment;
use serde_json::{Value, json};

use crate::ids::new_id;

/// Who pays whom.
#[derive(Clone, Debug)]
pub struct Scene {
    /// CPF of a test customer with an account.
    pub customer: String,
    /// CPF of another one, whose accounts the first must not debit.
    pub other: String,
    /// Account that is paid: `{ispb, issuer, number, accountType}`.
    pub creditor: Value,
    /// What is paid each time, `1.00`.
    pub amount: String,
    /// An amount that the customer does not have, and that the limits of the core allow as far as they are known.
    pub beyond: String,
    /// An amount that the core holds for analysis (PDNG), if one is known.
    pub held: Option<String>,
}

/// A payment of the check: its key and its endToEndId are new.
#[derive(Clone, Debug)]
pub(crate) struct Pix {
    pub(crate) key: String,
    pub(crate) end_to_end_id: String,
    pub(crate) amount: String,
    /// The account to debit, as the discovery told it.
    pub(crate) account: Value,
    /// CPF of the customer.
    pub(crate) customer: String,
    pub(crate) not_after: Moment,
    pub(crate) consent: String,
    pub(crate) created: Moment,
    /// Key of the creditor, if it is paid by one.
    pub(crate) proxy: Option<String>,
}

impl Scene {
    /// A consent for an amount, new at `created`; with the account chosen, if one is.
    pub(crate) fn consent(
        &self,
        (id, created): (&str, Moment),
        (customer, amount): (&str, &str),
        (account, proxy): (Option<&Value>, Option<&str>),
    ) -> Value {
        let chosen = account.map(|account| {
            json!({"resourceLegacyId": account["resourceLegacyId"], "debtorAccount": account["debtorAccount"]})
        });
        let mut details = json!({"creditorAccount": self.creditor});
        by_key(&mut details, proxy);
        json!({
            "creationDateTime": created.to_string(), "externalId": format!("urn:check:payment:{id}"),
            "apiVersion": "v5",
            "tpp": {"name": "00000000-0000-4000-8000-000000000000"},
            "loggedUser": {"document": {"identification": customer, "rel": "CPF"}},
            "creditor": {"personType": "PESSOA_NATURAL", "cpfCnpj": self.other, "name": "Teste"},
            "payment": {
                "type": "PIX", "purpose": "IMMEDIATE", "date": created.date_brasilia().to_string(), "currency": "BRL",
                "amount": amount, "details": details,
            },
            "resources": chosen.into_iter().collect::<Vec<_>>(),
        })
    }

    /// A payment of this customer from this account.
    pub(crate) fn pix(&self, customer: &str, account: &Value, now: Moment) -> Pix {
        let ispb = account["debtorAccount"]["ispb"].as_str().unwrap_or_default();
        let digits: String = now.to_string().chars().filter(char::is_ascii_digit).take(12).collect();
        let own: String = new_id().chars().filter(char::is_ascii_alphanumeric).take(11).collect();
        Pix {
            key: new_id(),
            end_to_end_id: format!("E{ispb}{digits}{own}"),
            amount: self.amount.clone(),
            account: account.clone(),
            customer: customer.to_owned(),
            not_after: now.plus(std::time::Duration::from_mins(1)),
            consent: new_id(),
            created: now,
            proxy: None,
        }
    }

    /// Body of /payments.
    pub(crate) fn payment(&self, pix: &Pix) -> Value {
        let mut body = self.find(pix);
        body["notAfter"] = json!(pix.not_after.to_string());
        body["paymentType"] = json!("PAYMENT_CONSENT");
        body["requestBody"] = json!({"data": self.item(pix)});
        body
    }

    /// Body of /find.
    pub(crate) fn find(&self, pix: &Pix) -> Value {
        json!({"consent": self.consent_of(pix), "idempotencyKey": pix.key})
    }

    fn consent_of(&self, pix: &Pix) -> Value {
        let chosen = (Some(&pix.account), pix.proxy.as_deref());
        self.consent((&pix.consent, pix.created), (&pix.customer, &pix.amount), chosen)
    }

    /// Body of /cancellation.
    pub(crate) fn cancellation(&self, pix: &Pix) -> Value {
        let document = json!({"identification": pix.customer, "rel": "CPF"});
        let mut body = self.find(pix);
        body["requestBody"] =
            json!({"data": {"status": "CANC", "cancellation": {"cancelledBy": {"document": document}}}});
        body
    }

    /// Body of /payment-validation.
    pub(crate) fn validation(&self, pix: &Pix, stage: &str) -> Value {
        let mut data = if stage == "POST_CONSENT" { json!({}) } else { self.item(pix) };
        data["validationStage"] = json!(stage);
        json!({"consent": self.consent_of(pix), "requestBody": {"data": data}})
    }

    fn item(&self, pix: &Pix) -> Value {
        let mut item = json!({
            "endToEndId": pix.end_to_end_id, "payment": {"amount": pix.amount, "currency": "BRL"},
            "creditorAccount": self.creditor, "cnpjInitiator": "50685362000135",
        });
        by_key(&mut item, pix.proxy.as_deref());
        item
    }
}

/// By the creditor's key, or by its account alone.
fn by_key(details: &mut Value, proxy: Option<&str>) {
    details["localInstrument"] = json!(if proxy.is_some() { "DICT" } else { "MANU" });
    if let Some(proxy) = proxy {
        details["proxy"] = json!(proxy);
    }
}
