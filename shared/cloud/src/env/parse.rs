//! Parsers of the texts of environment variables.

use std::time::Duration;

use ponte_authorization::interaction::Assurance;
use ponte_authorization::revocation::RevocationCheck;
use ponte_values::Invalid;
use url::{Host, Url};

/// Any text that is not empty.
pub(crate) fn text(value: &str) -> Result<String, Invalid> {
    if value.trim().is_empty() {
        return Err(Invalid("text"));
    }
    Ok(value.to_owned())
}

pub(super) fn seconds(value: &str) -> Result<Duration, Invalid> {
    value.parse().map(Duration::from_secs).map_err(|_| Invalid("number of seconds"))
}

pub(super) fn days(value: &str) -> Result<Duration, Invalid> {
    let days = value.parse::<u32>().ok().filter(|days| (1..=36_500).contains(days));
    days.map(|days| Duration::from_hours(u64::from(days) * 24)).ok_or(Invalid("number of days"))
}

pub(super) fn days_or_none(value: &str) -> Result<Option<Duration>, Invalid> {
    if value == "0" { Ok(None) } else { days(value).map(Some) }
}

pub(super) fn yes_or_no(value: &str) -> Result<bool, Invalid> {
    value.parse().map_err(|_| Invalid("true or false"))
}

pub(super) fn required_or_off(value: &str) -> Result<bool, Invalid> {
    match value {
        "required" => Ok(true),
        "off" => Ok(false),
        _ => Err(Invalid("required or off")),
    }
}

pub(super) fn strict_or_tolerant(value: &str) -> Result<bool, Invalid> {
    match value {
        "strict" => Ok(true),
        "tolerant" => Ok(false),
        _ => Err(Invalid("strict or tolerant")),
    }
}

pub(super) fn public_or_mtls(value: &str) -> Result<bool, Invalid> {
    match value {
        "public" => Ok(true),
        "mtls" => Ok(false),
        _ => Err(Invalid("host, public or mtls")),
    }
}

pub(super) fn on_or_off(value: &str) -> Result<bool, Invalid> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(Invalid("on or off")),
    }
}

/// One factor can be done everywhere, so only the second level is a choice.
pub(super) fn strongest(value: &str) -> Result<Assurance, Invalid> {
    match value {
        "loa2" => Ok(Assurance::Loa2),
        "loa2 loa3" => Ok(Assurance::Loa3),
        _ => Err(Invalid("list of levels, loa2 or loa2 loa3")),
    }
}

/// What happens to a certificate whose revocation cannot be looked up.
pub(super) fn revocation_check(value: &str) -> Result<RevocationCheck, Invalid> {
    match value {
        "soft" => Ok(RevocationCheck::Soft),
        "hard" => Ok(RevocationCheck::Hard),
        "off" => Ok(RevocationCheck::Off),
        _ => Err(Invalid("soft, hard or off")),
    }
}

/// A base that paths are appended to: kept as written but for a slash at its end, because an issuer is compared as text.
pub(super) fn base_url(value: &str) -> Result<String, Invalid> {
    let invalid = Invalid("base URL, https or on this machine");
    let url = Url::parse(value).map_err(|_| invalid)?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_private(&url) && plain { Ok(value.trim_end_matches('/').to_owned()) } else { Err(invalid) }
}

/// Whether nobody on the way can read along: TLS, or a call that does not leave the machine (T65).
fn is_private(url: &Url) -> bool {
    let on_this_machine = || match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => url.has_host(),
        "http" => on_this_machine(),
        _ => false,
    }
}

pub(super) fn https_url(value: &str) -> Result<String, Invalid> {
    if value.starts_with("https://") { base_url(value) } else { Err(Invalid("https URL")) }
}

pub(super) fn listed<T>(value: &str, read: fn(&str) -> Result<T, Invalid>) -> Result<Vec<T>, Invalid> {
    value.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(read).collect()
}

/// What may be left out: nothing for an empty text.
pub(super) fn if_given<T>(
    value: &str,
    read: impl Fn(&str) -> Result<T, Invalid>,
) -> Result<Option<T>, Invalid> {
    if value.is_empty() { Ok(None) } else { read(value).map(Some) }
}

pub(super) fn jwks_uri(value: &str) -> Result<Option<String>, Invalid> {
    if value.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(value).map_err(|_| Invalid("https URL"))?;
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if url.scheme() == "https" && bare { Ok(Some(value.to_owned())) } else { Err(Invalid("https URL")) }
}

pub(super) fn origin(value: &str) -> Result<Option<String>, Invalid> {
    if value.is_empty() {
        return Ok(None);
    }
    let base = base_url(value).map_err(|_| Invalid("origin"))?;
    let url = Url::parse(&base).map_err(|_| Invalid("origin"))?;
    if url.origin().ascii_serialization() == base { Ok(Some(base)) } else { Err(Invalid("origin")) }
}

pub(super) fn login_url(value: &str) -> Result<String, Invalid> {
    let filled = value.replace("<IDENTIFICADOR>", "id");
    if filled != value && Url::parse(&filled).is_ok_and(|url| is_private(&url)) {
        Ok(value.to_owned())
    } else {
        Err(Invalid("URL with <IDENTIFICADOR>, https or on this machine"))
    }
}
