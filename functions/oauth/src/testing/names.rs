//! Names, ids and times that the tests agree on.

use std::time::Duration;

use ponte_values::Moment;

pub(crate) const ISSUER: &str = "https://as.example";
pub(crate) const MTLS: &str = "https://mtls.example";
pub(crate) const DIRECTORY: &str = "https://keystore.example";
pub(crate) const CLIENT: &str = "client-1";
pub(crate) const ORGANISATION: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
pub(crate) const SOFTWARE: &str = "10120340-3318-4baf-99e2-0b56729c4ab2";
pub(crate) const OTHER_CLIENT: &str = "client-2";
pub(crate) const OTHER_ORGANISATION: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
pub(crate) const OTHER_SOFTWARE: &str = "25556d5a-b9dd-4e27-aa1a-cce732fe74de";
pub(crate) const OTHER_JWKS_URI: &str = "https://keystore.example/org2/ss2/application.jwks";
pub(crate) const CONSENT: &str = "urn:banco:C1";
pub(crate) const RECURRING: &str = "urn:banco:R1";
pub(crate) const ENROLLMENT: &str = "urn:banco:E1";
pub(crate) const CALLBACK: &str = "https://receptora.example/cb";
pub(crate) const JWKS_URI: &str = "https://keystore.example/org/ss/application.jwks";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const TICKET: &str = "secret-of-the-ticket";
pub(crate) const SUBJECT: &str = "pseudonym-1";

pub(crate) fn now() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap()
}

pub(crate) fn after(seconds: u64) -> Moment {
    now().plus(Duration::from_secs(seconds))
}
