//! `ponte pcm`: the reports to the metrics platform, by operator commands of the running stack.

mod checks;
mod days;
mod parked;
mod rebuilt;
mod restore;

use std::path::PathBuf;

use clap::Subcommand;
use ponte_pcm::commands::{Command, Corrected, DayResent, ParkedReports, Rebuilt, Restored, Unparked};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::checks::checks;
use self::days::{days, detail};
use self::parked::{parked, resent};
use self::rebuilt::rebuilt;
use self::restore::{lost_reports, restored};
use crate::commands::Commands;
use crate::operator::{self, By};
use crate::table::number;
use crate::target::Target;

/// The function that reports.
const FUNCTION: &str = "pcm";

/// Lost reports of one command.
const AT_A_TIME: usize = 200;

/// Subcommands of `ponte pcm`.
#[derive(Subcommand)]
pub(crate) enum Pcm {
    /// Say how the last days stand, or one day in detail
    Status {
        /// Day in Brasília, e.g. 2026-03-01
        #[arg(long, value_name = "DAY")]
        day: Option<String>,
        /// How many days, when no day is named
        #[arg(long, value_name = "N")]
        days: Option<u8>,
    },
    /// Ask the platform how a sample of the accepted reports stands; yesterday and one older day without --day
    Check {
        /// Day in Brasília
        #[arg(long, value_name = "DAY")]
        day: Option<String>,
        /// Reports asked for per API and role, up to 5000; 500 without
        #[arg(long, value_name = "N")]
        sample: Option<usize>,
    },
    /// List parked reports with their reasons
    Parked {
        /// Day in Brasília; all days without
        #[arg(long, value_name = "DAY")]
        day: Option<String>,
    },
    /// Send parked reports again, mended where the rule is known
    ResendDiscarded {
        /// Day in Brasília; all days without
        #[arg(long, value_name = "DAY")]
        day: Option<String>,
    },
    /// Send every accepted report of a day once more
    ResendDay {
        /// Day in Brasília
        day: String,
    },
    /// Send one accepted report once more with other facts
    Correct {
        /// Day in Brasília
        day: String,
        /// Interaction id of the call
        interaction: String,
        /// Role of the report: CLIENT or SERVER
        role: String,
        /// The facts to change, e.g. statusCode=404; may be repeated
        #[arg(long = "set", value_name = "FIELD=VALUE", required = true)]
        set: Vec<String>,
    },
    /// Put reports that stand in the log alone into the outbox
    Restore {
        /// Exported log lines of the functions
        file: PathBuf,
    },
    /// Count a day again from the archive and correct its ledger
    Rebuild {
        /// Day in Brasília
        day: String,
    },
}

impl TryFrom<Pcm> for Command {
    type Error = String;

    fn try_from(pcm: Pcm) -> Result<Self, String> {
        Ok(match pcm {
            Pcm::Status { day, days } => Self::Status { day, days },
            Pcm::Check { day, sample } => Self::Check { day, sample },
            Pcm::Parked { day } => Self::Parked { day, after: None },
            Pcm::ResendDiscarded { day } => Self::ResendDiscarded { day, after: None },
            Pcm::ResendDay { day } => Self::ResendDay { day, after: None },
            Pcm::Correct { day, interaction, role, set } => {
                Self::Correct { day, interaction, role, set: facts(&set)? }
            }
            Pcm::Restore { file } => {
                let export =
                    std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
                Self::Restore { reports: lost_reports(&export) }
            }
            Pcm::Rebuild { day } => Self::Rebuild { day, carried: None },
        })
    }
}

impl Commands for Pcm {
    const FUNCTION: &'static str = FUNCTION;
    type Command = Command;

    fn command(self) -> Result<Command, String> {
        Command::try_from(self)
    }

    async fn run(self, target: &Target, by: &By) -> Result<String, String> {
        let mut command = Command::try_from(self)?;
        let mut texts = Vec::new();
        loop {
            let (text, rest) = step(target, &command, by).await?;
            texts.push(text);
            let Some(rest) = rest else { break };
            command = rest;
        }
        texts.retain(|text| !text.is_empty());
        Ok(texts.join("\n"))
    }
}

/// Runs a command once: its answer as text, and the command for the rest.
async fn step(target: &Target, command: &Command, by: &By) -> Result<(String, Option<Command>), String> {
    Ok(match command {
        Command::Status { day: None, .. } => (days(&answer(target, command, by).await?), None),
        Command::Status { day: Some(_), .. } => (detail(&answer(target, command, by).await?), None),
        Command::Check { .. } => (checks(&answer(target, command, by).await?), None),
        Command::Parked { .. } => {
            let answer: ParkedReports = answer(target, command, by).await?;
            (parked(&answer.parked), answer.next.map(|next| command_after(command, next)))
        }
        Command::ResendDiscarded { .. } => {
            let answer: Unparked = answer(target, command, by).await?;
            (resent(&answer), answer.next.map(|next| command_after(command, next)))
        }
        Command::ResendDay { .. } => {
            let answer: DayResent = answer(target, command, by).await?;
            let (resent, left) = (number(answer.resent), number(answer.left));
            let text = format!("{resent} reports of the day go out once more; {left} are too old by now");
            (text, answer.next.map(|next| command_after(command, next)))
        }
        Command::Correct { .. } => {
            let answer: Corrected = answer(target, command, by).await?;
            (format!("goes out once more as\n{:#}", answer.report), None)
        }
        Command::Restore { reports } => {
            let (first, rest) = reports.split_at(reports.len().min(AT_A_TIME));
            let first = Command::Restore { reports: first.to_vec() };
            let answer: Restored = answer(target, &first, by).await?;
            let rest = (!rest.is_empty()).then(|| Command::Restore { reports: rest.to_vec() });
            (restored(&answer), rest)
        }
        Command::Rebuild { day, .. } => {
            let answer: Rebuilt = answer(target, command, by).await?;
            let rest = |carried| Command::Rebuild { day: day.clone(), carried: Some(carried) };
            (rebuilt(&answer), answer.carried.map(rest))
        }
        Command::Quality { .. } => return Err("findings are listed by `ponte quality`".to_owned()),
    })
}

async fn answer<A: DeserializeOwned>(target: &Target, command: &Command, by: &By) -> Result<A, String> {
    operator::run(target, FUNCTION, command, by).await
}

/// The same command from where its answer ended.
fn command_after(command: &Command, next: String) -> Command {
    let mut command = command.clone();
    if let Command::Parked { after, .. }
    | Command::ResendDiscarded { after, .. }
    | Command::ResendDay { after, .. } = &mut command
    {
        *after = Some(next);
    }
    command
}

/// The facts of `--set`: `statusCode=404` is a number, a value that is no JSON is a text.
fn facts(set: &[String]) -> Result<Map<String, Value>, String> {
    let fact = |fact: &String| {
        let (name, value) =
            fact.split_once('=').ok_or_else(|| format!("`{fact}` is not of the form FIELD=VALUE"))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        Ok((name.to_owned(), value))
    };
    set.iter().map(fact).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_option_that_was_not_given_is_absent_from_the_operator_command() {
        let event = |pcm: Pcm| serde_json::to_value(Command::try_from(pcm).unwrap()).unwrap();
        assert_eq!(event(Pcm::Status { day: None, days: None }), json!({ "operator": "pcm.status" }));
        let set = vec!["statusCode=404".to_owned(), "httpMethod=GET".to_owned()];
        let correct =
            Pcm::Correct { day: "2026-03-01".into(), interaction: "i".into(), role: "SERVER".into(), set };
        assert_eq!(event(correct)["set"], json!({ "statusCode": 404, "httpMethod": "GET" }));
        assert!(facts(&["statusCode".to_owned()]).is_err());
    }

    #[test]
    fn a_command_goes_on_where_its_answer_ended() {
        let first = Command::ResendDay { day: "2026-03-01".to_owned(), after: None };
        let further = Command::ResendDay { day: "2026-03-01".to_owned(), after: Some("k".to_owned()) };
        assert_eq!(command_after(&first, "k".to_owned()), further);
    }
}
