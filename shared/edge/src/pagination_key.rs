//! `pagination-key` (C53): by it the pages of one list are one call for the operational limit, for an hour, and about the same
//! days.
//!
//! Nothing is stored of a key. It says when it was made, and a HMAC ties it to the client, the target, the path and the filters
//! of its list: another's key, one for another list and an invented one are as good as none, and the list gets a new one.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_catalog::Row;
use ponte_ports::CLOCK_DIFFERENCE;
use ponte_values::{ConsentId, Moment};

use crate::caller::Client;
use crate::request::Request;

/// Its name on the wire.
pub(crate) const NAME: &str = "pagination-key";

/// How long a key is good.
const LIFE: Duration = Duration::from_hours(1);

/// Sets keys apart from the pseudonyms under the same secret.
const DOMAIN: &[u8] = b"pagination-key of a list\0";

/// Bytes of the time in a key.
const TIME: usize = 8;

/// Makes the keys of an institution, and knows them again.
pub struct PaginationKeys {
    secret: hmac::Key,
}

/// The key of the list that a call is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PaginationKey {
    /// As the links show it.
    pub(crate) text: String,
    /// When it was made: the days of the list are those of this moment.
    pub(crate) made_at: Moment,
    /// Whether the call came with it.
    pub(crate) is_given: bool,
}

/// A list of a client: what a key is good for.
pub(crate) struct List<'a> {
    pub(crate) row: &'static Row,
    pub(crate) client: &'a Client,
    pub(crate) target: &'a ConsentId,
    pub(crate) request: &'a Request,
}

impl PaginationKeys {
    /// Keys under the 256-bit secret of the institution.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self { secret: hmac::Key::new(hmac::HMAC_SHA256, secret) }
    }

    /// The key that the call came with if it is good, else a new one.
    pub(crate) fn of(&self, list: &List<'_>, now: Moment) -> PaginationKey {
        let given = list.request.query(NAME).and_then(|text| Some((text, self.read(text, list, now)?)));
        if let Some((text, made_at)) = given {
            return PaginationKey { text: text.to_owned(), made_at, is_given: true };
        }
        let made_at = Moment::from_seconds(now.seconds());
        PaginationKey { text: self.text(list, made_at), made_at, is_given: false }
    }

    /// When a key of this list was made that is good at `now`.
    fn read(&self, text: &str, list: &List<'_>, now: Moment) -> Option<Moment> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (time, tag) = bytes.split_first_chunk::<TIME>()?;
        let made_at = Moment::from_seconds(i64::from_be_bytes(*time));
        // Another environment's clock may be a little ahead of ours, and one that was far ahead makes no key for ever (LB-04).
        let is_good = made_at <= now.plus(CLOCK_DIFFERENCE) && now < made_at.plus(LIFE);
        let is_ours = hmac::verify(&self.secret, &signed(list, made_at), tag).is_ok();
        (is_good && is_ours).then_some(made_at)
    }

    fn text(&self, list: &List<'_>, made_at: Moment) -> String {
        let mut bytes = made_at.seconds().to_be_bytes().to_vec();
        bytes.extend_from_slice(hmac::sign(&self.secret, &signed(list, made_at)).as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// What a key is tied to; every text is preceded by its length, so that texts cannot run together.
fn signed(list: &List<'_>, made_at: Moment) -> Vec<u8> {
    let mut bytes = DOMAIN.to_vec();
    bytes.extend_from_slice(&made_at.seconds().to_be_bytes());
    let mut push = |text: &str| {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    };
    for text in [list.client.id.as_str(), list.target.as_str(), list.request.path.as_str()] {
        push(text);
    }
    for filter in list.row.filters {
        let given = list.request.query(filter.name);
        push(if given.is_some() { filter.name } else { "" });
        push(given.unwrap_or_default());
    }
    bytes
}

impl fmt::Debug for PaginationKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaginationKeys").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
