//! Operator commands: an event `{"operator": "pcm.<command>", ..}` of a direct invocation; one file of `events/` each.
//!
//! | command | what it does |
//! |---|---|
//! | `pcm.status {day?, days?}` | the last days in a line each, or one day with everything known of it |
//! | `pcm.check {day?, sample?}` | asks the platform how a sample of the accepted reports stands |
//! | `pcm.parked {day?, after?}` | parked reports with their reasons, 50 at a time |
//! | `pcm.resend-discarded {day?}` | parked reports go out again, mended where the rule is known |
//! | `pcm.resend-day {day, after?}` | every accepted report of a day goes out once more, counted as repeated |
//! | `pcm.correct {day, interaction, role, set}` | one accepted report goes out once more with other facts |
//! | `pcm.restore {reports}` | reports that stand in the log alone go into the outbox, each once, 500 at a time |
//! | `pcm.rebuild {day, continue?}` | the lines of a day are counted again from the archive and the parked rows |
//! | `pcm.quality {from?, to?, api?, after?}` | what was found in the institution's records, by day and endpoint, 100 at a time |
//!
//! The five before the last change something: their event also says who orders it and why, `"by": {"name": "..", "reason": ".."}`,
//! and they leave audit rows with the subject `pcm:<day>`.
//!
//! The types of commands and answers are in [`crate::commands`]; here they are run.
//!
//! **One more command:** a variant of [`Command`](crate::commands::Command) and its answer, a file here that runs it,
//! and an arm in `run`.

mod checks;
mod fault;
mod limits;
mod orders;
mod parked;
mod rebuild;
mod resend;
mod restore;
mod run;

pub use run::ReportOperator;

#[cfg(test)]
mod tests;
