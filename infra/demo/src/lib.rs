//! The demo: one journey through a running stack, in chapters of steps. It knows the stack by `endpoints.json` alone and
//! acts as a receiver and an initiator of payments, as the institution's channel, its app and back office, and as the customer's browser.
//!
//! One more chapter = a file with a function over [`Runner`] and a line in [`chapters`]; one more step = one call of
//! [`Runner::answer`] with the step and a check of its answer.

mod app;
mod backoffice;
mod consent;
mod core_books;
mod data;
mod decision;
mod everything;
mod expect;
mod gate;
mod initiator;
mod metrics;
mod participants;
mod payments;
mod refusals;
mod reporter;
mod revocation;
mod runner;
mod scenarios;
mod scheduled;
mod summary;
#[cfg(test)]
mod tests;
mod tokens;

use serde_json::Value;

use participants::Participants;

pub use reporter::Reporter;
pub use runner::Outcome;
use runner::{Aborted, Runner};

/// What the journey wants of the template beside what the sandbox has: of rows of medium frequency as few calls a month as the
/// regulation allows (L06), so that it can use them up. It asks only for lists of those rows, whose calls are counted for its own consent, so
/// demos in one folder take nothing from each other.
pub const PARAMETERS: &[(&str, &str)] = &[("CallsPerMonth", "1000 30 1000 1000 1000")];

/// Runs the whole journey against the stack that `endpoints` describes.
pub async fn run(endpoints: &Value, report: Reporter) -> Outcome {
    let mut runner = Runner::new(endpoints, report);
    // On the heap: the future of the whole journey is too large for a stack frame.
    Box::pin(play(&mut runner)).await;
    runner.end()
}

/// Runs the chapters. Each builds on the one before, so an aborted one ends the journey; the summary says where.
async fn play(runner: &mut Runner<'_>) {
    if let Ok(participants) = participants::set_up(runner).await
        && chapters(runner, &participants).await.is_err()
    {
        metrics::leave_nothing_unpaired(&participants).await;
    }
}

async fn chapters(runner: &mut Runner<'_>, participants: &Participants) -> Result<(), Aborted> {
    participants::registered(runner, participants).await?;
    let asked = consent::ask(runner, participants).await?;
    let authorised = decision::decide(runner, participants, &asked).await?;
    let customer = tokens::obtain(runner, participants, authorised).await?;
    tokens::look_into(runner, participants, &customer).await?;
    let account = data::read(runner, participants, &customer).await?;
    refusals::provoke(runner, participants, &customer, &account).await;
    revocation::revoke(runner, participants, &asked, &customer).await?;
    let shared = app::decide(runner, participants, &asked).await?;
    backoffice::manage(runner, participants, &shared).await?;
    let everything = everything::read(runner, participants, &asked).await?;
    gate::catch(runner, participants, &everything, &account).await?;
    payments::make(runner, participants).await?;
    metrics::pair(runner, participants, &asked).await?;
    scenarios::play(runner).await?;
    runner.finish();
    Ok(())
}
