//! Requests for a software statement assertion: a good one, or one with a single fault, for tests of the registration
//! (S81 to S87). A request travels in the query of the assertion's address.

use ponte_web::Request;
use serde_json::{Map, Value};

/// Signer of an assertion and its algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatementSignature {
    /// The directory, PS256.
    #[default]
    Directory,
    /// Somebody else, under the key id of the directory.
    Stranger,
    /// Somebody else, under a key id that the directory does not publish.
    UnknownKey,
    /// The directory, RS256.
    Rs256,
    /// No signature: `alg` none.
    Unsigned,
}

impl StatementSignature {
    /// Every one with its name in the query.
    const NAMES: [(Self, &str); 5] = [
        (Self::Directory, "directory"),
        (Self::Stranger, "stranger"),
        (Self::UnknownKey, "unknown-key"),
        (Self::Rs256, "rs256"),
        (Self::Unsigned, "none"),
    ];
}

/// An assertion to ask the directory for; by default a good one, issued now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatementRequest {
    /// Seconds since it was issued; below zero it comes from the future.
    pub(crate) age: i64,
    pub(crate) signature: StatementSignature,
    /// Status of every role.
    pub(crate) role_status: Option<String>,
    /// Claims laid over the true ones; `null` takes one away.
    pub(crate) claims: Map<String, Value>,
}

impl StatementRequest {
    /// Issued so many seconds ago; below zero: still to come (S81: five minutes at most).
    #[must_use]
    pub fn aged(mut self, seconds: i64) -> Self {
        self.age = seconds;
        self
    }

    /// Signed in this way.
    #[must_use]
    pub const fn signed(mut self, signature: StatementSignature) -> Self {
        self.signature = signature;
        self
    }

    /// With this status instead of `Active` at every role (S85).
    #[must_use]
    pub fn role_status(mut self, status: &str) -> Self {
        self.role_status = Some(status.to_owned());
        self
    }

    /// With another value of a claim; `null` leaves the claim out.
    #[must_use]
    pub fn claiming(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// The query that asks for it; empty for a good one.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if self.age != 0 {
            query.append_pair("age", &self.age.to_string());
        }
        let named = StatementSignature::NAMES.iter().find(|(signature, _)| *signature == self.signature);
        if let Some((_, name)) = named.filter(|(signature, _)| *signature != StatementSignature::Directory) {
            query.append_pair("signature", name);
        }
        if let Some(status) = &self.role_status {
            query.append_pair("role_status", status);
        }
        if !self.claims.is_empty() {
            query.append_pair("claims", &Value::Object(self.claims.clone()).to_string());
        }
        query.finish()
    }

    /// Reads a request from a query, or says why it is none.
    pub(crate) fn read(query: &str) -> Result<Self, String> {
        let known = ["age", "signature", "role_status", "claims"];
        let mut asked = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
        if let Some(other) = asked.find(|name| !known.contains(&name.as_ref())) {
            return Err(format!("no {other} here: {}", known.join(", ")));
        }
        let field = |name| Request::field(query, name);
        let age = field("age").map_or(Ok(0), |age| age.parse().map_err(|_| "age: seconds"))?;
        let signature = field("signature").map_or(Ok(StatementSignature::Directory), |wanted| {
            let found = StatementSignature::NAMES.iter().find(|(_, name)| *name == wanted);
            let names = "signature: directory, stranger, unknown-key, rs256, none";
            found.map(|(signature, _)| *signature).ok_or(names)
        })?;
        let claims = field("claims").map_or(Ok(Map::new()), |claims| {
            serde_json::from_str(&claims).map_err(|_| "claims: a JSON object")
        })?;
        Ok(Self { age, signature, role_status: field("role_status"), claims })
    }
}
