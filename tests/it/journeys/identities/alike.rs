//! What callers see of refusals: on one route, all that are refused for the same reason get the same status, body and headers,
//! whoever they are and whatever they named (T43, T60).

use std::collections::BTreeMap;
use std::sync::Mutex;

use ponte_web::caller::Reply;
use serde_json::Value;

use super::Wanted;

/// Headers of which every call has its own.
const OF_THE_CALL: [&str; 3] = ["apigw-requestid", "date", "x-fapi-interaction-id"];

/// What the challenge of a call with a token says besides.
const BAD_TOKEN: &str = r#" error="invalid_token""#;

/// An answer without what is of the call alone: its time and its interaction id.
#[derive(PartialEq, Eq, Debug)]
struct Seen {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Seen {
    fn of(reply: &Reply) -> Self {
        let headers = reply.headers.iter().filter(|(name, _)| !OF_THE_CALL.contains(&name.as_str()));
        let mut headers: Vec<(String, String)> = headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            // Whether a token came along is what the caller did, not what we know of it (RFC 6750 section 3.1).
            .map(|(name, value)| (name, value.replace(BAD_TOKEN, "")))
            .collect();
        headers.sort();
        let body = match serde_json::from_slice::<Value>(&reply.body) {
            Ok(mut body) => {
                if let Some(at) = body.pointer_mut("/meta/requestDateTime") {
                    assert_eq!(at.as_str().map(str::len), Some("2026-01-01T00:00:00Z".len()), "{at}");
                    *at = Value::Null;
                }
                body.to_string()
            }
            Err(_) => String::from_utf8_lossy(&reply.body).into_owned(),
        };
        Self { status: reply.status, headers, body }
    }
}

/// The first answer of each route and reason, with what was said of its call.
type First = BTreeMap<String, (String, Seen)>;

/// First answers, and how many others were compared with one.
#[derive(Default)]
pub(super) struct Answers(Mutex<(First, usize)>);

impl Answers {
    /// Holds an answer against the first one of its route and reason.
    pub(super) fn compare(&self, route: &str, wanted: Wanted, said: &str, reply: &Reply) {
        let seen = Seen::of(reply);
        let mut held = self.0.lock().expect("nobody has panicked");
        let (answers, compared) = &mut *held;
        match answers.entry(format!("{wanted:?} {route}")) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert((said.to_owned(), seen));
            }
            std::collections::btree_map::Entry::Occupied(first) => {
                let (who, first) = first.get();
                assert_eq!(seen, *first, "{said}\nis told apart from\n{who}");
                *compared += 1;
            }
        }
    }

    /// How many answers were compared with another one.
    pub(super) fn compared(&self) -> usize {
        self.0.lock().expect("nobody has panicked").1
    }
}
