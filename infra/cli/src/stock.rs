//! `ponte stock`: the stock of a day, taken again.

use clap::Subcommand;
use ponte_stock::commands::{Command, Retaken};

use crate::commands::Commands;
use crate::operator::{self, By};
use crate::target::Target;

/// Subcommands of `ponte stock`.
#[derive(Subcommand)]
pub(crate) enum Stock {
    /// Count the consents of a day again as of its end, and report them once more; it takes minutes
    Retake {
        /// Day in Brasília, one of the last seven that are over
        day: String,
    },
}

impl Commands for Stock {
    const FUNCTION: &'static str = "stock";
    type Command = Command;

    fn command(self) -> Result<Command, String> {
        let Self::Retake { day } = self;
        Ok(Command::Retake { day })
    }

    async fn run(self, target: &Target, by: &By) -> Result<String, String> {
        let command = self.command()?;
        operator::run(target, Self::FUNCTION, &command, by).await.map(|answer| retaken(&answer))
    }
}

fn retaken(answer: &Retaken) -> String {
    let Retaken { day, consents, persons, companies, organisations } = answer;
    let count = organisations.len();
    format!(
        "{day}: {consents} consents in force at {count} organisations, of {persons} people and {companies} companies"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m50_a_stock_is_a_line() {
        let organisations = [("a".to_owned(), 3), ("b".to_owned(), 1)].into();
        let answer =
            Retaken { day: "2026-03-01".to_owned(), consents: 4, persons: 2, companies: 1, organisations };
        let line = "2026-03-01: 4 consents in force at 2 organisations, of 2 people and 1 companies";
        assert_eq!(retaken(&answer), line);
    }
}
