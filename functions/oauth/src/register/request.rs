//! A request to the registration endpoints, as their rules see it.

use ponte_edge::Call;
use ponte_values::Moment;

/// A request to register a client or to manage a registration.
pub(super) struct RegistrationRequest<'a> {
    pub(super) now: Moment,
    /// `x-fapi-interaction-id`, the caller's or a fresh one.
    pub(super) interaction: String,
    /// Client certificate of the connection, PEM, as the gateway saw it.
    pub(super) certificate: Option<&'a str>,
    /// The token of the Authorization header.
    pub(super) bearer: Option<&'a str>,
    /// The registration in the path; empty where there is none.
    pub(super) client: &'a str,
    pub(super) body: &'a str,
}

impl<'a> RegistrationRequest<'a> {
    pub(super) fn of(call: &'a Call) -> Self {
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
