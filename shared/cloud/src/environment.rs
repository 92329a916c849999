//! The real clock and real randomness, the only place of the functions where either is read.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_ports::{Clock, Ids, Pauses};
use ponte_values::Moment;
use uuid::Uuid;

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Moment {
        Moment::from_system(SystemTime::now())
    }
}

#[async_trait]
impl Pauses for SystemClock {
    async fn pause(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

/// Ids and secrets from the operating system's and aws-lc's generators.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
    fn uuid(&self) -> String {
        Uuid::new_v4().to_string()
    }

    fn secret(&self) -> String {
        let mut bytes = [0_u8; 32];
        random(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// Fills `bytes` with randomness.
///
/// # Panics
///
/// If the random generator fails: nothing may go on with predictable secrets.
#[expect(clippy::expect_used, reason = "nothing may go on with predictable secrets")]
pub fn random(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the random generator works");
}

#[cfg(test)]
mod tests {
    use super::*;
    use ponte_kit::contract::environment;

    #[test]
    fn the_machine_keeps_the_contract_of_the_set_clock() {
        environment::ids_are_fresh(&SystemIds);
        environment::time_does_not_go_back(&SystemClock);
    }

    #[test]
    fn secrets_have_256_bits_and_differ() {
        let (one, other) = (SystemIds.secret(), SystemIds.secret());
        assert_eq!(one.len(), 43);
        assert!(one.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
        assert_ne!(one, other);
    }

    #[test]
    fn ids_are_version_four() {
        let id = Uuid::parse_str(&SystemIds.uuid()).unwrap();
        assert_eq!(id.get_version_num(), 4);
    }

    #[test]
    fn the_clock_reads_this_century() {
        assert!(SystemClock.now() > Moment::parse("2026-01-01T00:00:00Z").unwrap());
    }
}
