//! Reading one JSON object field by field, with the error texts of the platform.

use http::StatusCode;
use ponte_values::Moment;
use ponte_web::Answer;
use serde_json::{Map, Value};

/// Why an item is DISCARDED, in the words of the platform (at most 200 characters of a narrow alphabet).
pub(crate) type Discard = String;

/// Reports older than this are refused (M22).
const OLDEST_SECONDS: i64 = 7 * 86_400;
/// Reports from further ahead than this are refused (M22).
const AHEAD_SECONDS: i64 = 300;
/// Longest date-time.
const DATE_TIME: usize = 28;

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

    /// Every one of `names` is there; the text says all that are not.
    pub(crate) fn required(&self, names: &[&str]) -> Result<(), Discard> {
        let missing: Vec<String> =
            names.iter().filter(|name| self.absent(name)).map(|name| format!("'{name}'")).collect();
        if missing.is_empty() { Ok(()) } else { Err(discard("Missing property", &missing.join(", "))) }
    }

    fn absent(&self, name: &str) -> bool {
        matches!(self.0.get(name), None | Some(Value::Null))
    }

    /// A text that must be there.
    pub(crate) fn text(&self, name: &str) -> Result<&'a str, Discard> {
        self.optional_text(name)?.ok_or_else(|| missing(name))
    }

    /// A text that may be absent.
    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&'a str>, Discard> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(mismatch(name, "a string")),
        }
    }

    /// An integer that must be there.
    pub(crate) fn integer(&self, name: &str) -> Result<i64, Discard> {
        match self.0.get(name) {
            None | Some(Value::Null) => Err(missing(name)),
            Some(value) => value.as_i64().ok_or_else(|| mismatch(name, "an integer")),
        }
    }

    /// A count, zero when absent.
    pub(crate) fn count(&self, name: &str) -> Result<u64, Discard> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(0),
            Some(Value::Number(number)) => number.as_u64().ok_or_else(|| invalid(name)),
            Some(_) => Err(mismatch(name, "a number")),
        }
    }

    /// A list that must be there.
    pub(crate) fn list(&self, name: &str) -> Result<&'a [Value], Discard> {
        match self.0.get(name) {
            None | Some(Value::Null) => Err(missing(name)),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(mismatch(name, "an array")),
        }
    }

    /// An object that may be absent.
    pub(crate) fn optional_object(&self, name: &str) -> Result<Option<&'a Map<String, Value>>, Discard> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object)),
            Some(_) => Err(mismatch(name, "an object")),
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

    /// A UUID that must be there.
    pub(crate) fn uuid(&self, name: &str) -> Result<&'a str, Discard> {
        let text = self.text(name)?;
        if is_uuid(text) { Ok(text) } else { Err(invalid(name)) }
    }

    /// `statusCode`: 200 to 599 (M10).
    pub(crate) fn status_code(&self) -> Result<i64, Discard> {
        let code = self.integer("statusCode")?;
        if !(200..=599).contains(&code) {
            return Err(discard("Invalid field value", "statusCode must be between 200 and 599"));
        }
        Ok(code)
    }

    /// `httpMethod`: one of the five (M10).
    pub(crate) fn method(&self) -> Result<&'a str, Discard> {
        self.one_of("httpMethod", &["GET", "POST", "PUT", "PATCH", "DELETE"])
    }

    /// `processTimespan`: whole milliseconds above zero (M10, M22).
    pub(crate) fn timespan(&self) -> Result<(), Discard> {
        if self.integer("processTimespan")? <= 0 {
            return Err(discard("Invalid field value", "processTimespan must be greater than zero"));
        }
        Ok(())
    }

    /// `timestamp`: RFC 3339 with milliseconds, not older than 7 days, not more than 5 minutes ahead (M10, M22).
    pub(crate) fn timestamp(&self, now: Moment) -> Result<&'a str, Discard> {
        let text = self.text("timestamp")?;
        if !text.contains('.') {
            return Err(invalid("timestamp"));
        }
        let moment = self.moment("timestamp", now)?;
        if moment.seconds() < now.seconds() - OLDEST_SECONDS {
            return Err(discard("Report is too old", "Timestamp is older than 7 days"));
        }
        Ok(text)
    }

    /// A date-time in UTC that must be there, not more than 5 minutes ahead.
    pub(crate) fn moment(&self, name: &str, now: Moment) -> Result<Moment, Discard> {
        let text = self.text(name)?;
        if text.len() > DATE_TIME || !text.ends_with('Z') {
            return Err(invalid(name));
        }
        let moment = Moment::parse(text).map_err(|_| invalid(name))?;
        if moment.seconds() > now.seconds() + AHEAD_SECONDS {
            return Err(discard("Invalid field value", &format!("'{name}' is in the future")));
        }
        Ok(moment)
    }
}

/// `Invalid field value: '<name>'`.
pub(crate) fn invalid(name: &str) -> Discard {
    discard("Invalid field value", &format!("'{name}'"))
}

/// `Field type mismatch: '<name>' must be <what>`.
pub(crate) fn mismatch(name: &str, what: &str) -> Discard {
    discard("Field type mismatch", &format!("'{name}' must be {what}"))
}

fn missing(name: &str) -> Discard {
    discard("Missing property", &format!("'{name}'"))
}

/// A discard text: only characters the platform allows, at most 200 of them.
pub(crate) fn discard(kind: &str, detail: &str) -> Discard {
    format!("{kind}: {detail}")
        .chars()
        .map(|letter| if is_plain_letter(letter) { letter } else { '_' })
        .take(200)
        .collect()
}

/// Whether a text is a UUID in its usual form.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// `^[- /:_.',0-9a-zA-Z]{0,longest}$`, the alphabet of most texts of the platform.
pub(crate) fn is_plain(text: &str, longest: usize) -> bool {
    text.len() <= longest && text.chars().all(is_plain_letter)
}

fn is_plain_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "- /:_.',".contains(letter)
}

/// `^[a-zA-Z0-9][a-zA-Z0-9-]{0,99}$`, the form of payment ids.
pub(crate) fn is_payment_id(text: &str) -> bool {
    text.len() <= 100
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}

/// `^urn:[a-zA-Z0-9][a-zA-Z0-9-]{0,31}:[a-zA-Z0-9()+,\-.:=@;$_!*'%\/?#]+$`, the form of consent ids.
pub(crate) fn is_urn(text: &str) -> bool {
    let Some((namespace, rest)) = text.strip_prefix("urn:").and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    (1..=32).contains(&namespace.len())
        && namespace.chars().all(name)
        && !namespace.starts_with('-')
        && !rest.is_empty()
        && rest.chars().all(|letter| letter.is_ascii_alphanumeric() || "()+,-.:=@;$_!*'%/?#".contains(letter))
}

/// `Not Found: <what>`.
pub(crate) fn not_found(what: &str) -> Answer {
    Answer::message(StatusCode::NOT_FOUND, &discard("Not Found", what))
}
