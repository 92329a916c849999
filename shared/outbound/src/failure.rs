//! From the errors of HTTP calls to [`PortError`]: the cause, without the address.

pub(crate) use ponte_cloud::failure::json;
use ponte_ports::PortError;

/// An HTTP call failed before its answer was complete; the URL is left out.
pub(crate) fn http(what: &'static str, error: reqwest::Error) -> PortError {
    let (timeout, error) = (error.is_timeout(), error.without_url());
    if timeout { PortError::timeout(what, error) } else { PortError::new(what, error) }
}
