//! `ponte quality`: what the gate of the data APIs found in the institution's records, by an operator command.

use clap::Args;
use ponte_pcm::commands::{Command, DayFindings, Findings};

use crate::commands::Commands;
use crate::console::one_line;
use crate::operator::{self, By};
use crate::table::{number, table};
use crate::target::Target;

/// Options of `ponte quality`.
#[derive(Args)]
pub(crate) struct Quality {
    /// First day in Brasília, e.g. 2026-03-01; six days before the last without
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Last day in Brasília; today without. 31 days at most
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// Short name of an API, e.g. accounts; all without
    #[arg(long, value_name = "API")]
    api: Option<String>,
    /// Tell it as JSON
    #[arg(long)]
    json: bool,
}

impl Commands for Quality {
    const FUNCTION: &'static str = "pcm";
    type Command = Command;

    fn command(self) -> Result<Command, String> {
        let Self { from, to, api, json: _ } = self;
        Ok(Command::Quality { from, to, api, after: None })
    }

    async fn run(self, target: &Target, by: &By) -> Result<String, String> {
        let Self { from, to, api, json } = self;
        let (mut lines, mut after) = (Vec::new(), None);
        loop {
            let (from, to, api) = (from.clone(), to.clone(), api.clone());
            let command = Command::Quality { from, to, api, after };
            let found: Findings = operator::run(target, Self::FUNCTION, &command, by).await?;
            lines.extend(found.findings);
            after = found.next;
            if after.is_none() {
                break;
            }
        }
        if json {
            return serde_json::to_string_pretty(&lines).map_err(|error| error.to_string());
        }
        Ok(told(&lines))
    }
}

/// A line for each day, endpoint, field and rule.
fn told(lines: &[DayFindings]) -> String {
    if lines.is_empty() {
        return "nothing was found in the institution's records".to_owned();
    }
    let rows: Vec<[String; 6]> = lines
        .iter()
        .flat_map(|line| {
            line.findings.iter().map(|finding| {
                [
                    line.day.clone(),
                    one_line(&line.api),
                    one_line(&line.endpoint),
                    one_line(&finding.path),
                    one_line(&finding.rule),
                    number(finding.count),
                ]
            })
        })
        .collect();
    table(["DAY", "API", "ENDPOINT", "FIELD", "RULE", "COUNT"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ponte_pcm::commands::Finding;

    #[test]
    fn a_finding_is_a_line_with_its_field_and_its_rule() {
        assert_eq!(told(&[]), "nothing was found in the institution's records");
        let finding = |path: &str, rule: &str, count| Finding { path: path.into(), rule: rule.into(), count };
        let line = DayFindings {
            day: "2026-03-01".into(),
            api: "accounts".into(),
            endpoint: "/accounts".into(),
            calls: 2,
            findings: vec![finding("data[].type", "enum", 1_200), finding("data[].number", "missing", 1)],
        };
        let expected = "\
DAY         API       ENDPOINT   FIELD          RULE     COUNT
2026-03-01  accounts  /accounts  data[].type    enum     1.200
2026-03-01  accounts  /accounts  data[].number  missing      1";
        assert_eq!(told(&[line]), expected);
    }
}
