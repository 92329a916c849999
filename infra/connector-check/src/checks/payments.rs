//! Payments that move money once, and those that must move none.

use std::time::Duration;

use futures_util::future::join;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::check::{Check, Dedupe, FIND, PAYMENTS};
use super::consents::nobodys_key;
use crate::requests::Pix;

/// Pause between two questions.
pub(super) const LOOK: Duration = Duration::from_millis(50);

/// Why there is no check of what a core does not do.
const NO_KEYS: &str = "the core does not recognise keys";
const NO_QUESTIONS: &str = "the core cannot be asked by key";

impl Check {
    pub(super) async fn payments(&mut self, account: &Value) {
        let pix = self.pix(account);
        self.unknown(&pix).await;
        let paid = self.pay(&pix).await;
        let told = paid.as_ref().map(drop).map_err(Clone::clone);
        self.report.note((PAYMENTS, "a fine payment"), told);
        let Ok(paid) = paid else { return };
        self.executed.push(pix.clone());
        self.found(&pix).await;
        self.found_by_its_own_id(&pix, &paid["paymentId"]).await;
        if self.dedupe != Dedupe::ByKey {
            for check in ["the same key twice", "the same key, other data", "two at once"] {
                self.report.skipped((PAYMENTS, check), NO_KEYS);
            }
            return;
        }
        let again = self.pay(&pix).await.and_then(|data| same_payment(&paid, &data));
        self.report.note((PAYMENTS, "the same key twice"), again);
        let other = Pix { amount: "0.01".to_owned(), ..pix };
        let body = self.scene.payment(&other);
        self.refused((PAYMENTS, "the same key, other data"), &body, (422, &["ERRO_IDEMPOTENCIA"])).await;
        self.two_at_once(account).await;
    }

    /// What the core says of a payment that it must take.
    pub(super) async fn pay(&mut self, pix: &Pix) -> Result<Value, String> {
        let body = self.scene.payment(pix);
        let said = self.ask(PAYMENTS, &body).await?;
        let data = said.data(201)?;
        is_about(data, pix)?;
        if data["status"] == "RJCT" {
            return Err("a fine payment is RJCT".to_owned());
        }
        Ok(data.clone())
    }

    async fn two_at_once(&mut self, account: &Value) {
        let pix = self.pix(account);
        let body = self.scene.payment(&pix);
        let (one, other) =
            join(self.connector.ask(PAYMENTS, &body), self.connector.ask(PAYMENTS, &body)).await;
        let same = one.and_then(|one| {
            let other = other?;
            let (one, other) = (one.data(201)?, other.data(201)?);
            is_about(one, &pix)?;
            is_about(other, &pix)?;
            same_payment(one, other)
        });
        self.report.note((PAYMENTS, "two at once"), same);
        self.executed.push(pix);
    }

    /// A payment that was executed is found in the time that the connector says.
    async fn found(&mut self, pix: &Pix) {
        if self.dedupe == Dedupe::None {
            return self.report.skipped((FIND, "what was paid"), NO_QUESTIONS);
        }
        let body = self.scene.find(pix);
        let found = self.found_in_time(&body, pix).await;
        if let Ok(waited) = &found {
            let millis = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
            self.report.settled_after_ms = self.report.settled_after_ms.max(Some(millis));
        }
        self.report.note((FIND, "what was paid"), found.map(drop));
    }

    /// The core's own identifier, once it told one, names the same payment; the order of its pairs is not significant.
    async fn found_by_its_own_id(&mut self, pix: &Pix, id: &Value) {
        let check = (FIND, "by its paymentId");
        let Some(pairs) = id.as_array() else {
            return self.report.skipped(check, "the core told no paymentId");
        };
        let mut body = self.scene.find(pix);
        body["paymentId"] = pairs.iter().rev().cloned().collect();
        let found = self.found_in_time(&body, pix).await;
        self.report.note(check, found.map(drop));
    }

    /// Asks until it is found, as long as that may take; how long it took.
    async fn found_in_time(&mut self, body: &Value, pix: &Pix) -> Result<Duration, String> {
        let start = Instant::now();
        loop {
            let waited = start.elapsed();
            let said = self.ask(FIND, body).await?;
            if said.refused(404, &["PAGAMENTO_NAO_ENCONTRADO"]).is_err() {
                return said.data(200).and_then(|data| is_about(data, pix)).map(|()| waited);
            }
            if waited > self.settle {
                return Err(format!("not found {} ms after it was paid", waited.as_millis()));
            }
            sleep(LOOK).await;
        }
    }

    /// A payment that was never executed is not found, signed.
    async fn unknown(&mut self, pix: &Pix) {
        let check = (FIND, "before it is paid");
        if self.dedupe == Dedupe::None {
            return self.report.skipped(check, NO_QUESTIONS);
        }
        let body = self.scene.find(pix);
        self.refused(check, &body, (404, &["PAGAMENTO_NAO_ENCONTRADO"])).await;
    }

    /// Payments that a core must refuse, and must not have executed.
    pub(super) async fn refusals(&mut self, account: &Value) {
        let late = Pix { not_after: self.now().minus(Duration::from_secs(5)), ..self.pix(account) };
        let poor = Pix { amount: self.scene.beyond.clone(), ..self.pix(account) };
        let foreign = Pix { customer: self.scene.other.clone(), ..self.pix(account) };
        let keyed = Pix { proxy: Some(nobodys_key()), ..self.pix(account) };
        let body = self.scene.payment(&poor);
        self.poor((PAYMENTS, "more than there is"), &body).await;
        self.never.push(poor);
        let refusals: [(&'static str, Pix, &[&str]); 3] = [
            ("after notAfter", late, &["NAO_EXECUTADO"]),
            ("another customer's account", foreign, &[]),
            ("a key that nobody has", keyed, &[]),
        ];
        for (check, pix, codes) in refusals {
            let body = self.scene.payment(&pix);
            self.refused((PAYMENTS, check), &body, (422, codes)).await;
            self.never.push(pix);
        }
    }
}

/// Whether two answers are about one payment.
pub(super) fn same_payment(one: &Value, other: &Value) -> Result<(), String> {
    if one["paymentId"] == other["paymentId"] { Ok(()) } else { Err("another paymentId".to_owned()) }
}

/// Whether an answer is about this payment.
pub(super) fn is_about(data: &Value, pix: &Pix) -> Result<(), String> {
    let known = ["RCVD", "PDNG", "ACCP", "ACPD", "ACSC", "CANC", "RJCT"];
    for (what, holds) in [
        ("idempotencyKey", data["idempotencyKey"] == pix.key.as_str()),
        ("endToEndId", data["endToEndId"] == pix.end_to_end_id.as_str()),
        ("payment.amount", data["payment"]["amount"] == pix.amount.as_str()),
        ("payment.currency", data["payment"]["currency"] == json!("BRL")),
        ("status", known.contains(&data["status"].as_str().unwrap_or_default())),
    ] {
        if !holds {
            return Err(format!("data.{what} is not that of the request"));
        }
    }
    Ok(())
}
