//! A call that may proceed, typed by its caller: the argument of a handler says who may call it.

use std::ops::Deref;
use std::time::Duration;

use ponte_catalog::Row;
use ponte_values::{Date, InteractionId, Moment};

use crate::caller::{Client, Manager};
use crate::context::Context;
use crate::deadline::Deadline;
use crate::known_parameters::KnownParameters;
use crate::pagination_key::PaginationKey;
use crate::request::Request;

/// Longest wait before the first repetition of a change.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// The common part of every call.
#[derive(Debug)]
pub struct Call {
    /// The HTTP request.
    pub request: Request,
    /// `x-fapi-interaction-id`: the caller's, or a fresh one on routes that do not require it.
    pub interaction: InteractionId,
    /// Now, read once for the whole call.
    pub now: Moment,
    pub(crate) deadline: Deadline,
    pub(crate) context: Context,
    pub(crate) template: &'static str,
    pub(crate) row: Option<&'static Row>,
    /// Those that a managed route knows; nobody asks elsewhere.
    pub(crate) parameters: Option<KnownParameters>,
    /// Records of a page at most, where the institution serves fewer than the file allows (C52).
    pub(crate) page_cap: Option<u32>,
    /// The key of the list, where its pages go on by one (C53).
    pub(crate) pagination: Option<PaginationKey>,
}

/// A call whose caller no guard has checked: the handler checks it.
#[derive(Debug)]
pub struct OpenCall {
    pub(crate) call: Call,
}

/// A call of a client in its own name (client_credentials).
#[derive(Debug)]
pub struct ClientCall {
    pub(crate) call: Call,
    /// The caller.
    pub client: Client,
    /// Its row of the catalog.
    pub row: &'static Row,
}

/// A call of a client for a customer, with the proof that what the customer authorised is in force.
#[derive(Debug)]
pub struct CustomerCall<P> {
    pub(crate) call: Call,
    /// The caller.
    pub client: Client,
    /// Its row of the catalog.
    pub row: &'static Row,
    /// The target, read once for this call.
    pub proof: P,
}

/// A call of one of the institution's own callers, over the management host.
#[derive(Debug)]
pub struct ManagerCall {
    pub(crate) call: Call,
    /// The caller.
    pub manager: Manager,
}

impl Call {
    /// A fresh UUIDv4.
    #[must_use]
    pub fn uuid(&self) -> String {
        self.context.ids.uuid()
    }

    /// A fresh 256-bit secret, base64url.
    #[must_use]
    pub fn secret(&self) -> String {
        self.context.ids.secret()
    }

    /// The day in Brasília that the list of this call began on: today, or the one on which its key was made.
    pub(crate) fn today(&self) -> Date {
        self.pagination.as_ref().map_or(self.now, |key| key.made_at).date_brasilia()
    }

    /// The time until the call has to be answered.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        self.deadline.left()
    }

    /// Waits before try number `next` of a change that somebody else was faster with (2 is the first repetition):
    /// exponential with full jitter, so that racers come apart. The deadline of the call ends it in any case.
    pub async fn pause_before(&self, next: u32) {
        tokio::time::sleep(pause(next, &self.secret())).await;
    }
}

/// The wait before try number `next`, of a random text.
fn pause(next: u32, random: &str) -> Duration {
    let ceiling = FIRST_PAUSE.saturating_mul(1 << next.saturating_sub(2).min(5));
    let chance = random.bytes().next().map_or(0, |byte| u32::from(byte % 64));
    ceiling * (chance + 1) / 64
}

impl Deref for OpenCall {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl Deref for ClientCall {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl<P> Deref for CustomerCall<P> {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl Deref for ManagerCall {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

#[cfg(test)]
mod tests {
    use ponte_kit::clock::secret_of;

    use super::*;
    use crate::sample;

    #[test]
    fn racers_come_apart_by_pauses_that_double_up_to_a_limit_and_differ_by_chance() {
        // The first byte counts modulo 64.
        for (random, parts) in [("@", 1), ("_", 32), ("\u{7f}", 64), ("", 1)] {
            for (next, ceiling) in
                [(1, 20), (2, 20), (3, 40), (4, 80), (5, 160), (6, 320), (7, 640), (8, 640)]
            {
                let expected = Duration::from_millis(ceiling) * parts / 64;
                assert_eq!(pause(next, random), expected, "{random:?} {next}");
            }
        }
    }

    #[test]
    fn a_call_gives_out_fresh_ids_and_secrets_and_knows_its_time() {
        let call = sample::call(None, "");
        assert_eq!(call.uuid(), "00000000-0000-4000-8000-000000000001");
        assert_eq!(call.secret(), secret_of(2));
        assert!(call.time_left() > Duration::ZERO);
    }

    #[tokio::test]
    async fn a_racer_waits_for_its_pause() {
        let call = sample::call(None, "");
        let over = tokio::time::Instant::now() + pause(2, &secret_of(1));
        call.pause_before(2).await;
        assert!(tokio::time::Instant::now() >= over);
    }

    #[test]
    fn t62_what_a_log_shows_of_a_call_is_its_way_and_nothing_of_its_caller() {
        let headers = serde_json::json!({"authorization": "Bearer segredo", "cookie": "segredo"});
        let shown = format!("{:?}", sample::of(None, sample::request("cpf=segredo", &headers, "segredo")));
        for told in ["GET", "https://mtls.example", "/open-banking/things/v1/things/{thingId}"] {
            assert!(shown.contains(told), "{told}: {shown}");
        }
        assert!(!shown.contains("segredo"), "{shown}");
    }
}
