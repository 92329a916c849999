//! A secret, where its versions are, and who is told of its faults.

use std::fmt;
use std::sync::Arc;

use crate::error::PortError;
use crate::secrets::{Alarm, Alarms, SecretVersions};

/// A secret that may change at any time.
#[derive(Clone)]
pub struct WatchedSecret {
    /// Its name in `infra/template.yaml`.
    pub name: &'static str,
    /// Its versions.
    pub versions: Arc<dyn SecretVersions>,
    /// Receiver of its faults.
    pub alarms: Arc<dyn Alarms>,
}

impl WatchedSecret {
    /// Reports a fault that somebody must mend.
    pub fn raise(&self, reason: impl Into<String>) {
        self.alarms.raise(&Alarm { secret: self.name, reason: reason.into() });
    }

    /// Reports a fault that may pass by itself.
    pub(super) fn warn(&self, reason: String) {
        self.alarms.warn(&Alarm { secret: self.name, reason });
    }

    /// The secret as a failed port.
    pub(super) fn unusable(&self, reason: impl fmt::Display) -> PortError {
        PortError::new("secrets", format!("{}: {reason}", self.name))
    }
}
