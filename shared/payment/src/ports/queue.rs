//! The queue of the worker: one message, one payment.

use std::time::Duration;

use async_trait::async_trait;
use ponte_ports::PortError;
use ponte_values::PaymentId;
use serde::{Deserialize, Serialize};

/// A payment to be looked at. The message says nothing else: what is to be done is told by what is stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentMessage {
    /// The payment.
    pub payment: PaymentId,
}

/// The queue of payments to be looked at. A message that is lost is sent again by the sweep of due payments.
#[async_trait]
pub trait PaymentQueue: Send + Sync {
    /// Sends messages that are shown after `delay`, 15 minutes at most; all or an error, after which some may have been sent.
    async fn send(&self, messages: &[PaymentMessage], delay: Duration) -> Result<(), PortError>;
    /// About how many messages wait to be worked on.
    async fn waiting(&self) -> Result<u64, PortError>;
}
