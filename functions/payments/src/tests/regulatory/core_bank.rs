//! The core as these operations ask it: it judges, it cancels, and it may say nothing.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use ponte_payment::connector::{
    BookPage, CallContext, Capability, ConnectorFault, CoreCancellation, Dedupe, Found, PaymentConnector,
    PaymentRefused, PaymentStage,
};
use ponte_payment::consent::{Debtor, PaymentConsent};
use ponte_payment::payment::{CoreReport, CoreStatus, Payment};
use ponte_payment::wire::PaymentItem;
use ponte_ports::PortError;
use ponte_values::{Cpf, Date, Moment};

/// A core that agrees to everything until it is told otherwise.
#[derive(Default)]
pub(super) struct Core {
    /// What it says no to a payment with.
    pub(super) refusal: Mutex<Option<PaymentRefused>>,
    /// Whether it answers nothing.
    pub(super) silent: AtomicBool,
    /// What it says of a payment that it is to cancel; cancelled if there is nothing.
    pub(super) instead: Mutex<Option<CoreCancellation>>,
    /// The payments that it was asked to judge, oldest first.
    pub(super) judged: Mutex<Vec<PaymentItem>>,
    /// How often it was to cancel.
    pub(super) cancelled: AtomicU32,
}

fn unknown<T>() -> Result<T, ConnectorFault> {
    Err(ConnectorFault::Unknown(PortError::timeout("connector", "said nothing")))
}

#[async_trait]
impl PaymentConnector for Core {
    fn capability(&self) -> Capability {
        Capability { dedupe: Dedupe::ByKey, settle: std::time::Duration::from_secs(2) }
    }

    async fn validate_payment(
        &self,
        _: PaymentStage,
        _: &PaymentConsent,
        _: &Debtor,
        item: &PaymentItem,
        _: CallContext,
    ) -> Result<Result<(), PaymentRefused>, ConnectorFault> {
        // Whoever else is waiting goes on, as beside a real core.
        tokio::task::yield_now().await;
        self.judged.lock().unwrap().push(item.clone());
        if self.silent.load(Ordering::Relaxed) {
            return unknown();
        }
        Ok(self.refusal.lock().unwrap().clone().map_or(Ok(()), Err))
    }

    async fn pay(
        &self,
        _: &PaymentConsent,
        _: &Payment,
        _: Moment,
        _: CallContext,
    ) -> Result<CoreReport, ConnectorFault> {
        unknown()
    }

    async fn find(&self, _: &PaymentConsent, _: &Payment, _: CallContext) -> Result<Found, ConnectorFault> {
        unknown()
    }

    async fn cancel(
        &self,
        _: &PaymentConsent,
        _: &Payment,
        by: &Cpf,
        _: CallContext,
    ) -> Result<CoreCancellation, ConnectorFault> {
        self.cancelled.fetch_add(1, Ordering::Relaxed);
        if self.silent.load(Ordering::Relaxed) {
            return unknown();
        }
        let cancelled = || {
            CoreCancellation::Reported(CoreReport {
                status: CoreStatus::Cancelled(by.clone()),
                core_id: None,
            })
        };
        Ok(self.instead.lock().unwrap().clone().unwrap_or_else(cancelled))
    }

    async fn books(&self, _: Date, _: Option<&str>, _: CallContext) -> Result<BookPage, ConnectorFault> {
        unknown()
    }
}
