//! The reconciliation of a day: our books against the core's, by key (T15). What the core knows better is taken over; whatever is
//! left different is told to the operators, once a day and by order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::Tick;
use ponte_payment::connector::{BookEntry, ConnectorFault, Found};
use ponte_payment::payment::{CoreStatus, Payment, PaymentStatus};
use ponte_ports::audit::Actor;
use ponte_ports::outbox::SHARDS;
use ponte_ports::{IndexFault, PortError, chain};
use ponte_values::{Amount, Date, PaymentId};
use serde::{Deserialize, Serialize};

use crate::ports::Ports;
use crate::worker::{WorkFault, context, said};

/// Payments of one page of ours.
const PAGE: u16 = 200;

/// Pages of the core at most: what goes on for ever is a fault of its cursor.
const MOST_PAGES: u32 = 10_000;

/// Time of a question to the core.
const QUESTION: Duration = Duration::from_secs(8);

/// Differences that are named in one answer; all are counted.
const MOST_NAMED: usize = 100;

/// What the books of a day say.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reconciliation {
    /// The day in Brasília.
    pub day: Date,
    /// Payments in our books.
    pub ours: u64,
    /// Payments in the core's.
    pub core: u64,
    /// Sum of what is settled by our books.
    pub settled_here: Amount,
    /// Sum of what is settled by the core's.
    pub settled_at_core: Amount,
    /// Payments that took over what the core said.
    pub taken_over: u64,
    /// How many payments differ.
    pub different: u64,
    /// The first of them.
    pub differences: Vec<Difference>,
}

/// A payment on which the books differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Its key.
    pub payment: String,
    /// How they differ.
    pub kind: DifferenceKind,
}

/// How the books differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DifferenceKind {
    /// The core has a payment that we do not know.
    UnknownHere,
    /// The core should have it, and does not.
    MissingAtCore,
    /// The core has more than one under the same key.
    Duplicate,
    /// Their names in the payment system differ.
    EndToEndId,
    /// The amounts differ.
    Amount,
    /// It is settled on one side and not on the other.
    Status,
    /// Nobody knows whether money moved.
    Parked,
}

impl Reconciliation {
    const fn new(day: Date) -> Self {
        Self {
            day,
            ours: 0,
            core: 0,
            settled_here: Amount::from_cents(0),
            settled_at_core: Amount::from_cents(0),
            taken_over: 0,
            different: 0,
            differences: Vec::new(),
        }
    }

    fn differs(&mut self, payment: &str, kind: DifferenceKind) {
        self.different += 1;
        if self.differences.len() < MOST_NAMED {
            self.differences.push(Difference { payment: payment.to_owned(), kind });
        }
    }
}

/// The schedule of the day before, every night.
pub struct Nightly {
    ports: Arc<Ports>,
}

impl Nightly {
    /// The job over `ports`.
    #[must_use]
    pub const fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }
}

#[async_trait]
impl Tick for Nightly {
    async fn tick(&self) -> Result<(), PortError> {
        let day = self.ports.clock.now().date_brasilia().plus_days(-1);
        let found = reconcile(&self.ports, day).await.inspect_err(|error| {
            tracing::error!(alarm = "payment-books", day = %day, error = chain(error), "books of payments not compared");
        })?;
        tracing::info!(
            day = %found.day,
            ours = found.ours,
            core = found.core,
            taken_over = found.taken_over,
            different = found.different,
            "books of payments compared"
        );
        Ok(())
    }

    /// An hour at the scheduler, which tries again, and a minute at Lambda.
    fn event_age(&self) -> Duration {
        Duration::from_mins(61)
    }
}

/// Compares the books of a day, takes over what the core knows better, and raises the alarm if anything is left different.
pub(crate) async fn reconcile(ports: &Ports, day: Date) -> Result<Reconciliation, PortError> {
    let mut core = books_of_core(ports, day).await?;
    let mut found = Reconciliation::new(day);
    found.core = u64::try_from(core.values().map(Vec::len).sum::<usize>()).unwrap_or(u64::MAX);
    for shard in 0..SHARDS {
        let mut after: Option<String> = None;
        loop {
            let page = ports.payments.of_day(day, shard, after.as_deref(), PAGE).await.map_err(cursor)?;
            for ids in page.payments.chunks(60) {
                for payment in ports.payments.find_all(ids).await? {
                    let entries = core.remove(payment.id.as_str()).unwrap_or_default();
                    compare(ports, &mut found, payment, entries).await?;
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    for (key, entries) in core {
        // One of another day of ours is no difference of this one.
        let known = match PaymentId::parse(&key) {
            Ok(id) => ports.payments.find(&id).await?,
            Err(_) => None,
        };
        let Some(payment) = known else {
            for entry in &entries {
                let is = matches!(entry.report.status, CoreStatus::Settled);
                settled(&mut found.settled_at_core, is, entry.amount);
            }
            found.differs(&key, DifferenceKind::UnknownHere);
            continue;
        };
        compare(ports, &mut found, payment, entries).await?;
    }
    if found.different > 0 {
        tracing::error!(
            alarm = "payment-books",
            day = %day,
            different = found.different,
            "our books of payments and the core's differ"
        );
    }
    Ok(found)
}

/// All entries of the core, by our key.
async fn books_of_core(ports: &Ports, day: Date) -> Result<BTreeMap<String, Vec<BookEntry>>, PortError> {
    let mut entries: BTreeMap<String, Vec<BookEntry>> = BTreeMap::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = ports.connector.books(day, cursor.as_deref(), context(ports, QUESTION)?).await;
        let page = page.map_err(|fault| match fault {
            ConnectorFault::NotSent(error) | ConnectorFault::Unknown(error) => error,
        })?;
        for entry in page.entries {
            entries.entry(entry.key.clone()).or_default().push(entry);
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(entries);
        }
    }
    Err(PortError::new("payment connector", "the books of a day have no end"))
}

async fn compare(
    ports: &Ports,
    found: &mut Reconciliation,
    payment: Payment,
    entries: Vec<BookEntry>,
) -> Result<(), PortError> {
    found.ours += 1;
    let id = payment.id.clone();
    for entry in &entries {
        let is = matches!(entry.report.status, CoreStatus::Settled);
        settled(&mut found.settled_at_core, is, entry.amount);
    }
    if entries.len() > 1 {
        found.differs(id.as_str(), DifferenceKind::Duplicate);
    }
    let Some(entry) = entries.into_iter().next() else { return missing(ports, found, payment).await };
    let (version, end_to_end_id) = (payment.version, payment.item.end_to_end_id.clone());
    let payment = if payment.status().is_final() {
        payment
    } else {
        match said(ports, payment, entry.report.clone(), Actor::Ponte).await {
            // Whoever was faster has what the core says, or will ask.
            Ok(()) | Err(WorkFault::Met) => {}
            Err(WorkFault::Port(error)) => return Err(error),
        }
        let Some(stored) = ports.payments.find(&id).await? else { return Ok(()) };
        found.taken_over += u64::from(stored.version > version);
        stored
    };
    let settled_here = payment.status() == PaymentStatus::Acsc;
    settled(&mut found.settled_here, settled_here, payment.amount());
    let settled_at_core = matches!(entry.report.status, CoreStatus::Settled);
    if payment.status().is_final() && settled_here != settled_at_core && !over(&entry, &payment) {
        found.differs(id.as_str(), DifferenceKind::Status);
    } else if payment.amount() != entry.amount {
        found.differs(id.as_str(), DifferenceKind::Amount);
    } else if end_to_end_id != entry.end_to_end_id {
        found.differs(id.as_str(), DifferenceKind::EndToEndId);
    }
    Ok(())
}

/// Whether it is over without money having moved, on both sides.
const fn over(entry: &BookEntry, payment: &Payment) -> bool {
    let at_core = matches!(entry.report.status, CoreStatus::Rejected(_) | CoreStatus::Cancelled(_));
    at_core && matches!(payment.status(), PaymentStatus::Rjct | PaymentStatus::Canc)
}

/// A payment that the books of the core do not have for this day. One that money may have moved for is asked about by its key, since the core
/// may count it on another day; what it does not know then is a difference.
async fn missing(ports: &Ports, found: &mut Reconciliation, payment: Payment) -> Result<(), PortError> {
    let settled_here = payment.status() == PaymentStatus::Acsc;
    settled(&mut found.settled_here, settled_here, payment.amount());
    let without_money = matches!(payment.status(), PaymentStatus::Rjct | PaymentStatus::Canc);
    if without_money || !(settled_here || payment.execution().may_have_moved()) {
        return Ok(());
    }
    let consent = ports.consents.find(&payment.consent).await?;
    let Some(consent) = consent else {
        found.differs(payment.id.as_str(), DifferenceKind::MissingAtCore);
        return Ok(());
    };
    match ports.connector.find(&consent, &payment, context(ports, QUESTION)?).await {
        Ok(Found::Known(report)) if settled_here => {
            if matches!(report.status, CoreStatus::Settled) {
                settled(&mut found.settled_at_core, true, payment.amount());
            } else {
                found.differs(payment.id.as_str(), DifferenceKind::Status);
            }
        }
        // The worker asks as well, and takes it over.
        Ok(Found::Known(_)) => {}
        _ if payment.is_parked() => found.differs(payment.id.as_str(), DifferenceKind::Parked),
        _ => found.differs(payment.id.as_str(), DifferenceKind::MissingAtCore),
    }
    Ok(())
}

fn settled(sum: &mut Amount, is: bool, amount: Amount) {
    if is {
        *sum = sum.plus(amount).unwrap_or(*sum);
    }
}

fn cursor(fault: IndexFault) -> PortError {
    match fault {
        IndexFault::Cursor => PortError::new("payments", "a cursor of our own was not taken"),
        IndexFault::Port(error) => error,
    }
}
