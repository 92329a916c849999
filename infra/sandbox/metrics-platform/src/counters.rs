//! Counters for tests: requests, items, token calls; and the limit of requests a second.

use std::collections::BTreeMap;

use http::StatusCode;
use ponte_values::Moment;
use serde_json::{Value, json};

/// Requests a second that are taken (product contracts 3.2).
const REQUESTS_A_SECOND: u32 = 300;

/// Counters since the start.
#[derive(Default)]
pub(crate) struct Counters {
    tokens: BTreeMap<String, u64>,
    token_calls: BTreeMap<u16, u64>,
    /// Place and status to requests and items.
    requests: BTreeMap<(&'static str, u16), (u64, u64)>,
    second: (i64, u32),
}

impl Counters {
    /// Counts a request; false when this second has had enough (429).
    pub(crate) fn admits(&mut self, now: Moment) -> bool {
        if self.second.0 != now.seconds() {
            self.second = (now.seconds(), 0);
        }
        self.second.1 += 1;
        self.second.1 <= REQUESTS_A_SECOND
    }

    /// A request that was answered.
    pub(crate) fn request(&mut self, place: &'static str, status: StatusCode, items: usize) {
        let count = self.requests.entry((place, status.as_u16())).or_default();
        count.0 += 1;
        count.1 += items as u64;
    }

    /// A token that was issued.
    pub(crate) fn token(&mut self, client: &str) {
        *self.tokens.entry(client.to_owned()).or_default() += 1;
    }

    /// A call of the token server.
    pub(crate) fn token_call(&mut self, status: StatusCode) {
        *self.token_calls.entry(status.as_u16()).or_default() += 1;
    }

    /// Tokens by client.
    pub(crate) fn tokens(&self) -> Value {
        json!(self.tokens)
    }

    /// Calls of the token server by status.
    pub(crate) fn token_calls(&self) -> Value {
        self.token_calls.iter().map(|(status, count)| (status.to_string(), json!(count))).collect()
    }

    /// Requests by place and status.
    pub(crate) fn requests(&self) -> Value {
        let one = |(&(place, status), &(count, items)): (&(&str, u16), &(u64, u64))| json!({ "place": place, "status": status, "count": count, "items": items });
        self.requests.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m03_300_requests_a_second_and_not_one_more() {
        let mut counters = Counters::default();
        for second in [10, 11] {
            let now = Moment::from_seconds(second);
            assert!((0..300).all(|_| counters.admits(now)));
            assert!(!counters.admits(now));
        }
    }
}
