//! The core as a Lambda function: the same operations, invoked with operation, headers and body. Faults that are ordered of its
//! server strike here as well: what closes a connection there fails the function, what hangs there hangs here.

use std::collections::BTreeMap;
use std::sync::Arc;

use ponte_web::faults::{Closed, Faults, StatusFault};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::payment_core::{Answered, PaymentCore};

/// What the function is invoked with.
#[derive(Deserialize)]
struct Event {
    operation: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: String,
}

/// The core as a function.
#[derive(Clone)]
pub struct Function {
    core: Arc<PaymentCore>,
    faults: Faults,
}

impl Function {
    /// Over the faults of its server.
    #[must_use]
    pub fn new(core: Arc<PaymentCore>, faults: Faults) -> Self {
        Self { core, faults }
    }

    /// What the function returns for this event, or why it failed.
    pub async fn invoked(&self, event: &[u8]) -> Result<Vec<u8>, String> {
        let event: Event = serde_json::from_slice(event).map_err(|problem| problem.to_string())?;
        let said = event.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if said.is_none_or(|(_, kind)| !kind.to_ascii_lowercase().starts_with("application/jwt")) {
            return Ok(returned(415, "application/json", &json!({ "errors": [] }).to_string()));
        }
        let answered = self.struck(&event.operation, &event.body).await;
        let Answered { status, body, signed } = answered.map_err(|_| "the connection closed".to_owned())?;
        let kind = if signed { "application/jwt" } else { "application/json" };
        Ok(returned(status, kind, &body))
    }

    /// The answer to a request, or what was ordered to become of it.
    pub(crate) async fn struck(&self, operation: &str, token: &str) -> Result<Answered, Closed> {
        let answer = self.core.called(operation, token);
        let Some(effect) = self.faults.strike("POST", operation) else { return Ok(answer.await) };
        let instead = |fault: StatusFault| Answered {
            status: fault.status.as_u16(),
            body: fault.body.unwrap_or_else(|| r#"{"message":"by order"}"#.to_owned()),
            signed: false,
        };
        effect.apply(answer, instead, |answered, body| Answered { body, signed: false, ..answered }).await
    }
}

fn returned(status: u16, kind: &str, body: &str) -> Vec<u8> {
    let returned: Value = json!({ "status": status, "headers": { "content-type": kind }, "body": body });
    returned.to_string().into_bytes()
}
