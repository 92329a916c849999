//! Drop reasons of new consents: the report of a created consent waits until the institution has said whether the
//! customer has an account here, and goes out with the reason (M38).
//!
//! Absence is never presumed. A refusal means that the customer exists and cannot be served now; a failure says nothing,
//! the question is repeated in the next minute, and after [`PATIENCE`] the report goes without a reason. Reason and
//! report leave in one write, so a crash between question and write loses nothing: the next tick asks again. A report
//! that left is not listed any more, so the institution is not asked about it again.
//!
//! Clients have their turns side by side, and failures count for the client alone: one for whose customers there is no
//! answer holds up no other. What the breaker turns away waits and is put again in the same tick.

mod question_budget;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt as _, future, stream};
use ponte_data_consent::account_holder::AccountHolderAnswer;
use ponte_data_consent::ports::{Consents, Institution};
use ponte_edge::Tick;
use ponte_metrics::outbox::HeldRow;
use ponte_metrics::ports::HeldReports;
use ponte_metrics::report::{DropReason, ServerReport};
use ponte_ports::outbox::SHARDS;
use ponte_ports::{Clock, InstitutionFault, Limit, Pauses, PortError, chain};
use ponte_values::{InteractionId, Moment, OrganisationId};
use tokio::sync::Semaphore;

use self::question_budget::{Place, QuestionBudget};

const WHAT: &str = "report of a new consent";

/// No question is sent after this time of a tick: an answer takes 3 s at most, the store 8 s, and the function has 28 s.
const BUDGET: Duration = Duration::from_secs(15);
/// How long a report waits for an answer, from the call it is about, or from when it was put back after it had been lost.
const PATIENCE: Duration = Duration::from_mins(10);
/// Rows of one shard and tick at most.
const MOST_ROWS: usize = 2000;
/// Questions at the same time for one shard.
const AT_ONCE: usize = 8;
/// Of these, those about customers of one client, and one of a client that had no answer yet.
const AT_ONCE_OF_CLIENT: usize = AT_ONCE / 2;
/// Shortest and longest wait until a question is put again that the breaker turned away.
const WAIT_MIN: Duration = Duration::from_millis(100);
const WAIT_MAX: Duration = Duration::from_secs(2);

/// Lets the reports of created consents go, with the reason.
pub struct DropReasons {
    /// The reports that wait.
    pub reports: Arc<dyn HeldReports>,
    /// The consents they are about.
    pub consents: Arc<dyn Consents>,
    /// The institution, which knows the customers.
    pub institution: Arc<dyn Institution>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Pauses while the breaker turns questions away.
    pub pauses: Arc<dyn Pauses>,
}

/// A report that waits for an answer about its customer.
struct Question {
    row: HeldRow,
    report: ServerReport,
    interaction: InteractionId,
}

impl Question {
    /// The question of a row; the row itself if there is nothing to ask for it, or nothing more to wait for.
    fn of(row: HeldRow, now: Moment) -> Result<Self, HeldRow> {
        let waits = row.waits_since().is_some_and(|since| now < since.plus(PATIENCE));
        match unanswered(&row).filter(|_| waits) {
            Some((report, interaction)) => Ok(Self { row, report, interaction }),
            None => Err(row),
        }
    }

    fn client(&self) -> &OrganisationId {
        &self.report.client_org_id
    }
}

#[async_trait]
impl Tick for DropReasons {
    /// Works on the shards side by side, every one even if another fails; the first failure is the answer.
    async fn tick(&self) -> Result<(), PortError> {
        let budget = QuestionBudget::until(self.clock.now().plus(BUDGET));
        let shards = future::join_all((0..SHARDS).map(|shard| self.shard(shard, &budget))).await;
        shards.into_iter().fold(Ok(()), Result::and)
    }
}

impl DropReasons {
    /// A row that cannot be dealt with is logged and does not hold up the others.
    async fn shard(&self, shard: u8, budget: &QuestionBudget) -> Result<(), PortError> {
        let rows = self.reports.held(shard, MOST_ROWS).await?;
        let (waiting, now) = (rows.len(), self.clock.now());
        let mut ready = Vec::new();
        // In no order, so that no client is always the first.
        let mut clients: HashMap<OrganisationId, Vec<Question>> = HashMap::new();
        for row in rows {
            match Question::of(row, now) {
                Ok(question) => clients.entry(question.client().clone()).or_default().push(question),
                Err(row) => ready.push(row),
            }
        }
        // A report that can take no reason goes as it is: the worker behind the outbox finds its fault.
        let going = stream::iter(ready).map(|row| async move { self.let_go(&row, &row.body).await });
        let gone = going.buffer_unordered(AT_ONCE).filter(|gone| future::ready(*gone)).count();
        let places = Semaphore::new(AT_ONCE);
        let told = clients.into_values().map(|questions| self.client(questions, &places, budget));
        let (gone, told) = future::join(gone, future::join_all(told)).await;
        if waiting > 0 {
            let released = gone + told.into_iter().sum::<usize>();
            tracing::info!(shard, waiting, released, "reports of new consents");
        }
        Ok(())
    }

    /// Asks about the customers of one client, oldest first; says how many reports went. One by one until there is an answer:
    /// a client for whose customers there is none takes one place.
    async fn client(&self, questions: Vec<Question>, places: &Semaphore, budget: &QuestionBudget) -> usize {
        let mut questions = questions.into_iter();
        let mut first = 0;
        for question in questions.by_ref() {
            if self.tell(question, places, budget).await {
                first = 1;
                break;
            }
        }
        let further = stream::iter(questions).map(|question| self.tell(question, places, budget));
        let told = further.buffer_unordered(AT_ONCE_OF_CLIENT).filter(|told| future::ready(*told));
        first + told.count().await
    }

    /// Lets the report of a question go if there is something to tell; says whether it went.
    async fn tell(&self, question: Question, places: &Semaphore, budget: &QuestionBudget) -> bool {
        let mut place = Place::of(places).await;
        match self.told(&question, &mut place, budget).await {
            Ok(Some(body)) => self.let_go(&question.row, &body).await,
            Ok(None) => false,
            Err(error) => {
                // A consent that this release cannot read says nothing of the institution.
                if !error.is_unreadable() {
                    budget.failed(question.client());
                }
                let consent = question.row.consent.as_str();
                tracing::warn!(consent, chain = chain(&error), "nothing known of a customer");
                false
            }
        }
    }

    async fn let_go(&self, row: &HeldRow, body: &str) -> bool {
        self.reports.release(row, body).await.unwrap_or_else(|error| {
            tracing::error!(consent = row.consent.as_str(), chain = chain(&error), "report not let go");
            false
        })
    }

    /// The report with the reason; `None` if it is not asked about any more in this tick.
    async fn told(
        &self,
        question: &Question,
        place: &mut Place<'_>,
        budget: &QuestionBudget,
    ) -> Result<Option<String>, PortError> {
        let Question { row, report, interaction } = question;
        if !budget.may_ask(question.client(), self.clock.now()) {
            return Ok(None);
        }
        let Some(consent) = self.consents.find(&row.consent).await? else {
            return Err(PortError::new(WHAT, "about a consent that is not there"));
        };
        loop {
            let answer = self.institution.check_account_holder(&consent, *interaction).await;
            if let Some(wait) = turned_away(&answer) {
                // Another client may have the place meanwhile.
                place.leave_for(self.pauses.pause(wait)).await;
                if !budget.may_ask(question.client(), self.clock.now()) {
                    return Ok(None);
                }
                continue;
            }
            let reason = reason_of(answer)?;
            budget.answered();
            let report = report.clone().dropped(reason);
            let report = report.map_err(|fault| PortError::new(WHAT, format!("{fault:?}")))?;
            return serde_json::to_string(&report).map(Some).map_err(|error| PortError::new(WHAT, error));
        }
    }
}

/// How long a question waits that the breaker turned away: nobody was asked, so that it is no failure.
fn turned_away(answer: &Result<AccountHolderAnswer, InstitutionFault>) -> Option<Duration> {
    match answer {
        Err(InstitutionFault::Port(error)) if error.is_unasked() => {
            Some(error.retry_after().unwrap_or(WAIT_MAX).clamp(WAIT_MIN, WAIT_MAX))
        }
        _ => None,
    }
}

fn reason_of(answer: Result<AccountHolderAnswer, InstitutionFault>) -> Result<DropReason, PortError> {
    match answer {
        Ok(answer) => Ok(answer.drop_reason()),
        Err(InstitutionFault::Refused(_) | InstitutionFault::Limited(Limit::Operational, _)) => {
            Ok(DropReason::CredentialUnavailable)
        }
        Err(InstitutionFault::Limited(Limit::Traffic, _)) => {
            Err(PortError::overloaded(WHAT, "too many questions a minute"))
        }
        Err(InstitutionFault::NotFound) => Err(PortError::new(WHAT, "no such operation at the institution")),
        Err(InstitutionFault::NotReady(_)) => Err(PortError::new(WHAT, "no answer yet")),
        Err(InstitutionFault::Port(error)) => Err(error),
    }
}

/// The report, and the id of the call it is about; `None` if it can take no reason.
fn unanswered(row: &HeldRow) -> Option<(ServerReport, InteractionId)> {
    let report = ServerReport::read(&row.body).ok().filter(ServerReport::takes_drop_reason)?;
    let interaction = InteractionId::parse(&report.fapi_interaction_id).ok()?;
    Some((report, interaction))
}
