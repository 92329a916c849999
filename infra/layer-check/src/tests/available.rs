//! Later calls are about products that can be used: those are the ones that Ponte names (C60).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ponte_bank::Bank;
use serde_json::Value;

use super::{InProcess, bank, report};
use crate::legacy_id;
use crate::{Received, Sent, Transport};

/// What was discovered and what was asked about.
#[derive(Default)]
struct Seen {
    /// Keys of products that cannot be used.
    unusable: BTreeSet<String>,
    /// Keys of products of calls: of the consent, and of the path.
    named: BTreeSet<String>,
}

/// A bank whose calls are looked at.
struct Watched(InProcess<Bank>, Arc<Mutex<Seen>>);

#[async_trait]
impl Transport for Watched {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        let asked: Value = serde_json::from_slice(&sent.body).unwrap_or_default();
        let is_discovery = sent.path.ends_with("/discovery");
        let answer = self.0.send(sent).await?;
        let mut seen = self.1.lock().unwrap();
        let key = |record: &Value| legacy_id::of(record).to_string();
        if is_discovery {
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let products = body["data"]["resources"].as_array().into_iter().flatten();
            seen.unusable.extend(products.filter(|product| product["status"] != "AVAILABLE").map(key));
        }
        seen.named.extend(asked["consent"]["resources"].as_array().into_iter().flatten().map(key));
        seen.named.extend(asked.get("resourceLegacyId").map(|_| key(&asked)));
        Ok(answer)
    }
}

#[tokio::test(start_paused = true)]
async fn c60_products_that_cannot_be_used_are_not_asked_about() {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let report = report(Watched(InProcess(bank()), seen.clone()), &["/funds/", "/loans/contracts"]).await;
    assert_eq!(report.faults, 0, "{}", report.text());
    let seen = seen.lock().unwrap();
    assert!(!seen.unusable.is_empty() && seen.named.len() > 100, "{} named", seen.named.len());
    assert_eq!(seen.named.intersection(&seen.unusable).count(), 0);
}
