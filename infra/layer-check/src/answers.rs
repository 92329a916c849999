//! What comes back, as far as every operation answers alike.

use ponte_values::Moment;
use serde_json::Value;

use crate::layer::{Asked, Received};
use crate::names;
use crate::sheet::{Check, Sheet};

/// A successful answer.
pub(crate) struct Body {
    /// `data`, never null.
    pub(crate) data: Value,
    /// `meta.totalRecords`, if it is a number.
    pub(crate) total: Option<u64>,
    /// `meta.totalPages`, if it is a number.
    pub(crate) pages: Option<u64>,
    /// The body as it came.
    pub(crate) raw: Vec<u8>,
}

impl Body {
    /// The records of a page.
    pub(crate) fn records(&self) -> &[Value] {
        self.data.as_array().map_or(&[], Vec::as_slice)
    }
}

/// The answer if it is 200 with JSON and `data`; what is not so is told under `check`.
pub(crate) fn data(asked: Asked, check: Check, sheet: &mut Sheet) -> Option<Body> {
    let received = match asked.received {
        Ok(received) => received,
        Err(reason) => return none(check, sheet, reason),
    };
    if received.status != 200 {
        return none(check, sheet, format!("status {} where 200 is due", received.status));
    }
    if !is_json(&received) {
        sheet.wrong(check, "Content-Type is not application/json");
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(&received.body) else {
        return none(check, sheet, "the body is not JSON".to_owned());
    };
    if !names::are_unique(&received.body) {
        return none(check, sheet, "a name twice in one object".to_owned());
    }
    let data = value.get_mut("data").map(Value::take);
    let Some(data) = data.filter(|data| !data.is_null()) else {
        sheet.wrong_at(check, "data", "missing", 1);
        return None;
    };
    let number = |name: &str| value["meta"][name].as_u64();
    Some(Body { data, total: number("totalRecords"), pages: number("totalPages"), raw: received.body })
}

fn none(check: Check, sheet: &mut Sheet, what: String) -> Option<Body> {
    sheet.wrong(check, what);
    None
}

/// Holds `meta` of an answer to what every answer has.
pub(crate) fn meta(body: &Body, check: Check, sheet: &mut Sheet) {
    let value: Value = serde_json::from_slice(&body.raw).unwrap_or_default();
    let meta = &value["meta"];
    if !meta.is_object() {
        return sheet.wrong_at(check, "meta", "missing", 1);
    }
    for (name, found) in [("totalRecords", body.total), ("totalPages", body.pages)] {
        if found.is_none() {
            sheet.wrong_at(check, &format!("meta.{name}"), "no whole number from 0", 1);
        }
    }
    let moment = meta["requestDateTime"].as_str().map(Moment::parse_utc_seconds);
    if moment.is_none_or(|moment| moment.is_err()) {
        sheet.wrong_at(check, "meta.requestDateTime", "no time in UTC with seconds and Z", 1);
    }
}

/// Holds an answer to a refusal with one of these statuses and the body of errors.
pub(crate) fn refusal(asked: Asked, (why, due): (&str, &[u16]), check: Check, sheet: &mut Sheet) {
    sheet.made(check);
    let received = match asked.received {
        Ok(received) => received,
        Err(reason) => return sheet.wrong(check, format!("{why}: {reason}")),
    };
    if !due.contains(&received.status) {
        let due: Vec<String> = due.iter().map(u16::to_string).collect();
        return sheet
            .wrong(check, format!("{why}: status {} where {} is due", received.status, due.join(" or ")));
    }
    if !is_json(&received) {
        return sheet.wrong(check, format!("{why}: Content-Type is not application/json"));
    }
    let value: Value = serde_json::from_slice(&received.body).unwrap_or_default();
    let error = &value["errors"][0];
    let said = |name: &str| error[name].as_str().is_some_and(|text| !text.is_empty());
    if !(said("code") && said("title") && said("detail")) {
        sheet.wrong_at(check, "errors[]", format!("{why}: no code, title and detail"), 1);
    }
}

fn is_json(received: &Received) -> bool {
    let kind = received.content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// A value without the points in time in it, which may be those of the call.
pub(crate) fn timeless(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !name.ends_with("DateTime"));
            Value::Object(kept.map(|(name, value)| (name.clone(), timeless(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(timeless).collect()),
        other => other.clone(),
    }
}
