//! Test controls `/sandbox/tokens`, `/sandbox/discards` and `/sandbox/endpoints`: faults of this platform alone, beside those
//! of every server.

use http::{Method, StatusCode};
use ponte_web::{Answer, Request};
use serde::Deserialize;
use serde_json::json;

use crate::ordered_faults::{DiscardOrder, Withdrawn};
use crate::platform::Pcm;

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
        Method::DELETE => *pcm.discards.lock() = None,
        Method::POST => match request.json::<DiscardOrder>() {
            Ok(order) => *pcm.discards.lock() = Some(order),
            Err(problem) => return Answer::message(StatusCode::BAD_REQUEST, &problem),
        },
        _ => return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "GET, POST or DELETE"),
    }
    Answer::json(StatusCode::OK, &json!({ "order": *pcm.discards.lock() }))
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
