//! The secrets that answers to logins carried, as a channel keeps them for its customers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ponte_web::caller::{Call, Reply};

/// Secrets by the id of their interaction. No `Debug`: whoever has one decides.
#[derive(Clone, Default)]
pub(crate) struct Sessions(Arc<Mutex<HashMap<String, String>>>);

impl Sessions {
    /// Keeps the secret of a login, if this is the answer to one.
    pub(crate) fn keep(&self, interaction: &str, reply: &Reply) {
        if let Some(secret) = secret_in(reply) {
            self.put(interaction, secret);
        }
    }

    pub(crate) fn put(&self, interaction: &str, secret: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(interaction.to_owned(), secret);
    }

    /// The call with the secret of its interaction, if there is one.
    pub(crate) fn show(&self, interaction: &str, call: Call) -> Call {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.get(interaction) {
            Some(secret) => call.header("x-session-secret", secret),
            None => call,
        }
    }
}

/// The secret in the answer to a login, of either API.
pub(crate) fn secret_in(reply: &Reply) -> Option<String> {
    let body = reply.json();
    let told = body["data"].get("sessionSecret").or_else(|| body.get("sessionSecret"))?;
    told.as_str().map(str::to_owned)
}
