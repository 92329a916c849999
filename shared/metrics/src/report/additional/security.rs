//! Calls of an authorization server: tokens and registration (M35). No other of its endpoints adds anything.

use ponte_values::ConsentId;

use super::call_end::CallEnd;
use super::info::AdditionalInfo;

/// A call of an authorization server.
#[derive(Clone, Copy, Debug)]
pub enum SecurityCall<'a> {
    /// `/token`. The token that is named is the one that was received.
    Token(Grant<'a>),
    /// POST of `/register`, PUT of `/register/{clientId}`: whether `webhook_uris` names an address.
    Register {
        /// Whether notices are wanted.
        webhooks: bool,
    },
    /// `/revocation`, `/introspection`, `/pushed-authorization-request`, reading or ending a registration.
    Other,
}

/// `grant_type`, with what the token is for; a client's own token is for nothing.
#[derive(Clone, Copy, Debug)]
pub enum Grant<'a> {
    /// The customer is back.
    AuthorizationCode(Granted<'a>),
    /// A token ran out.
    RefreshToken(Granted<'a>),
    /// The client for itself.
    ClientCredentials,
}

/// Target that the customer granted.
#[derive(Clone, Copy, Debug)]
pub enum Granted<'a> {
    /// A consent, of data or payments, recurring or not.
    Consent(&'a ConsentId),
    /// An enrolment.
    Enrollment(&'a ConsentId),
}

impl SecurityCall<'_> {
    /// The `additionalInfo` of this call.
    #[must_use]
    pub fn info(&self, ended: &CallEnd<'_>) -> AdditionalInfo {
        let mut info = AdditionalInfo::none();
        match self {
            Self::Token(grant) => {
                let (name, granted) = match grant {
                    Grant::AuthorizationCode(granted) => ("AUTHORIZATION_CODE", Some(granted)),
                    Grant::RefreshToken(granted) => ("REFRESH_TOKEN", Some(granted)),
                    Grant::ClientCredentials => ("CLIENT_CREDENTIALS", None),
                };
                info.text("grantType", name);
                // A refusal gave no token, and says nothing of what it would have been for.
                match granted.filter(|_| !ended.failed()) {
                    Some(Granted::Consent(id)) => info.text("consentId", id.as_str()),
                    Some(Granted::Enrollment(id)) => info.text("enrollmentId", id.as_str()),
                    None => {}
                }
                if ended.status == 200 {
                    info.token(ended);
                }
            }
            Self::Register { webhooks } => info.flag("webhookEnable", *webhooks),
            Self::Other => {}
        }
        info
    }
}
