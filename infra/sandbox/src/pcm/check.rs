//! Reading one JSON object field by field, with the error texts of the platform.

use ponte_values::Moment;
use serde_json::{Map, Value};

/// Why an item is DISCARDED, in the words of the platform (at most 200 characters of a narrow alphabet).
pub(crate) type Discard = String;

/// Reports older than this are refused (M22).
const OLDEST_SECONDS: i64 = 7 * 86_400;
/// Reports from further ahead than this are refused (M22).
const AHEAD_SECONDS: i64 = 300;

/// An item and the names it may have.
pub(crate) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The item, when it is an object without properties beyond `known` (M12).
    pub(crate) fn of(item: &'a Value, known: &[&str]) -> Result<Self, Discard> {
        let object = item
            .as_object()
            .ok_or_else(|| discard("Invalid payload format", "each item MUST be an object"))?;
        match object.keys().find(|name| !known.contains(&name.as_str())) {
            Some(extra) => Err(discard("Additional property not allowed", extra)),
            None => Ok(Self(object)),
        }
    }

    /// A text that must be there.
    pub(crate) fn text(&self, name: &str) -> Result<&'a str, Discard> {
        self.optional_text(name)?.ok_or_else(|| discard("Missing property", &format!("'{name}'")))
    }

    /// A text that may be absent.
    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&'a str>, Discard> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(discard("Field type mismatch", &format!("'{name}' must be a string"))),
        }
    }

    /// An integer that must be there.
    pub(crate) fn integer(&self, name: &str) -> Result<i64, Discard> {
        match self.0.get(name) {
            None | Some(Value::Null) => Err(discard("Missing property", &format!("'{name}'"))),
            Some(value) => value
                .as_i64()
                .ok_or_else(|| discard("Field type mismatch", &format!("'{name}' must be an integer"))),
        }
    }

    /// An object that may be absent.
    pub(crate) fn optional_object(&self, name: &str) -> Result<Option<&'a Map<String, Value>>, Discard> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object)),
            Some(_) => Err(discard("Field type mismatch", &format!("'{name}' must be an object"))),
        }
    }

    /// A text that must be there and one of these.
    pub(crate) fn one_of(&self, name: &str, allowed: &[&str]) -> Result<&'a str, Discard> {
        let text = self.text(name)?;
        if allowed.contains(&text) { Ok(text) } else { Err(invalid(name)) }
    }

    /// A text that must be there, of 1 to `longest` characters.
    pub(crate) fn short(&self, name: &str, longest: usize) -> Result<&'a str, Discard> {
        let text = self.text(name)?;
        if text.is_empty() || text.chars().count() > longest {
            return Err(invalid(name));
        }
        Ok(text)
    }

    /// `timestamp`: RFC 3339 with milliseconds, not older than 7 days, not more than 5 minutes ahead (M10, M22).
    pub(crate) fn timestamp(&self, now: Moment) -> Result<&'a str, Discard> {
        let text = self.text("timestamp")?;
        if text.len() > 28 || !text.ends_with('Z') || !text.contains('.') {
            return Err(invalid("timestamp"));
        }
        let moment = Moment::parse(text).map_err(|_| invalid("timestamp"))?;
        if moment.seconds() < now.seconds() - OLDEST_SECONDS {
            return Err(discard("Report is too old", "Timestamp is older than 7 days"));
        }
        if moment.seconds() > now.seconds() + AHEAD_SECONDS {
            return Err(discard("Invalid field value", "'timestamp' is in the future"));
        }
        Ok(text)
    }
}

/// `Invalid field value: '<name>'`.
pub(crate) fn invalid(name: &str) -> Discard {
    discard("Invalid field value", &format!("'{name}'"))
}

/// A discard text: only characters the platform allows, at most 200 of them.
pub(crate) fn discard(kind: &str, detail: &str) -> Discard {
    format!("{kind}: {detail}")
        .chars()
        .map(
            |letter| {
                if letter.is_ascii_alphanumeric() || "- /:_.',".contains(letter) { letter } else { '_' }
            },
        )
        .take(200)
        .collect()
}

/// Whether a text is a UUID in its usual form.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}
