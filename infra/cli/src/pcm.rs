//! `ponte pcm`: the reports to the metrics platform, by operator commands of the running stack.

mod checks;
mod days;
mod mended;
mod table;

use std::path::Path;

use clap::Subcommand;
use serde_json::{Value, json};

use self::checks::checks;
use self::days::{days, detail};
use self::mended::{parked, rebuilt, resent_discarded};
use self::table::number;
use crate::ask;

/// The function that reports.
const FUNCTION: &str = "pcm";

/// What is done with reports.
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
        sample: Option<u32>,
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
    /// Count a day again from the archive and correct its ledger
    Rebuild {
        /// Day in Brasília
        day: String,
    },
}

impl Pcm {
    /// The operator command; what was not said is left to it.
    fn command(&self) -> Result<Value, String> {
        let mut command = match self {
            Self::Status { day, days } => json!({ "operator": "pcm.status", "day": day, "days": days }),
            Self::Check { day, sample } => json!({ "operator": "pcm.check", "day": day, "sample": sample }),
            Self::Parked { day } => json!({ "operator": "pcm.parked", "day": day }),
            Self::ResendDiscarded { day } => json!({ "operator": "pcm.resend-discarded", "day": day }),
            Self::ResendDay { day } => json!({ "operator": "pcm.resend-day", "day": day }),
            Self::Correct { day, interaction, role, set } => json!({
                "operator": "pcm.correct", "day": day, "interaction": interaction, "role": role, "set": facts(set)?,
            }),
            Self::Rebuild { day } => json!({ "operator": "pcm.rebuild", "day": day }),
        };
        if let Some(members) = command.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        Ok(command)
    }

    /// Runs the command on the running stack, again as long as it hands something on, and says what came of it.
    pub(crate) async fn run(&self, directory: &Path) -> Result<String, String> {
        let mut command = self.command()?;
        let mut said = Vec::new();
        loop {
            let answer = ask::invoke(directory, FUNCTION, command.to_string()).await?;
            let on = self.go_on(&answer, &mut command);
            said.push(self.said(&answer));
            if !on {
                return Ok(said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"));
            }
        }
    }

    /// Puts what an answer hands on into the next command; false at the end.
    fn go_on(&self, answer: &Value, command: &mut Value) -> bool {
        let (from, to) = match self {
            Self::Rebuild { .. } => ("continue", "continue"),
            _ => ("next", "after"),
        };
        let on = !answer[from].is_null();
        if on {
            command[to] = answer[from].clone();
        }
        on
    }

    fn said(&self, answer: &Value) -> String {
        match self {
            Self::Status { day: None, .. } => days(answer),
            Self::Status { day: Some(_), .. } => detail(answer),
            Self::Check { .. } => checks(answer),
            Self::Parked { .. } => parked(answer),
            Self::ResendDiscarded { .. } => resent_discarded(answer),
            Self::ResendDay { .. } => format!(
                "{} reports of the day go out once more; {} are too old by now",
                number(&answer["resent"]),
                number(&answer["left"])
            ),
            Self::Correct { .. } => format!("goes out once more as\n{:#}", answer["report"]),
            Self::Rebuild { .. } => rebuilt(answer),
        }
    }
}

/// `statusCode=404` becomes a number, everything that is no JSON a text.
fn facts(set: &[String]) -> Result<Value, String> {
    let mut facts = serde_json::Map::new();
    for fact in set {
        let (name, value) =
            fact.split_once('=').ok_or_else(|| format!("`{fact}` is not of the form FIELD=VALUE"))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        facts.insert(name.to_owned(), value);
    }
    Ok(Value::Object(facts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_said_is_left_to_the_operator_command() {
        let status = Pcm::Status { day: None, days: None };
        assert_eq!(status.command().unwrap(), json!({ "operator": "pcm.status" }));
        let set = vec!["statusCode=404".to_owned(), "httpMethod=GET".to_owned()];
        let correct =
            Pcm::Correct { day: "2026-03-01".into(), interaction: "i".into(), role: "SERVER".into(), set };
        assert_eq!(correct.command().unwrap()["set"], json!({ "statusCode": 404, "httpMethod": "GET" }));
        assert!(facts(&["statusCode".to_owned()]).is_err());
    }

    #[test]
    fn a_command_goes_on_with_what_it_was_handed() {
        let resend = Pcm::ResendDay { day: "2026-03-01".into() };
        let mut command = resend.command().unwrap();
        assert!(resend.go_on(&json!({ "resent": 5, "next": "k" }), &mut command));
        assert_eq!(command["after"], "k");
        assert!(!resend.go_on(&json!({ "resent": 5 }), &mut command));
        let rebuild = Pcm::Rebuild { day: "2026-03-01".into() };
        let mut command = rebuild.command().unwrap();
        assert!(rebuild.go_on(&json!({ "done": false, "continue": { "after": "k" } }), &mut command));
        assert_eq!(command["continue"]["after"], "k");
    }
}
