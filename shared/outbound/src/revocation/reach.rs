//! Which addresses of the network a responder may have.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ponte_cloud::env::Var;
use ponte_values::Invalid;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Where responders may be: `public`, or `loopback` for the sandbox.
pub const REVOCATION_RESPONDERS: Var<Reach> = Var::or("public", "REVOCATION_RESPONDERS", Reach::read);

/// Which addresses are dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those of the public internet.
    Public,
    /// Those of this machine alone, where the sandbox's authority answers.
    Loopback,
}

impl Reach {
    fn read(value: &str) -> Result<Self, Invalid> {
        match value {
            "public" => Ok(Self::Public),
            "loopback" => Ok(Self::Loopback),
            _ => Err(Invalid("public or loopback")),
        }
    }

    /// Whether an address is dialled.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Loopback => address.is_loopback(),
            Self::Public => is_public(address),
        }
    }
}

/// A name is dialled at those of its addresses that are allowed, so that what was looked at is what is dialled.
impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(io::Error::other("no address of the name may be dialled").into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address belongs to the public internet (the special-purpose registries of RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        // This network, shared by carriers, protocol assignments, 6to4 relays, benchmarks, reserved and broadcast.
        || first == 0
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (18..20).contains(&second))
        || first >= 240;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Global unicast alone; an address that carries an IPv4 one (mapped, NAT64) lies outside of it.
    let global = (0x2000..0x4000).contains(&segments[0]);
    let special = match segments[0] {
        0x2001 => segments[1] < 0x0200 || segments[1] == 0x0db8,
        first => first == 0x2002 || first == 0x3fff,
    };
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t41_nothing_private_is_dialled() {
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "4000::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!Reach::Public.allows(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.88.98.1",
            "198.17.0.1",
            "198.20.0.1",
            "200.160.2.3",
            "223.255.255.255",
            "2001:200::1",
            "2001:12ff:0:4::6",
            "2600:1f00::1",
            "3ffe::1",
        ] {
            assert!(Reach::Public.allows(public.parse().unwrap()), "{public}");
            assert!(!Reach::Loopback.allows(public.parse().unwrap()), "{public}");
        }
        for own in ["127.0.0.1", "::1"] {
            assert!(Reach::Loopback.allows(own.parse().unwrap()), "{own}");
        }
        for other in ["10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"] {
            assert!(!Reach::Loopback.allows(other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn t41_responders_are_public_unless_a_setting_says_loopback() {
        assert_eq!(Reach::read("public"), Ok(Reach::Public));
        assert_eq!(Reach::read("loopback"), Ok(Reach::Loopback));
        for other in ["", "private", "PUBLIC"] {
            assert!(Reach::read(other).is_err(), "{other}");
        }
    }
}
