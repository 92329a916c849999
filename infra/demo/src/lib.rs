//! The demo: one journey through a running stack, told as a story. It knows the stack by `endpoints.json` alone and
//! acts as a receiver, as the institution's channel, its app and back office, and as the customer's browser.
//!
//! One more chapter = a file with a function over [`Story`] and a line in [`chapters`]; one more step = one call of
//! [`Story::answer`] with what is told and what must hold.

mod app;
mod backoffice;
mod consent;
mod data;
mod decision;
mod expect;
mod metrics;
mod participants;
mod refusals;
mod reporter;
mod revocation;
mod scenarios;
mod story;
mod summary;
#[cfg(test)]
mod tests;
mod tokens;

use serde_json::Value;

use participants::Participants;

pub use reporter::Reporter;
pub use story::Outcome;
use story::{Broken, Story};

/// Tells the whole journey against the stack that `endpoints` describes; 0 is the exit code when every step held.
pub async fn run(endpoints: &Value, report: Reporter) -> Outcome {
    let mut story = Story::new(endpoints, report);
    // On the heap: the whole journey is too large for the stack frame of whoever awaits it.
    Box::pin(tell(&mut story)).await;
    story.end()
}

/// A broken chapter leaves nothing for the next one to build on; the summary says how far it went.
async fn tell(story: &mut Story<'_>) {
    if let Ok(participants) = participants::set_up(story).await
        && chapters(story, &participants).await.is_err()
    {
        metrics::leave_nothing_unpaired(&participants).await;
    }
}

async fn chapters(story: &mut Story<'_>, participants: &Participants) -> Result<(), Broken> {
    participants::registered(story, participants).await?;
    let asked = consent::ask(story, participants).await?;
    let authorised = decision::decide(story, participants, &asked).await?;
    let customer = tokens::obtain(story, participants, authorised).await?;
    tokens::look_into(story, participants, &customer).await?;
    let account = data::read(story, participants, &customer).await?;
    refusals::provoke(story, participants, &customer, &account).await;
    revocation::revoke(story, participants, &asked, &customer).await?;
    let shared = app::decide(story, participants, &asked).await?;
    backoffice::manage(story, participants, &shared).await?;
    metrics::pair(story, participants, &asked).await?;
    scenarios::play(story).await?;
    story.finish();
    Ok(())
}
