//! Dynamic client registration and its management (S80 to S91, RFC 7591, RFC 7592 with the paths of its appendix B).
//!
//! | operation | checks | file |
//! |---|---|---|
//! | `POST` | certificate, software statement, metadata, once for a statement | `create` |
//! | `GET` | certificate, `registration_access_token` | `read` |
//! | `PUT` | certificate, token, software statement, metadata | `replace` |
//! | `DELETE` | certificate, token | `remove` |
//!
//! The rules themselves are in `ponte_fapi::dcr`; here is their order, the directory's part and the store's. Who calls
//! is established by `caller`, what is registered by `judgement`, and what may be said about a refusal by `denied`.

mod answer;
mod caller;
mod create;
mod denied;
mod judgement;
mod read;
mod remove;
mod replace;

#[cfg(test)]
mod tests;

use ponte_edge::Call;
use ponte_values::Moment;

pub(crate) use create::create;
pub(crate) use read::read;
pub(crate) use remove::remove;
pub(crate) use replace::replace;

/// Where clients register.
pub(crate) const PATH: &str = "/auth/register";
/// One registration.
pub(crate) const ONE: &str = "/auth/register/{clientId}";
/// How the metrics platform calls it (M35).
pub(crate) const ONE_REPORTED: &str = "/register/{clientId}";
/// Media type of the bodies (RFC 7591 section 3.1).
pub(crate) const JSON: &str = "application/json";

/// What a request presents.
struct Asked<'a> {
    now: Moment,
    /// `x-fapi-interaction-id`, the caller's or a fresh one.
    interaction: String,
    /// Client certificate of the connection, PEM, as the gateway saw it.
    certificate: Option<&'a str>,
    /// The token of the Authorization header.
    bearer: Option<&'a str>,
    /// The registration in the path; empty where there is none.
    client: &'a str,
    body: &'a str,
}

impl<'a> Asked<'a> {
    fn by(call: &'a Call) -> Self {
        let request = &call.request;
        Self {
            now: call.now,
            interaction: call.interaction.to_string(),
            certificate: request.certificate.as_deref(),
            bearer: request.bearer(),
            client: request.id("clientId"),
            body: request.body(),
        }
    }
}
