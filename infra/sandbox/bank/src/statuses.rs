//! Statuses of products that an operator has set by hand (Z-COM-06).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::contract::LegacyId;

/// Status by kind and identifier, where it is not the one of the books.
#[derive(Default)]
pub(crate) struct Statuses(Mutex<HashMap<String, &'static str>>);

/// Statuses of the Resources API.
const NAMES: [&str; 3] = ["AVAILABLE", "TEMPORARILY_UNAVAILABLE", "UNAVAILABLE"];

impl Statuses {
    /// Sets the status of a product; whether there is such a status.
    pub(crate) fn set(&self, kind: &str, id: &LegacyId, status: &str) -> bool {
        let Some(status) = NAMES.into_iter().find(|name| *name == status) else {
            return false;
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key(kind, id), status);
        true
    }

    /// The status that was set, if any was.
    pub(crate) fn of(&self, kind: &str, id: &LegacyId) -> Option<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key(kind, id)).copied()
    }
}

fn key(kind: &str, id: &LegacyId) -> String {
    let parts: Vec<String> = id.iter().map(|pair| format!("{}={}", pair.key, pair.value)).collect();
    format!("{kind} {}", parts.join(" "))
}
