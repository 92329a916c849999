//! `ponte pcm`: the reports to the metrics platform, by operator commands of the running stack.

use std::fmt::Write as _;
use std::path::Path;

use clap::Subcommand;
use serde_json::{Value, json};

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

/// Thousands apart, as an operator reads them.
fn number(value: &Value) -> String {
    let digits = value.as_u64().unwrap_or_default().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

/// Columns as wide as their widest cell, numbers to the right.
fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([heads[column].len()]).max().unwrap_or_default()
    };
    let is_number = |column: usize| {
        rows.iter().all(|row| row[column].chars().all(|c| c.is_ascii_digit() || ".%".contains(c)))
    };
    let line = |cells: &[String]| {
        let cells = cells.iter().enumerate().map(|(column, cell)| {
            let width = width(column);
            if is_number(column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let heads = heads.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>();
    std::iter::once(line(&heads)).chain(rows.iter().map(|row| line(row))).collect::<Vec<_>>().join("\n")
}

/// A line for each day.
fn days(answer: &Value) -> String {
    let heads = [
        "DAY",
        "PRODUCED",
        "ACCEPTED",
        "RATE",
        "PENDING",
        "HELD",
        "PARKED",
        "LATE",
        "95% BY D+1",
        "99% BY D+7",
    ];
    let row = |day: &Value| {
        let count = |name: &str| number(&day[name]);
        let deadline =
            |name: &str| format!("{} {}%", text(&day[name]["standing"]), text(&day[name]["reached"]));
        vec![
            text(&day["day"]).to_owned(),
            count("produced"),
            count("accepted"),
            format!("{}%", text(&day["rate"])),
            count("pending"),
            count("held"),
            count("parked"),
            count("late"),
            deadline("firstDeadline"),
            deadline("lastDeadline"),
        ]
    };
    let days = answer["days"].as_array().map(Vec::as_slice).unwrap_or_default();
    table(&heads, &days.iter().map(row).collect::<Vec<_>>())
}

/// A day by API and role, its deadlines, its check.
fn detail(day: &Value) -> String {
    let mut said = String::new();
    let _ = writeln!(
        said,
        "{}: {} produced, {} accepted ({}%), {} pending, {} held, {} parked, {} late, {} sent again",
        text(&day["day"]),
        number(&day["produced"]),
        number(&day["accepted"]),
        text(&day["rate"]),
        number(&day["pending"]),
        number(&day["held"]),
        number(&day["parked"]),
        number(&day["late"]),
        number(&day["repeated"]),
    );
    for (deadline, label) in [("firstDeadline", "08:00 of D+1"), ("lastDeadline", "08:00 of D+7")] {
        let deadline = &day[deadline];
        let _ = writeln!(
            said,
            "{}% by {label} ({}): {}, {}% so far",
            text(&deadline["needed"]),
            text(&deadline["until"]),
            text(&deadline["standing"]),
            text(&deadline["reached"]),
        );
    }
    let heads = ["API", "ROLE", "SENT", "ACCEPTED", "DISCARDED", "PARKED", "LATE", "REPEATED", "PAIRED"];
    let row = |line: &Value| {
        let count = |name: &str| number(&line[name]);
        let sample = &line["sample"];
        let paired = match sample["asked"].as_u64() {
            Some(asked) => format!("{} of {asked}", number(&sample["paired"])),
            None => "-".to_owned(),
        };
        vec![
            text(&line["api"]).to_owned(),
            text(&line["role"]).to_owned(),
            count("sent"),
            count("accepted"),
            count("discarded"),
            count("parked"),
            count("late"),
            count("repeated"),
            paired,
        ]
    };
    let lines = day["apis"].as_array().map(Vec::as_slice).unwrap_or_default();
    said.push('\n');
    said.push_str(&table(&heads, &lines.iter().map(row).collect::<Vec<_>>()));
    if day["check"].is_object() {
        said.push_str("\n\n");
        said.push_str(&check(&day["check"], &day["check"]["sample"]));
        let rate = |name: &str| text(&day["check"][name]);
        let _ = write!(
            said,
            "\nunpaired {}% (at most 5 on a day), unpaired or inconsistent {}% (at most 1 after seven days)",
            rate("unpairedRate"),
            rate("openRate")
        );
        if day["check"]["unpairedIsAGap"] == false {
            said.push_str("\nthe other side may still report until 08:00 of the next day");
        }
    }
    said
}

fn checks(answer: &Value) -> String {
    let checks = answer["checks"].as_object().into_iter().flatten();
    let said = checks.map(|(day, found)| {
        let mut sum = serde_json::Map::new();
        for sampled in found["sampled"].as_object().into_iter().flatten().map(|(_, sampled)| sampled) {
            for (state, count) in sampled.as_object().into_iter().flatten() {
                let so_far = sum.get(state).and_then(Value::as_u64).unwrap_or_default();
                sum.insert(state.clone(), (so_far + count.as_u64().unwrap_or_default()).into());
            }
        }
        format!("{day}: {}", check(found, &Value::Object(sum)))
    });
    said.collect::<Vec<_>>().join("\n")
}

/// States of a sample, and the reports that need somebody.
fn check(found: &Value, sample: &Value) -> String {
    let states = ["paired", "inconsistent", "unpaired", "single", "waiting", "discarded", "unknown"];
    let states = states.iter().map(|state| format!("{} {state}", number(&sample[*state])));
    let mut said = format!(
        "asked for {} at {}: {}",
        number(&sample["asked"]),
        text(&found["at"]),
        states.collect::<Vec<_>>().join(", ")
    );
    if found["complete"] == false {
        said.push_str("; time ran out before the whole sample was asked for");
    }
    for example in found["examples"].as_array().into_iter().flatten() {
        let differs = example["differs"].as_array().into_iter().flatten().map(|field| {
            let field = text(field);
            format!(" {field}: ours {}, theirs {}", example["ours"][field], example["theirs"][field])
        });
        let _ = write!(
            said,
            "\n  {:<19} {} {} {}{}",
            example["status"].as_str().unwrap_or("UNKNOWN"),
            text(&example["interaction"]),
            text(&example["role"]),
            text(&example["api"]),
            differs.collect::<String>()
        );
    }
    said
}

fn parked(answer: &Value) -> String {
    let parked = answer["parked"].as_array().map(Vec::as_slice).unwrap_or_default();
    if parked.is_empty() {
        return "nothing is parked".to_owned();
    }
    let one = |one: &Value| {
        format!(
            "{}  {} {}  since {}\n  {}\n  {}",
            text(&one["day"]),
            text(&one["api"]),
            text(&one["role"]),
            text(&one["since"]),
            text(&one["reason"]),
            one["report"]
        )
    };
    parked.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn resent_discarded(answer: &Value) -> String {
    let mut said = format!(
        "{} parked reports go out again, {} of them mended; {} stay parked",
        number(&answer["resent"]),
        number(&answer["mended"]),
        number(&answer["left"])
    );
    for (reason, count) in answer["reasons"].as_object().into_iter().flatten() {
        let _ = write!(said, "\n  {} {reason}", number(count));
    }
    said
}

fn rebuilt(answer: &Value) -> String {
    if answer["continue"].is_object() {
        return String::new();
    }
    if let Some(note) = answer["note"].as_str() {
        return note.to_owned();
    }
    let corrected = answer["corrected"].as_array().map(Vec::as_slice).unwrap_or_default();
    if corrected.is_empty() {
        return format!("the ledger of {} is right", text(&answer["day"]));
    }
    let mut said =
        format!("{} lines of {} were wrong and are corrected", corrected.len(), text(&answer["day"]));
    for line in corrected {
        for (name, was) in line["was"].as_object().into_iter().flatten() {
            let is = &line["is"][name];
            if was != is {
                let _ = write!(
                    said,
                    "\n  {} {}: {name} {was}, now {is}",
                    text(&line["api"]),
                    text(&line["role"])
                );
            }
        }
    }
    said
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

    #[test]
    fn days_are_a_table_whose_numbers_can_be_read() {
        let deadline = |standing: &str| json!({ "standing": standing, "reached": "99.9" });
        let day = |produced: u64| {
            json!({
                "day": "2026-03-01", "produced": produced, "accepted": 999_000, "rate": "99.9", "pending": 7, "held": 0,
                "parked": 3, "late": 0, "firstDeadline": deadline("MET"), "lastDeadline": deadline("OPEN"),
            })
        };
        let said = days(&json!({ "days": [day(1_000_000), day(7)] }));
        let lines = said.lines().collect::<Vec<_>>();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].contains("1.000.000") && lines[1].ends_with("MET 99.9%   OPEN 99.9%"), "{said}");
        // Numbers stand below each other by their last digit.
        assert_eq!(lines[0].find("ACCEPTED").unwrap() + 8, lines[1].find("999.000").unwrap() + 7, "{said}");
    }

    #[test]
    fn a_rebuild_says_what_it_corrected() {
        let answer = json!({ "day": "2026-03-01", "done": true, "corrected": [{
            "api": "accounts/v2", "role": "SERVER", "was": { "accepted": 5, "sent": 9 }, "is": { "accepted": 4, "sent": 9 },
        }]});
        assert_eq!(
            rebuilt(&answer),
            "1 lines of 2026-03-01 were wrong and are corrected\n  accounts/v2 SERVER: accepted 5, now 4"
        );
        assert_eq!(
            rebuilt(&json!({ "day": "2026-03-01", "corrected": [] })),
            "the ledger of 2026-03-01 is right"
        );
    }
}
