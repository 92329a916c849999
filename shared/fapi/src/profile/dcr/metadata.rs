//! The body of a registration, member by member (RFC 7591 section 2, OpenID Connect Registration section 2).

use serde_json::{Map, Value};

use crate::jose::json;

use super::fault::RegistrationFault;

/// Longest body read, in bytes: a software statement and some addresses.
const BODY_MAX: usize = 65_536;
/// Longest member read, in characters; the statement has a limit of its own.
const TEXT_MAX: usize = 2_048;
/// Most entries of a list.
const LIST_MAX: usize = 100;

/// The members as they arrive; [`ClientMetadata::check`] validates them. `null` says the same as nothing
/// (RFC 7592 section 2.2), unknown members are passed over (RFC 7591 section 2).
#[derive(Debug)]
pub struct ClientMetadata(Map<String, Value>);

impl ClientMetadata {
    /// Reads a body.
    ///
    /// # Errors
    /// When it is not a JSON object or too long.
    pub fn parse(body: &str) -> Result<Self, RegistrationFault> {
        if body.len() > BODY_MAX {
            return Err(RegistrationFault::Body);
        }
        let mut members: Map<String, Value> = json::object(body.as_bytes()).ok_or(RegistrationFault::Body)?;
        members.retain(|_, value| !value.is_null());
        Ok(Self(members))
    }

    /// The software statement, to be verified (S81).
    ///
    /// # Errors
    /// When there is none.
    pub fn software_statement(&self) -> Result<&str, RegistrationFault> {
        match self.0.get("software_statement") {
            Some(Value::String(statement)) if !statement.is_empty() => Ok(statement),
            _ => Err(RegistrationFault::StatementMissing),
        }
    }

    /// `client_id`: in the body of a change, the client that is changed (RFC 7592 section 2.2).
    ///
    /// # Errors
    /// When it is no text.
    pub fn client_id(&self) -> Result<Option<&str>, RegistrationFault> {
        self.text("client_id")
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text; an empty one counts as not sent.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, RegistrationFault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() <= TEXT_MAX => {
                Ok(Some(text.as_str()).filter(|text| !text.is_empty()))
            }
            Some(_) => Err(RegistrationFault::Malformed(name)),
        }
    }

    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, RegistrationFault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(RegistrationFault::Malformed(name)),
        }
    }

    /// A list of texts, each once; `None` if the member is absent.
    pub(super) fn list(
        &self,
        name: &str,
        malformed: RegistrationFault,
    ) -> Result<Option<Vec<&str>>, RegistrationFault> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let entries = value.as_array().filter(|entries| entries.len() <= LIST_MAX).ok_or(malformed)?;
        let mut list = Vec::new();
        for entry in entries {
            let entry = entry.as_str().ok_or(malformed)?;
            if !list.contains(&entry) {
                list.push(entry);
            }
        }
        Ok(Some(list))
    }

    /// The only value a member may have, if it is there at all.
    pub(super) fn only(
        &self,
        name: &'static str,
        value: &'static str,
    ) -> Result<&'static str, RegistrationFault> {
        match self.text(name)? {
            Some(other) if other != value => Err(RegistrationFault::Unsupported(name)),
            _ => Ok(value),
        }
    }

    /// One of the values this server knows, else the first of them.
    pub(super) fn one_of(
        &self,
        name: &'static str,
        values: &[&'static str],
    ) -> Result<Option<&'static str>, RegistrationFault> {
        let Some(wished) = self.text(name)? else { return Ok(None) };
        let known = values.iter().find(|value| **value == wished);
        known.map(|value| Some(*value)).ok_or(RegistrationFault::Unsupported(name))
    }

    /// Entries that are all among the values this server knows; `None` if the member is absent or empty.
    pub(super) fn some_of(
        &self,
        name: &'static str,
        values: &[&'static str],
    ) -> Result<Option<Vec<&'static str>>, RegistrationFault> {
        let Some(wished) = self.list(name, RegistrationFault::Malformed(name))? else { return Ok(None) };
        let known = |wish: &&str| values.iter().copied().find(|value| value == wish);
        let known: Option<Vec<_>> = wished.iter().map(known).collect();
        let known = known.ok_or(RegistrationFault::Unsupported(name))?;
        Ok(Some(known).filter(|known| !known.is_empty()))
    }
}
