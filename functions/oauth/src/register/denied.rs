//! Refusals of a registration: RFC 7591 section 3.2.2 for its contents, RFC 6750 section 3.1 for its sender.

use std::borrow::Cow;
use std::error::Error as _;
use std::time::Duration;

use ponte_edge::{Answer, Refusal, RevocationFault};
use ponte_fapi::dcr::{RegistrationError, RegistrationFault};
use ponte_ports::{CommitFault, PortError, Unavailable};

use crate::fault::{Fault, OAuthError, as_protocol, body, not_verified};

/// A refusal, which ends an operation early.
#[derive(Debug)]
pub(super) enum Denied {
    /// The registration breaks a rule: 400 with its code (S90).
    Registration(RegistrationFault),
    /// The directory has no key set at the `software_jwks_uri`, or nothing that is one: 400 with the reason (S82).
    Keys(PortError),
    /// The certificate or the token is not the right one: 401. One text for an unknown client, another client's token
    /// and a wrong one, so that nobody learns which clients there are.
    Credential(Cow<'static, str>),
    /// No certificate or no token came: 401 with a challenge that names no error (RFC 6750 section 3.1), and the same text.
    Missing(Cow<'static, str>),
    /// Keys that the registration is judged with cannot be had now.
    Unavailable(Unavailable),
    /// Its organisation has registered, or its client replaced it, as often as it may in this hour: 429 with these words, until the
    /// hour is over (T60).
    TooMany(&'static str, Duration),
    /// Others changed the registration at every try: 503.
    Busy,
    /// Nobody can say whether the certificate is revoked: 503 (T41).
    NotVerified,
    /// Something of ours broke.
    Refused(Refusal),
}

/// How often a change is decided again because somebody else changed the registration in between. At each try one of
/// them is done.
pub(super) const ATTEMPTS: u8 = 16;

/// The description for every caller whose certificate or token is not that of the registration.
const NOT_THIS_REGISTRATION: &str = "client certificate or registration_access_token not accepted";

impl Denied {
    pub(super) fn not_this_registration() -> Self {
        Self::Credential(NOT_THIS_REGISTRATION.into())
    }

    pub(super) fn without_token() -> Self {
        Self::Missing(NOT_THIS_REGISTRATION.into())
    }

    /// The answer of a handler.
    pub(super) fn into_outcome(self) -> Result<Answer, Refusal> {
        match self {
            Self::Registration(fault) => Ok(body(400, fault.error().as_str(), &fault.to_string())),
            Self::Keys(fault) => {
                // The reason is one of ours; nothing that the directory said is in it.
                let why = fault.source().map(|why| format!(": {why}")).unwrap_or_default();
                let error = RegistrationError::InvalidClientMetadata.as_str();
                Ok(body(400, error, &format!("the key set at jwks_uri cannot be read{why}")))
            }
            Self::Credential(description) => Ok(body(401, "invalid_token", &description)
                .header("www-authenticate", r#"Bearer error="invalid_token""#.to_owned())),
            Self::Missing(description) => {
                let answer = body(401, "invalid_token", &description);
                Ok(answer.header("www-authenticate", "Bearer".to_owned()))
            }
            Self::Unavailable(fault) => Fault::from(fault).into_outcome(),
            // RFC 7591 has no word for it, RFC 6749 section 4.1.2.1 has.
            Self::TooMany(words, wait) => {
                Ok(body(429, "temporarily_unavailable", words)
                    .header("retry-after", wait.as_secs().to_string()))
            }
            Self::Busy => {
                Ok(OAuthError::temporarily_unavailable("the registration is being changed elsewhere")
                    .into_answer())
            }
            Self::NotVerified => Ok(not_verified()),
            Self::Refused(refusal) => Err(as_protocol(refusal)),
        }
    }
}

impl From<RevocationFault> for Denied {
    fn from(fault: RevocationFault) -> Self {
        match fault {
            RevocationFault::Revoked => Self::not_this_registration(),
            RevocationFault::NotKnown => Self::NotVerified,
        }
    }
}

impl From<RegistrationFault> for Denied {
    fn from(fault: RegistrationFault) -> Self {
        Self::Registration(fault)
    }
}

impl From<Unavailable> for Denied {
    fn from(fault: Unavailable) -> Self {
        Self::Unavailable(fault)
    }
}

impl From<PortError> for Denied {
    fn from(error: PortError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<CommitFault> for Denied {
    fn from(fault: CommitFault) -> Self {
        Self::Refused(fault.into())
    }
}
