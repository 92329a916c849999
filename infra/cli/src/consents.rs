//! `ponte consents`: what time made of consents at once, and their notices once more.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Subcommand;
use ponte_consents::commands::{Command, Expired, Resent};

use crate::commands::Commands;
use crate::operator::{self, By};
use crate::target::Target;

/// Subcommands of `ponte consents`.
#[derive(Subcommand)]
pub(crate) enum Consents {
    /// Write down at once what time made of consents: the end, approvals that did not come, the notice before the end
    ExpireNow {
        /// Ids of the consents; all that are due without
        ids: Vec<String>,
    },
    /// Send the notice of the last change of status once more
    ResendNotices {
        /// Ids of the consents
        #[arg(required_unless_present = "from", conflicts_with = "from")]
        ids: Vec<String>,
        /// In their place those whose status last changed from this moment on, e.g. 2026-06-15T00:00:00Z
        #[arg(long, value_name = "MOMENT")]
        from: Option<String>,
        /// Until this moment; now without
        #[arg(long, value_name = "MOMENT", requires = "from")]
        until: Option<String>,
    },
}

impl Commands for Consents {
    const FUNCTION: &'static str = "consents";
    type Command = Command;

    fn command(self) -> Result<Command, String> {
        let named = |ids: Vec<String>| (!ids.is_empty()).then_some(ids);
        Ok(match self {
            Self::ExpireNow { ids } => Command::ExpireNow { consents: named(ids), after: None },
            Self::ResendNotices { ids, from, until } => {
                Command::ResendNotices { consents: named(ids), from, until, after: None }
            }
        })
    }

    async fn run(self, target: &Target, by: &By) -> Result<String, String> {
        let mut command = self.command()?;
        let mut lines = Vec::new();
        loop {
            let (text, next) = match &command {
                Command::ExpireNow { .. } => {
                    let answer: Expired = operator::run(target, Self::FUNCTION, &command, by).await?;
                    (expired(&answer), answer.next)
                }
                Command::ResendNotices { .. } => {
                    let answer: Resent = operator::run(target, Self::FUNCTION, &command, by).await?;
                    (resent(&answer), answer.next)
                }
            };
            lines.push(text);
            let Some(next) = next else { return Ok(lines.join("\n")) };
            let (Command::ExpireNow { after, .. } | Command::ResendNotices { after, .. }) = &mut command;
            *after = Some(next);
        }
    }
}

fn expired(answer: &Expired) -> String {
    let unchanged = match answer.unchanged {
        0 => String::new(),
        number => format!("; of {number} nothing is due"),
    };
    format!("{} consents changed{unchanged}{}", answer.changed, left(&answer.left))
}

fn resent(answer: &Resent) -> String {
    let untold = match answer.untold {
        0 => String::new(),
        number => format!("; {number} wait for their customer, and nobody was told of them"),
    };
    format!("{} notices go out once more{untold}{}", answer.resent, left(&answer.left))
}

/// A line for each that was left.
fn left(left: &BTreeMap<String, String>) -> String {
    left.iter().fold(String::new(), |mut text, (id, why)| {
        // Writing into a text does not fail.
        let _ = write!(text, "\n  {id}: {why}");
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_option_that_was_not_given_is_absent_from_the_operator_command() {
        let event = |consents: Consents| serde_json::to_value(consents.command().unwrap()).unwrap();
        assert_eq!(event(Consents::ExpireNow { ids: vec![] }), json!({ "operator": "consents.expire-now" }));
        let ids = vec!["urn:banco:1".to_owned()];
        let named = json!({ "operator": "consents.resend-notices", "consents": ["urn:banco:1"] });
        assert_eq!(event(Consents::ResendNotices { ids, from: None, until: None }), named);
    }

    #[test]
    fn what_was_left_is_told_with_why() {
        let left = [("urn:banco:1".to_owned(), "there is no such consent".to_owned())].into();
        let answer = Expired { changed: 3, unchanged: 1, left, next: None };
        let told = "3 consents changed; of 1 nothing is due\n  urn:banco:1: there is no such consent";
        assert_eq!(expired(&answer), told);
        let answer = Resent { resent: 2, untold: 1, ..Resent::default() };
        assert_eq!(
            resent(&answer),
            "2 notices go out once more; 1 wait for their customer, and nobody was told of them"
        );
    }
}
