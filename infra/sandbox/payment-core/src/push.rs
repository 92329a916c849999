//! Notifications of new statuses to Ponte's management host, as the institution's back office.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use ponte_bank::system::System;
use serde_json::{Value, json};

use crate::payment::{Payment, Reason};
use crate::payment_core::PaymentCore;

const NOTIFICATION: &str = "/open-banking/oob-consents/v1/payment-status-notification";
/// How often it looks whether there is something to tell.
const PAUSE: Duration = Duration::from_millis(500);

/// Tells Ponte.
pub struct Notifier {
    core: Arc<PaymentCore>,
    /// `ca_file`, `hosts.management` and `institution.backoffice` of `endpoints.json`.
    back_office: Value,
}

impl Notifier {
    /// By the back office that `back_office` describes, as `endpoints.json` does.
    #[must_use]
    pub fn new(core: Arc<PaymentCore>, back_office: Value) -> Self {
        Self { core, back_office }
    }

    /// Tells a status of a payment, whichever; Ponte's HTTP status.
    pub async fn tell(
        &self,
        payment: &Payment,
        status: &str,
        reason: Option<&Reason>,
    ) -> Result<u16, String> {
        let mut data = json!({
            "legacyId": payment.core_id(), "paymentStatus": status, "paymentStatusUpdateDateTime": payment.updated,
        });
        if let Some(reason) = reason {
            data["rejectionReason"] = json!(reason);
        }
        let system = System::of(&self.back_office, "backoffice").map_err(|problem| problem.to_string())?;
        let reply = system.call(Method::POST, NOTIFICATION, &[], Some(&json!({ "data": data }))).await;
        reply.map(|reply| reply.status).map_err(|problem| problem.reason)
    }

    /// Tells every new status, as long as the mode of the core wants it, until the runtime ends.
    pub async fn run(self: Arc<Self>) {
        loop {
            tokio::time::sleep(PAUSE).await;
            if !self.core.mode().pushes {
                continue;
            }
            for payment in self.core.news() {
                let status = json!(payment.status);
                let status = status.as_str().unwrap_or_default();
                drop(self.tell(&payment, status, payment.reason.as_ref()).await);
            }
        }
    }
}
