//! `ponte keys`: the API keys of the institution's own systems, by operator commands of the running stack.

use std::path::Path;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::ask;

/// The function that keeps the keys.
const FUNCTION: &str = "oauth";

/// What is done with keys.
#[derive(Subcommand)]
pub(crate) enum Keys {
    /// Make a key for a caller; it is shown once
    Issue {
        /// Common name of the caller's client certificate
        caller: String,
        /// What the key opens, e.g. oob_consents:read; may be repeated
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
        grace_seconds: Option<u32>,
    },
    /// End a key at once
    Revoke {
        /// Id of the key
        id: String,
    },
    /// List the keys
    List,
}

impl Keys {
    /// The operator command; what was not said is left to it.
    fn command(&self) -> Value {
        let mut command = match self {
            Self::Issue { caller, scopes, expires_at } => json!({
                "operator": "api-key.issue", "caller": caller, "scopes": scopes, "expiresAt": expires_at,
            }),
            Self::Rotate { id, grace_seconds } => {
                json!({ "operator": "api-key.rotate", "id": id, "graceSeconds": grace_seconds })
            }
            Self::Revoke { id } => json!({ "operator": "api-key.revoke", "id": id }),
            Self::List => json!({ "operator": "api-key.list" }),
        };
        if let Some(members) = command.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        command
    }

    /// Runs the command on the running stack and says what came of it.
    pub(crate) async fn run(&self, directory: &Path) -> Result<String, String> {
        let answer = ask::invoke(directory, FUNCTION, self.command().to_string()).await?;
        Ok(match self {
            Self::List => table(&answer),
            Self::Issue { .. } | Self::Rotate { .. } => {
                format!("{}\nThe key is not shown again: keep it where your secrets are.", facts(&answer))
            }
            Self::Revoke { .. } => facts(&answer),
        })
    }
}

/// The one member that means something when it is absent.
const EXPIRY: &str = "expiresAt";

/// What is said of one key: member, label.
const FACTS: [(&str, &str); 10] = [
    ("key", "key"),
    ("id", "id"),
    ("caller", "caller"),
    ("scopes", "scopes"),
    ("status", "status"),
    ("createdAt", "created"),
    (EXPIRY, "expires"),
    ("rotatedAt", "rotated"),
    ("formerSecretUntil", "old until"),
    ("revokedAt", "revoked"),
];

/// A line for each fact there is.
fn facts(key: &Value) -> String {
    let there = FACTS.iter().filter(|(member, _)| !key[*member].is_null() || *member == EXPIRY);
    there.map(|(member, label)| format!("{label:<9} {}", text(&key[*member]))).collect::<Vec<_>>().join("\n")
}

/// Member of a listed key, heading, width.
const COLUMNS: [(&str, &str, usize); 6] = [
    ("id", "ID", 16),
    ("status", "STATUS", 7),
    ("caller", "CALLER", 16),
    ("createdAt", "CREATED", 24),
    (EXPIRY, "EXPIRES", 24),
    ("scopes", "SCOPES", 0),
];

/// A line for each key, the scopes last because they are of any length.
fn table(answer: &Value) -> String {
    let keys = answer["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
    if keys.is_empty() {
        return "there are no keys".to_owned();
    }
    let line = |cell: &dyn Fn(&str, &str) -> String| {
        COLUMNS.map(|(member, heading, width)| format!("{:<width$}", cell(member, heading))).join("  ")
    };
    let head = line(&|_, heading| heading.to_owned());
    let rows = keys.iter().map(|key| line(&|member, _| text(&key[member])));
    std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "never".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_a_table_and_a_key_is_a_line_for_each_fact() {
        let key = json!({
            "id": "0123456789abcdef", "caller": "backoffice", "status": "ACTIVE",
            "scopes": ["oob_consents:read", "oob_consents:write"], "createdAt": "2026-06-15T12:00:00Z",
            "expiresAt": "2027-01-31T00:00:00Z",
        });
        let said = table(&json!({ "keys": [key] }));
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 2);
        for (heading, cell) in
            [("STATUS", "ACTIVE"), ("EXPIRES", "2027-"), ("SCOPES", "oob_consents:read oob")]
        {
            assert_eq!(lines[0].find(heading), lines[1].find(cell), "{said}");
        }
        assert_eq!(table(&json!({ "keys": [] })), "there are no keys");
        assert!(
            facts(&key).starts_with("id        0123456789abcdef\ncaller    backoffice\n"),
            "{}",
            facts(&key)
        );
        assert!(!facts(&key).contains("rotated"));
    }

    #[test]
    fn what_was_not_said_is_left_to_the_operator_command() {
        let issue =
            |expires_at| Keys::Issue { caller: "app".into(), scopes: vec!["pcm:read".into()], expires_at };
        let without = json!({ "operator": "api-key.issue", "caller": "app", "scopes": ["pcm:read"] });
        assert_eq!(issue(None).command(), without);
        assert_eq!(issue(Some("2027-01-31T00:00:00Z".into())).command()["expiresAt"], "2027-01-31T00:00:00Z");
        let rotate = |grace_seconds| Keys::Rotate { id: "a".into(), grace_seconds }.command();
        assert_eq!(rotate(None), json!({ "operator": "api-key.rotate", "id": "a" }));
        assert_eq!(rotate(Some(0))["graceSeconds"], 0);
    }
}
