//! Paths of registration, which has error codes of its own.

/// Registration of clients.
pub(crate) const REGISTER: &str = "/auth/register";
/// Management of one registration.
pub(crate) const REGISTRATION: &str = "/auth/register/{clientId}";
/// The name of [`REGISTRATION`] in reports to the metrics platform (M35).
pub(crate) const REGISTRATION_REPORTED: &str = "/register/{clientId}";
