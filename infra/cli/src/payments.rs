//! `ponte payments`: the books of payments, parked ones, dead letters, and a day once more.

use std::fmt::Write as _;

use clap::{Subcommand, ValueEnum};
use ponte_payments::Reconciliation;
use ponte_payments::commands::{Command, DayRun, Outcome, Reconciled, Redriven, Resolved};

use crate::commands::Commands;
use crate::operator::{self, By};
use crate::target::Target;

/// Subcommands of `ponte payments`.
#[derive(Subcommand)]
pub(crate) enum Payments {
    /// Compare the books of a day with the core's, or ask the core about one payment
    Reconcile {
        /// The day in Brasília, e.g. 2026-06-15
        #[arg(required_unless_present = "payment", conflicts_with = "payment")]
        day: Option<String>,
        /// In its place the id of a payment
        #[arg(long, value_name = "ID")]
        payment: Option<String>,
    },
    /// Say what became of a parked payment; needs two operators, so order it with --queue
    Resolve {
        /// Id of the payment
        payment: String,
        /// What became of it
        outcome: Found,
        /// The core's own key of what it executed, a JSON list of key and value
        #[arg(long, value_name = "JSON")]
        core_key: Option<String>,
    },
    /// Give the worker its dead letters once more; needs two operators, so order it with --queue
    Redrive,
    /// Give the worker all payments of today that are due
    RunDay {
        /// Today in Brasília, e.g. 2026-06-15
        day: String,
    },
}

/// What became of a payment.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Found {
    /// The core executed it
    Executed,
    /// The core did not execute it, and will not
    NotExecuted,
    /// The core did not execute it: send it again under the same key
    SendAgain,
}

impl Commands for Payments {
    const FUNCTION: &'static str = "payments";
    type Command = Command;

    fn command(self) -> Result<Command, String> {
        Ok(match self {
            Self::Reconcile { day, payment } => Command::Reconcile { day, payment },
            Self::Resolve { payment, outcome, core_key } => {
                let outcome = match outcome {
                    Found::Executed => Outcome::Executed,
                    Found::NotExecuted => Outcome::NotExecuted,
                    Found::SendAgain => Outcome::SendAgain,
                };
                let core_key = core_key.map(|text| serde_json::from_str(&text)).transpose();
                let core_key = core_key.map_err(|error| format!("--core-key: {error}"))?;
                Command::Resolve { payment, outcome, core_key }
            }
            Self::Redrive => Command::Redrive { after: None },
            Self::RunDay { day } => Command::RunDay { day, after: None },
        })
    }

    async fn run(self, target: &Target, by: &By) -> Result<String, String> {
        let mut command = self.command()?;
        let mut lines = Vec::new();
        loop {
            let (text, next) = match &command {
                Command::Reconcile { .. } => {
                    (reconciled(&operator::run(target, Self::FUNCTION, &command, by).await?), None)
                }
                Command::Resolve { .. } => {
                    (resolved(&operator::run(target, Self::FUNCTION, &command, by).await?), None)
                }
                Command::Redrive { .. } => {
                    let answer: Redriven = operator::run(target, Self::FUNCTION, &command, by).await?;
                    (redriven(&answer), answer.next)
                }
                Command::RunDay { .. } => {
                    let answer: DayRun = operator::run(target, Self::FUNCTION, &command, by).await?;
                    (format!("{} payments given to the worker", answer.sent), answer.next)
                }
            };
            lines.push(text);
            let Some(next) = next else { return Ok(lines.join("\n")) };
            if let Command::Redrive { after } | Command::RunDay { after, .. } = &mut command {
                *after = Some(next);
            }
        }
    }
}

fn reconciled(answer: &Reconciled) -> String {
    match answer {
        Reconciled::Payment(payment) => resolved(payment),
        Reconciled::Day(books) => of_day(books),
    }
}

fn of_day(books: &Reconciliation) -> String {
    let mut text = format!(
        "{}: {} payments here, {} at the core, {} taken over, {} differ",
        books.day, books.ours, books.core, books.taken_over, books.different
    );
    for difference in &books.differences {
        let _ = write!(text, "\n  {}: {:?}", difference.payment, difference.kind);
    }
    text
}

fn resolved(payment: &Resolved) -> String {
    let changed = if payment.changed { "" } else { ", as before" };
    let parked = if payment.parked { ", parked" } else { "" };
    format!("{} is {}{parked}{changed}", payment.payment, payment.status)
}

fn redriven(answer: &Redriven) -> String {
    let mut text = format!("{} messages sent again", answer.sent);
    for (id, why) in &answer.left {
        let _ = write!(text, "\n  {id}: {why}");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_words_are_the_operator_commands() {
        let event = |words: Payments| words.command().map(|command| serde_json::to_value(command).unwrap());
        let day = Some("2026-06-15".to_owned());
        assert_eq!(
            event(Payments::Reconcile { day, payment: None }),
            Ok(json!({"operator": "payments.reconcile", "day": "2026-06-15"}))
        );
        let (payment, core_key) = ("p".to_owned(), Some(r#"[{"key":"id","value":"1"}]"#.to_owned()));
        assert_eq!(
            event(Payments::Resolve { payment: payment.clone(), outcome: Found::Executed, core_key }),
            Ok(json!({"operator": "payments.resolve", "payment": "p", "outcome": "EXECUTED",
                "coreKey": [{"key": "id", "value": "1"}]}))
        );
        let wrong = Payments::Resolve { payment, outcome: Found::Executed, core_key: Some("[".to_owned()) };
        assert!(event(wrong).is_err());
        assert_eq!(event(Payments::Redrive), Ok(json!({"operator": "payments.redrive"})));
    }
}
