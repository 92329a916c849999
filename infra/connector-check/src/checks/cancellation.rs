//! Cancellations: of nothing, of what is settled, and of what the core holds.

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::check::{CANCELLATION, Check, Dedupe, FIND, PAYMENTS};
use super::payments::{is_about, same_payment};
use crate::requests::Pix;

/// Checks of a payment that the core holds.
const HELD: [(&str, &str); 4] = [
    (CANCELLATION, "what is held"),
    (CANCELLATION, "the same twice"),
    (FIND, "what was cancelled"),
    (PAYMENTS, "what was cancelled, once more"),
];

impl Check {
    pub(super) async fn cancellation(&mut self, account: &Value) {
        let body = self.scene.cancellation(&self.pix(account));
        let codes = ["PAGAMENTO_NAO_ENCONTRADO"];
        self.refused((CANCELLATION, "an unknown payment"), &body, (404, &codes)).await;
        if let Some(paid) = self.executed.first().cloned() {
            let check = (CANCELLATION, "what is on its way");
            if self.status_of(&paid).await.is_ok_and(|status| status == "PDNG") {
                self.report.skipped(check, "the core held the test payment");
            } else {
                let body = self.scene.cancellation(&paid);
                self.refused(check, &body, (422, &["PAGAMENTO_NAO_PERMITE_CANCELAMENTO"])).await;
            }
        }
        self.held(account).await;
    }

    async fn status_of(&mut self, pix: &Pix) -> Result<String, String> {
        let said = self.ask(FIND, &self.scene.find(pix)).await?;
        Ok(said.data(200)?["status"].as_str().unwrap_or_default().to_owned())
    }

    /// A payment that the core holds for analysis may be cancelled, stays cancelled, and moves nothing any more.
    async fn held(&mut self, account: &Value) {
        let Some(amount) = self.scene.held.clone() else {
            for check in HELD {
                self.report.skipped(check, "no amount is known that the core holds for analysis");
            }
            return;
        };
        let pix = Pix { amount, ..self.pix(account) };
        let paid = self.pay(&pix).await.and_then(|data| match data["status"].as_str() {
            Some("PDNG") => Ok(data),
            status => Err(format!("status {} where PDNG is due", status.unwrap_or("none"))),
        });
        let paid = match paid {
            Ok(paid) => paid,
            Err(why) => {
                self.executed.push(pix);
                return self.report.note(HELD[0], Err(why));
            }
        };
        for check in &HELD[..2] {
            let cancelled = self.cancelled(&pix).await.and_then(|data| same_payment(&paid, &data));
            self.report.note(*check, cancelled);
        }
        self.cancelled.push(pix.clone());
        if self.dedupe == Dedupe::None {
            self.report.skipped(HELD[2], "the core cannot be asked by key");
        } else {
            let stays = self.found_cancelled(&pix).await;
            self.report.note(HELD[2], stays);
        }
        if self.dedupe != Dedupe::ByKey {
            return self.report.skipped(HELD[3], "the core does not recognise keys");
        }
        let again = self.pay(&pix).await.and_then(|data| {
            let cancelled = data["status"] == "CANC";
            if cancelled { same_payment(&paid, &data) } else { Err("its status is not CANC".to_owned()) }
        });
        self.report.note(HELD[3], again);
    }

    /// What the core says to a cancellation that it must make.
    async fn cancelled(&mut self, pix: &Pix) -> Result<Value, String> {
        let said = self.ask(CANCELLATION, &self.scene.cancellation(pix)).await?;
        let data = said.data(200)?;
        is_about(data, pix)?;
        let by = &data["cancellation"]["cancelledBy"]["document"]["identification"];
        if data["status"] != "CANC" {
            return Err("data.status is not CANC".to_owned());
        }
        if *by != pix.customer.as_str() {
            return Err("data.cancellation.cancelledBy is not who cancelled it".to_owned());
        }
        Ok(data.clone())
    }

    /// A question says so too, in the time that questions may be late.
    async fn found_cancelled(&mut self, pix: &Pix) -> Result<(), String> {
        let start = Instant::now();
        loop {
            let status = self.status_of(pix).await;
            if status.as_deref() == Ok("CANC") {
                return Ok(());
            }
            if start.elapsed() > self.settle {
                return Err(
                    status.map_or_else(|why| why, |status| format!("status {status} where CANC is due"))
                );
            }
            sleep(super::payments::LOOK).await;
        }
    }
}
