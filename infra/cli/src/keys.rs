//! `ponte keys`: the API keys of the institution's own systems, by operator commands of the running stack.

use clap::Subcommand;
use ponte_oauth::commands::{Command, KeyList, KeyView};
use ponte_values::Moment;

use crate::commands::Commands;
use crate::operator::{self, By};
use crate::target::Target;

/// The function that keeps the keys.
const FUNCTION: &str = "oauth";

/// Subcommands of `ponte keys`.
#[derive(Subcommand)]
pub(crate) enum Keys {
    /// Make a key for a caller; it is shown once
    Issue {
        /// Common name of the caller's client certificate
        caller: String,
        /// Scope of the key, e.g. oob_consents:read; may be repeated
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<String>,
        /// When the key ends, e.g. 2027-01-31T00:00:00Z; never without
        #[arg(long, value_name = "MOMENT")]
        expires_at: Option<String>,
    },
    /// Give a key a new secret, shown once; the old one counts for a while
    Rotate {
        /// Id of the key
        id: String,
        /// How long the old secret still counts, up to 604800; a day without
        #[arg(long, value_name = "SECONDS")]
        grace_seconds: Option<u64>,
    },
    /// End a key at once
    Revoke {
        /// Id of the key
        id: String,
    },
    /// List the keys
    List,
}

impl From<Keys> for Command {
    fn from(keys: Keys) -> Self {
        match keys {
            Keys::Issue { caller, scopes, expires_at } => Self::Issue { caller, scopes, expires_at },
            Keys::Rotate { id, grace_seconds } => Self::Rotate { id, grace_seconds },
            Keys::Revoke { id } => Self::Revoke { id },
            Keys::List => Self::List {},
        }
    }
}

impl Commands for Keys {
    const FUNCTION: &'static str = FUNCTION;
    type Command = Command;

    fn command(self) -> Result<Command, String> {
        Ok(Command::from(self))
    }

    async fn run(self, target: &Target, by: &By) -> Result<String, String> {
        let lists = matches!(self, Self::List);
        let makes = matches!(self, Self::Issue { .. } | Self::Rotate { .. });
        let command = Command::from(self);
        if lists {
            let list: KeyList = operator::run(target, FUNCTION, &command, by).await?;
            return Ok(table(&list.keys));
        }
        let key: KeyView = operator::run(target, FUNCTION, &command, by).await?;
        let kept = if makes { "\nThe key is not shown again: keep it where your secrets are." } else { "" };
        Ok(format!("{}{kept}", facts(&key)))
    }
}

/// A line for each fact of a key. A missing expiry has a line too: it means that the key never ends.
fn facts(key: &KeyView) -> String {
    let facts = [
        ("key", key.key.clone()),
        ("id", Some(key.id.to_string())),
        ("caller", Some(key.caller.clone())),
        ("scopes", Some(scopes(key))),
        ("status", Some(key.status.clone())),
        ("created", Some(key.created_at.with_millis())),
        ("expires", Some(expiry(key))),
        ("rotated", key.rotated_at.map(Moment::with_millis)),
        ("old until", key.former_secret_until.map(Moment::with_millis)),
        ("revoked", key.revoked_at.map(Moment::with_millis)),
    ];
    let lines = facts.into_iter().filter_map(|(label, fact)| Some(format!("{label:<9} {}", fact?)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A line for each key, the scopes last because they are of any length.
fn table(keys: &[KeyView]) -> String {
    if keys.is_empty() {
        return "there are no keys".to_owned();
    }
    let head = ["ID", "STATUS", "CALLER", "CREATED", "EXPIRES", "SCOPES"].map(str::to_owned);
    let rows = keys.iter().map(|key| {
        let (id, created) = (key.id.to_string(), key.created_at.with_millis());
        [id, key.status.clone(), key.caller.clone(), created, expiry(key), scopes(key)]
    });
    std::iter::once(head).chain(rows).map(line).collect::<Vec<_>>().join("\n")
}

fn line([id, status, caller, created, expires, scopes]: [String; 6]) -> String {
    format!("{id:<16}  {status:<7}  {caller:<16}  {created:<24}  {expires:<24}  {scopes}")
}

fn scopes(key: &KeyView) -> String {
    key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

fn expiry(key: &KeyView) -> String {
    key.expires_at.map_or_else(|| "never".to_owned(), Moment::with_millis)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn key() -> KeyView {
        let key = json!({
            "id": "0123456789abcdef", "caller": "backoffice", "status": "ACTIVE",
            "scopes": ["oob_consents:read", "oob_consents:write"], "createdAt": "2026-06-15T12:00:00Z",
            "expiresAt": "2027-01-31T00:00:00Z",
        });
        serde_json::from_value(key).unwrap()
    }

    #[test]
    fn a_list_is_a_table_whose_columns_stand_below_their_headings() {
        let printed = table(&[key()]);
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines.len(), 2);
        for (heading, cell) in
            [("STATUS", "ACTIVE"), ("EXPIRES", "2027-"), ("SCOPES", "oob_consents:read oob")]
        {
            assert_eq!(lines[0].find(heading), lines[1].find(cell), "{printed}");
        }
        assert_eq!(table(&[]), "there are no keys");
    }

    #[test]
    fn a_key_is_a_line_for_each_fact() {
        let printed = facts(&key());
        assert!(printed.starts_with("id        0123456789abcdef\ncaller    backoffice\n"), "{printed}");
        assert!(!printed.contains("rotated"), "{printed}");
        let forever = facts(&KeyView { expires_at: None, ..key() });
        assert!(forever.contains("\nexpires   never"), "{forever}");
    }

    #[test]
    fn an_option_that_was_not_given_is_absent_from_the_operator_command() {
        let event = |keys: Keys| serde_json::to_value(Command::from(keys)).unwrap();
        let issue =
            |expires_at| Keys::Issue { caller: "app".into(), scopes: vec!["pcm:read".into()], expires_at };
        let without: Value = json!({ "operator": "api-key.issue", "caller": "app", "scopes": ["pcm:read"] });
        assert_eq!(event(issue(None)), without);
        assert_eq!(event(issue(Some("2027-01-31T00:00:00Z".into())))["expiresAt"], "2027-01-31T00:00:00Z");
        let rotate = |grace_seconds| event(Keys::Rotate { id: "a".into(), grace_seconds });
        assert_eq!(rotate(None), json!({ "operator": "api-key.rotate", "id": "a" }));
        assert_eq!(rotate(Some(0))["graceSeconds"], 0);
    }
}
