//! `/sandbox/tokens`, `/sandbox/discards` and `/sandbox/endpoints`: faults that only this platform can make, beside those
//! of every server.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Pcm;
use super::check::Discard;
use crate::web::{Answer, Request};

/// Good items that are discarded all the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Every so manieth item of a batch, beginning with the first.
    every: usize,
    /// In these words.
    message: String,
    /// In so many batches.
    batches: u32,
}

impl Order {
    /// The message for the item in this place.
    pub(crate) fn strikes(&self, place: usize) -> Option<Discard> {
        place.is_multiple_of(self.every.max(1)).then(|| self.message.clone())
    }
}

/// The order in force.
#[derive(Default)]
pub(crate) struct Orders(Mutex<Option<Order>>);

impl Orders {
    /// The order for the next batch, counted down.
    pub(crate) fn next_batch(&self) -> Option<Order> {
        let mut order = self.lock();
        let batches = &mut order.as_mut()?.batches;
        *batches = batches.checked_sub(1)?;
        order.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Endpoints that the platform's list lacks, as a list of another version would.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Withdrawn {
    withdrawn: BTreeSet<String>,
}

impl Withdrawn {
    /// Whether this endpoint is not in the platform's list.
    pub(crate) fn holds(&self, endpoint: &str) -> bool {
        self.withdrawn.contains(endpoint)
    }
}

#[derive(Deserialize)]
struct Life {
    life: i64,
}

pub(crate) fn answer(pcm: &Pcm, request: &Request) -> Answer {
    match request.path.as_str() {
        "/sandbox/tokens" => tokens(pcm, request),
        "/sandbox/discards" => discards(pcm, request),
        "/sandbox/endpoints" => endpoints(pcm, request),
        _ => Answer::message(StatusCode::NOT_FOUND, "Not Found"),
    }
}

/// `POST {"life":20}`: tokens live so many seconds from now on. `DELETE`: every token issued so far is refused.
fn tokens(pcm: &Pcm, request: &Request) -> Answer {
    match request.method {
        Method::GET => {}
        Method::DELETE => pcm.tokens.refuse_all(),
        Method::POST => match request.json::<Life>() {
            Ok(Life { life }) => pcm.tokens.live(life),
            Err(problem) => return Answer::message(StatusCode::BAD_REQUEST, &problem),
        },
        _ => return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "GET, POST or DELETE"),
    }
    Answer::json(StatusCode::OK, &json!({ "life": pcm.tokens.life() }))
}

/// `POST {"every":3,"message":"..","batches":1}`, `GET`, `DELETE`.
fn discards(pcm: &Pcm, request: &Request) -> Answer {
    match request.method {
        Method::GET => {}
        Method::DELETE => *pcm.orders.lock() = None,
        Method::POST => match request.json::<Order>() {
            Ok(order) => *pcm.orders.lock() = Some(order),
            Err(problem) => return Answer::message(StatusCode::BAD_REQUEST, &problem),
        },
        _ => return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "GET, POST or DELETE"),
    }
    Answer::json(StatusCode::OK, &json!({ "order": *pcm.orders.lock() }))
}

/// `POST {"withdrawn":[..]}`, `GET`, `DELETE`.
fn endpoints(pcm: &Pcm, request: &Request) -> Answer {
    match request.method {
        Method::GET => {}
        Method::DELETE => *pcm.withdrawn() = Withdrawn::default(),
        Method::POST => match request.json::<Withdrawn>() {
            Ok(withdrawn) => *pcm.withdrawn() = withdrawn,
            Err(problem) => return Answer::message(StatusCode::BAD_REQUEST, &problem),
        },
        _ => return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "GET, POST or DELETE"),
    }
    Answer::json(StatusCode::OK, &*pcm.withdrawn())
}
