//! A line of the ledger: the reports of a day, a family of endpoints and a role.

use ponte_values::{Date, Moment};
use serde::{Deserialize, Serialize};

use super::counts::Counts;
use crate::outbox::{self, PendingRow};

/// The side of a call that reports (M10); stock, status and open-data reports have none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// This institution called.
    Client,
    /// This institution was called.
    Server,
    /// Neither.
    None,
}

impl Role {
    /// As the platform writes it; `NONE` where it writes nothing.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "CLIENT",
            Self::Server => "SERVER",
            Self::None => "NONE",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Client, Self::Server, Self::None].into_iter().find(|role| role.as_str() == text)
    }
}

/// One line of the ledger: a day, a family of endpoints, a role.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineKey {
    /// Day in Brasília.
    pub day: Date,
    /// Family of endpoints: `accounts/v2`, `token`, `hybrid-flow`, `stock`, `payments-status`, `opendata`.
    pub api: String,
    /// Role of the reporter.
    pub role: Role,
}

/// A line as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its key.
    pub key: LineKey,
    /// The counts.
    pub counts: Counts,
    /// When the first batch of it was settled.
    pub first: Option<Moment>,
    /// When the last batch of it was settled.
    pub last: Option<Moment>,
}

/// The fields of an item that lines need; the others stay unread.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Facts<'a> {
    #[serde(borrow)]
    endpoint: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    role: Option<std::borrow::Cow<'a, str>>,
}

impl LineKey {
    /// The line that a row counts for.
    #[must_use]
    pub fn of(row: &PendingRow) -> Self {
        let facts = serde_json::from_str::<Facts<'_>>(&row.body).unwrap_or_default();
        let path = row.path.trim_end_matches('/');
        let of_step = |side: &str| path.contains(&format!("/hybrid-flow/{side}/"));
        let role = match facts.role.as_deref() {
            Some("CLIENT") => Role::Client,
            Some("SERVER") => Role::Server,
            _ if of_step("client") => Role::Client,
            _ if of_step("server") => Role::Server,
            _ => Role::None,
        };
        let api = if path.contains("/hybrid-flow/") {
            "hybrid-flow".to_owned()
        } else if path.ends_with("/consents/stock") {
            "stock".to_owned()
        } else if path.ends_with("/payments/status") {
            "payments-status".to_owned()
        } else if path.contains("/opendata/") {
            "opendata".to_owned()
        } else {
            facts.endpoint.as_deref().map_or_else(|| "unknown".to_owned(), family)
        };
        // A key without a time is a row nobody can send; it is parked and counted on the first day there is.
        let day = outbox::day_of(&row.sort_key).unwrap_or_else(|| Moment::from_millis(0).date_brasilia());
        Self { day, api, role }
    }
}

/// `/open-banking/accounts/v2/accounts/{accountId}` is of `accounts/v2`, `/token` of `token`.
fn family(endpoint: &str) -> String {
    let inner = endpoint.strip_prefix("/open-banking/").unwrap_or(endpoint).trim_start_matches('/');
    let mut parts = inner.split('/');
    let name = parts.next().filter(|name| !name.is_empty()).unwrap_or("unknown");
    match parts.next().filter(|version| is_version(version)) {
        Some(version) => clipped(&format!("{name}/{version}")),
        None => clipped(name),
    }
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// A name that is safe in a key, whatever an endpoint says.
fn clipped(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || "-/_.".contains(*c)).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(path: &str, body: &str) -> PendingRow {
        PendingRow {
            sort_key: "2026-03-02T02:00:00.000Z#id".to_owned(),
            path: path.to_owned(),
            body: body.to_owned(),
            ..PendingRow::default()
        }
    }

    #[test]
    fn a_row_is_counted_by_day_api_and_role() {
        let private = "/report-api/v1/private/report";
        for (path, body, api, role) in [
            (
                private,
                r#"{"endpoint":"/open-banking/accounts/v2/accounts/{accountId}","role":"SERVER"}"#,
                "accounts/v2",
                Role::Server,
            ),
            (private, r#"{"endpoint":"/token","role":"CLIENT"}"#, "token", Role::Client),
            (private, r#"{"endpoint":"/register/{clientId}","role":"CLIENT"}"#, "register", Role::Client),
            (
                private,
                r#"{"endpoint":"/open-banking/consents/v3/consents","role":"CLIENT"}"#,
                "consents/v3",
                Role::Client,
            ),
            (private, r#"{"endpoint":"/open-banking/loans/v/contracts"}"#, "loans", Role::None),
            (private, r#"{"endpoint":"/open-banking/loans/v1a/contracts"}"#, "loans", Role::None),
            (private, r#"{"endpoint":"/open-banking/loans;{x}/v12"}"#, "loansx/v12", Role::None),
            (private, r#"{"endpoint":"/open-banking/"}"#, "unknown", Role::None),
            (private, "{}", "unknown", Role::None),
            (private, "not json", "unknown", Role::None),
            ("/report-api/v2/hybrid-flow/server/authenticated", "{}", "hybrid-flow", Role::Server),
            ("/report-api/v2/hybrid-flow/client/redirect-to-server", "{}", "hybrid-flow", Role::Client),
            ("/report-api/v1/consents/stock", r#"{"role":"SERVER"}"#, "stock", Role::Server),
            ("/report-api/v1/payments/status", "{}", "payments-status", Role::None),
            (
                "/report-api/v1/opendata/report",
                r#"{"endpoint":"/open-banking/channels/v2/branches"}"#,
                "opendata",
                Role::None,
            ),
        ] {
            let key = LineKey::of(&row(path, body));
            assert_eq!((key.api.as_str(), key.role), (api, role), "{path} {body}");
            assert_eq!(key.day.to_string(), "2026-03-01");
        }
    }

    #[test]
    fn m10_a_role_is_read_as_it_is_written() {
        for (role, word) in [(Role::Client, "CLIENT"), (Role::Server, "SERVER"), (Role::None, "NONE")] {
            assert_eq!((role.as_str(), Role::parse(word)), (word, Some(role)));
            assert_eq!(serde_json::to_value(role).unwrap(), word);
        }
        for bad in ["", "client", "OTHER"] {
            assert_eq!(Role::parse(bad), None, "{bad}");
        }
    }
}
