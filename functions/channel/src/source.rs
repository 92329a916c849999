//! Where a call came from, as far as limits go by it.

use std::net::IpAddr;

/// The source of a call by its address: the network of 64 bits that one customer of a provider gets in IPv6.
pub(crate) fn source_of(address: &str) -> String {
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
