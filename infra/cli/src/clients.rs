//! `ponte clients`: participants that are shut out and let in again, by operator commands of the running stack.

use clap::{Args, Subcommand};
use ponte_oauth::commands::{ClientView, Command};

use crate::commands::Commands;
use crate::operator::{self, By};
use crate::target::Target;

/// The function that registers clients.
const FUNCTION: &str = "oauth";

/// Subcommands of `ponte clients`.
#[derive(Subcommand)]
pub(crate) enum Clients {
    /// Shut a client out, also one that left by itself: no tokens, no new consents, no data; its consents stay as they are
    Block(About),
    /// Open a blocked client again
    Unblock(About),
    /// Remove a client for good, also one that left by itself; its consents end
    Remove(About),
    /// Let the software statement of a client register once more
    Reset(About),
}

/// The client, and why.
#[derive(Args)]
pub(crate) struct About {
    /// client_id
    id: String,
    /// Why, in your words and without personal data; it goes into the audit
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who orders this; it goes into the audit. With --queue SQS says who sends
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
}

impl From<Clients> for Command {
    fn from(clients: Clients) -> Self {
        match clients {
            Clients::Block(About { id, reason, .. }) => Self::BlockClient { id, reason: Some(reason) },
            Clients::Unblock(About { id, reason, .. }) => Self::UnblockClient { id, reason: Some(reason) },
            Clients::Remove(About { id, reason, .. }) => Self::RemoveClient { id, reason: Some(reason) },
            Clients::Reset(About { id, reason, .. }) => Self::ResetClient { id, reason: Some(reason) },
        }
    }
}

impl Commands for Clients {
    const FUNCTION: &'static str = FUNCTION;
    type Command = Command;

    fn command(self) -> Result<Command, String> {
        Ok(Command::from(self))
    }

    async fn run(self, target: &Target, by: &By) -> Result<String, String> {
        let effect = self.effect();
        let client = operator::run(target, FUNCTION, &Command::from(self), by).await?;
        Ok(format!("{}\n{effect}", facts(&client)))
    }
}

impl Clients {
    /// Who orders it, and the reason, which is a member of its own too.
    pub(crate) fn by(&self) -> By {
        let (Self::Block(about) | Self::Unblock(about) | Self::Remove(about) | Self::Reset(about)) = self;
        By::of(about.name.as_deref(), &about.reason)
    }

    /// What happens now, and when.
    fn effect(&self) -> &'static str {
        match self {
            Self::Block(_) => {
                "Its access tokens open nothing within 60 seconds; its consents stay as they are."
            }
            Self::Unblock(_) => "It gets tokens at once; those it has open again within 60 seconds.",
            Self::Remove(_) => {
                "Its access tokens open nothing within 60 seconds; its consents end within the next minutes. Its \
                 software statement registers again only after a reset."
            }
            Self::Reset(_) => "Its software statement may register once more.",
        }
    }
}

/// A line for each fact of a client.
fn facts(client: &ClientView) -> String {
    let facts = [
        ("id", client.id.to_string()),
        ("name", client.name.clone()),
        ("organisation", client.organisation.to_string()),
        ("software", client.software.to_string()),
        ("status", client.status.clone()),
        ("at", client.at.with_millis()),
    ];
    facts.map(|(label, fact)| format!("{label:<12} {fact}")).join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn t60_a_command_names_client_and_reason() {
        let about =
            || About { id: "c".to_owned(), reason: "fraude".to_owned(), name: Some("ana".to_owned()) };
        for (clients, name) in [
            (Clients::Block(about()), "client.block"),
            (Clients::Unblock(about()), "client.unblock"),
            (Clients::Remove(about()), "client.remove"),
            (Clients::Reset(about()), "client.reset"),
        ] {
            assert!(!clients.effect().is_empty());
            let event = serde_json::to_value(Command::from(clients)).unwrap();
            assert_eq!(event, json!({ "operator": name, "id": "c", "reason": "fraude" }));
        }
    }

    #[test]
    fn a_client_is_a_line_for_each_fact() {
        let client = json!({
            "id": "c", "name": "Receptora", "organisation": "74e929d9-33b6-4d85-8ba7-c146c867a817",
            "software": "10120340-3318-4baf-99e2-0b56729c4ab2", "status": "BLOCKED",
            "at": "2026-06-15T12:00:00Z",
        });
        let printed = facts(&serde_json::from_value(client).unwrap());
        assert!(printed.starts_with("id           c\nname         Receptora\n"), "{printed}");
        assert!(printed.contains("status       BLOCKED"), "{printed}");
    }
}
