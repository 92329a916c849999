//! Tickets that take browsers back: HMAC-SHA256 under the institution's key, so that nothing is stored of them but hashes and
//! a reader of the tables makes none.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_authorization::ports::Tickets;
use ponte_values::Moment;

/// Sets tickets apart from the pseudonyms under the same key.
const DOMAIN: &[u8] = b"ticket of an interaction\0";

/// Tickets under the institution's key.
pub struct HmacTickets {
    key: hmac::Key,
}

impl HmacTickets {
    /// From the 256-bit key of the institution.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key) }
    }
}

impl Tickets for HmacTickets {
    fn secret(&self, interaction: &str, began: Moment) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(DOMAIN);
        context.update(&began.millis().to_be_bytes());
        context.update(interaction.as_bytes());
        URL_SAFE_NO_PAD.encode(context.sign())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn t61_a_ticket_is_the_same_again_and_another_for_every_session_interaction_and_key() {
        let began = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let of = |key, id, began| HmacTickets::new(&[key; 32]).secret(id, began);
        let ticket = of(7, "one", began);
        assert_eq!((ticket.len(), &of(7, "one", began)), (43, &ticket));
        let later = began.plus(Duration::from_millis(1));
        for other in [of(8, "one", began), of(7, "two", began), of(7, "one", later)] {
            assert_ne!(other, ticket);
        }
    }
}
