//! The queue of payments: one message, one payment.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_edge::{Message, Verdict, Worker};
use ponte_payment::ports::PaymentMessage;
use ponte_ports::chain;

use super::advance::advance;
use super::fault::WorkFault;
use crate::ports::Ports;

/// Works on the queue of payments.
pub struct PaymentWorker {
    ports: Arc<Ports>,
}

impl PaymentWorker {
    /// A worker over `ports`.
    #[must_use]
    pub const fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }
}

#[async_trait]
impl Worker for PaymentWorker {
    async fn work(&self, message: &Message) -> Verdict {
        let Ok(PaymentMessage { payment }) = serde_json::from_str(&message.body) else {
            return Verdict::Drop("not a message about a payment: {\"payment\": its id}".into());
        };
        match advance(&self.ports, &payment).await {
            Ok(Some(_)) => Verdict::Done,
            Ok(None) => Verdict::Drop("there is no such payment".into()),
            Err(WorkFault::Met) => Verdict::Retry,
            Err(WorkFault::Port(error)) => {
                tracing::error!(payment = payment.as_str(), error = chain(&error), "payment not worked on");
                Verdict::Retry
            }
        }
    }
}
