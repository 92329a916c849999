//! The answer to a registration, kept for a minute: a client whose connection broke asks again and gets the same (T61).

use std::time::Duration;

use ponte_values::{ClientId, Moment};
use serde::{Deserialize, Serialize};

/// How long an answer that may have been lost can be asked for again: a registration, its removal, the way back to a client.
pub const REPEATABLE: Duration = Duration::from_mins(1);

/// The answer to a registration. What is not in it is the registration itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationAnswer {
    /// Hash of the software statement and of the certificate it came over.
    pub key: String,
    /// The client it became.
    pub client: ClientId,
    /// The version of its registration; a later one was changed with the token, so that arrived.
    pub version: u64,
    /// The `registration_access_token`, encrypted for this server.
    pub sealed_token: String,
    /// When it was given first.
    pub at: Moment,
}

impl RegistrationAnswer {
    /// Whether it can be asked for again at `now`.
    #[must_use]
    pub fn repeats(&self, now: Moment) -> bool {
        now <= self.at.plus(REPEATABLE)
    }

    /// When nothing needs it any more.
    #[must_use]
    pub fn expires_at(&self) -> Moment {
        self.at.plus(REPEATABLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t61_the_answer_to_a_registration_can_be_asked_for_again_for_a_minute() {
        let at = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let answer = RegistrationAnswer {
            key: "key".to_owned(),
            client: ClientId::parse("a").unwrap(),
            version: 1,
            sealed_token: "sealed".to_owned(),
            at,
        };
        let end = at.plus(Duration::from_mins(1));
        assert!(answer.repeats(at) && answer.repeats(end));
        assert!(!answer.repeats(end.plus(Duration::from_millis(1))));
        assert_eq!(answer.expires_at(), end, "and is not kept for longer");
    }
}
