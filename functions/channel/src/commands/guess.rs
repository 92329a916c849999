//! The look-up of a short code, with failures counted and limited (T62).

use std::net::IpAddr;

use futures_util::future;
use ponte_authorization::interaction::{ArrivalId, GuessWindow, OF_ALL, OF_ONE_SOURCE, ShortCode};
use ponte_edge::{Call, Refusal};

use crate::ports::Ports;

/// Name under which the failures of all sources are counted.
const ALL: &str = "all";

/// The arrival whose page shows a code. Nothing is looked up, and nothing written, once too many were wrong; calls at the same
/// moment may get past a limit together, no more than the gateway lets through at once.
///
/// # Errors
/// 429 after too many failures of this source or of all.
pub(super) async fn arrival_of(
    ports: &Ports,
    call: &Call,
    code: &ShortCode,
) -> Result<Option<ArrivalId>, Refusal> {
    let (window, source) = (GuessWindow::at(call.now), source_of(&call.request.source));
    let guesses = &ports.guesses;
    let (of_source, of_all) =
        future::try_join(guesses.failed(&source, window), guesses.failed(ALL, window)).await?;
    window.admit(of_source, of_all, call.now)?;
    let found = ports.handoffs.arrival_of(code).await?;
    if found.is_none() {
        let counted = (guesses.fail(&source, window, OF_ONE_SOURCE), guesses.fail(ALL, window, OF_ALL));
        future::try_join(counted.0, counted.1).await?;
    }
    Ok(found)
}

/// The source of a call by its address: the network of 64 bits that one customer of a provider gets in IPv6.
fn source_of(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => format!("{:016x}", address.to_bits() >> 64),
        },
        Ok(IpAddr::V4(address)) => address.to_string(),
        // The gateway always says one; whoever comes without shares one count.
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::source_of;

    #[test]
    fn t62_a_source_is_an_ipv4_address_or_an_ipv6_network() {
        assert_eq!(source_of("203.0.113.7"), source_of("::ffff:203.0.113.7"));
        assert_ne!(source_of("203.0.113.7"), source_of("203.0.113.8"));
        assert_eq!(source_of("2001:db8:0:1::1"), source_of("2001:db8:0:1:ffff:ffff:ffff:ffff"));
        assert_ne!(source_of("2001:db8:0:1::1"), source_of("2001:db8:0:2::1"));
        assert_eq!(source_of(""), source_of(&"x".repeat(5_000)));
    }
}
