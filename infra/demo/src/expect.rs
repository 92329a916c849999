//! Checks of answers. A check that fails says the expectation in words, for the report of its step.

use ponte_web::caller::Reply;
use serde_json::Value;

/// A note about the answer in a few words, or the expectation that it failed.
pub(crate) type CheckResult = Result<String, String>;

/// The expectation that an answer failed, if it did.
pub(crate) type Expected = Result<(), String>;

/// The answer has this status.
pub(crate) fn status(reply: &Reply, wanted: u16) -> Expected {
    require(reply.status == wanted, || format!("status {wanted}"))
}

/// Fails with the expectation unless `holds`.
pub(crate) fn require(holds: bool, expected: impl FnOnce() -> String) -> Expected {
    if holds { Ok(()) } else { Err(expected()) }
}

/// A text at a JSON pointer.
pub(crate) fn text<'a>(body: &'a Value, pointer: &str) -> Result<&'a str, String> {
    body.pointer(pointer).and_then(Value::as_str).ok_or_else(|| format!("a text at {pointer}"))
}

/// A list at a JSON pointer.
pub(crate) fn list<'a>(body: &'a Value, pointer: &str) -> Result<&'a Vec<Value>, String> {
    body.pointer(pointer).and_then(Value::as_array).ok_or_else(|| format!("a list at {pointer}"))
}

/// A success of a regulatory API: status, `meta.requestDateTime` (C50), `x-fapi-interaction-id` (S31) and `x-v` (C54).
pub(crate) fn served(reply: &Reply, wanted: u16) -> Result<Value, String> {
    status(reply, wanted)?;
    interaction(reply)?;
    require(reply.header("x-v").is_some(), || "the header x-v (C54)".into())?;
    let body = reply.json();
    request_date_time(&body)?;
    Ok(body)
}

/// A refusal of a regulatory API with the Open Finance error body (C50); its code becomes the note.
pub(crate) fn refused(reply: &Reply, wanted: u16) -> CheckResult {
    status(reply, wanted)?;
    interaction(reply)?;
    let body = reply.json();
    let errors = list(&body, "/errors")?;
    require((1..=13).contains(&errors.len()), || "1 to 13 errors (C50)".into())?;
    for error in errors {
        for (name, longest) in [("/code", 255), ("/title", 255), ("/detail", 2048)] {
            let length = text(error, name)?.chars().count();
            require((1..=longest).contains(&length), || {
                format!("errors{name} of 1 to {longest} characters")
            })?;
        }
    }
    request_date_time(&body)?;
    Ok(format!("{}: {}", text(&body, "/errors/0/code")?, text(&body, "/errors/0/title")?))
}

/// A UUID in `x-fapi-interaction-id`.
pub(crate) fn interaction(reply: &Reply) -> Expected {
    let id = reply.header("x-fapi-interaction-id").unwrap_or_default();
    require(uuid::Uuid::try_parse(id).is_ok(), || "a UUID in x-fapi-interaction-id (S31)".into())
}

fn request_date_time(body: &Value) -> Expected {
    let moment = text(body, "/meta/requestDateTime")?;
    require(ponte_values::Moment::parse_utc_seconds(moment).is_ok(), || {
        "meta.requestDateTime as YYYY-MM-DDThh:mm:ssZ (C50)".into()
    })
}
