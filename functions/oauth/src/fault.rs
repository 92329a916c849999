//! Protocol errors with the body of RFC 6749 section 5.2, and the way out for everything else.

use std::borrow::Cow;
use std::error::Error;

use ponte_edge::{Answer, BlockListUnread, Refusal, RevocationFault};
use ponte_fapi::dcr::RegistrationError;
use ponte_ports::{CommitFault, PortError, Unavailable, chain};
use ponte_values::Moment;
use serde::Serialize;

use crate::paths::REGISTER;

/// `error` of RFC 6749 sections 4.1.2.1 and 5.2 (`temporarily_unavailable` also where 5.2 has no word for it), RFC 7009
/// section 2.2.1, RFC 9101 section 7 and OpenID Connect Core section 3.1.2.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    InvalidScope,
    InvalidRequestObject,
    InteractionRequired,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedResponseType,
    UnsupportedTokenType,
    TemporarilyUnavailable,
    ServerError,
}

/// Seconds until the same request may succeed, for `Retry-After`.
const RETRY_AFTER: &str = "5";

impl ErrorCode {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InteractionRequired => "interaction_required",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }

    fn status(self) -> u16 {
        match self {
            Self::InvalidClient => 401,
            Self::TemporarilyUnavailable => 503,
            Self::ServerError => 500,
            _ => 400,
        }
    }
}

/// A request that breaks the protocol. The description tells the developer why and repeats nothing that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) code: ErrorCode,
    pub(crate) description: Cow<'static, str>,
}

impl OAuthError {
    pub(crate) fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, description: description.into() }
    }

    pub(crate) fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    pub(crate) fn invalid_client(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidClient, description)
    }

    pub(crate) fn invalid_grant(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidGrant, description)
    }

    pub(crate) fn invalid_scope(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidScope, description)
    }

    /// What the client did not register (RFC 7591 section 2).
    pub(crate) fn unauthorized_client(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::UnauthorizedClient, description)
    }

    /// 503 with `Retry-After`: the same request may succeed in some seconds.
    pub(crate) fn temporarily_unavailable(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::TemporarilyUnavailable, description)
    }

    /// One answer for a client that does not exist, one that is shut out (T60), one of another certificate and one whose
    /// certificate is revoked (T41): strangers learn nothing of clients.
    pub(crate) fn unknown_client() -> Self {
        Self::invalid_client("client unknown, or not of this certificate")
    }

    pub(crate) fn into_answer(self) -> Answer {
        self.retried_after(RETRY_AFTER)
    }

    /// The answer; `Retry-After` says these seconds where another try makes sense.
    fn retried_after(self, seconds: &str) -> Answer {
        let answer = body(self.code.status(), self.code.as_str(), &self.description);
        match self.code {
            ErrorCode::TemporarilyUnavailable => answer.header("retry-after", seconds.to_owned()),
            ErrorCode::InvalidClient => answer.header("www-authenticate", "Bearer".to_owned()),
            _ => answer,
        }
    }
}

/// An answer with the body of RFC 6749 section 5.2.
pub(crate) fn body(status: u16, error: &str, description: &str) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        error: &'a str,
        error_description: &'a str,
    }
    let body = Body { error, error_description: description };
    // Strings alone cannot fail to serialise.
    Answer::json(status, serde_json::to_string(&body).unwrap_or_default())
}

/// The answer to a call that no handler answered: RFC 6749 section 5.2 has no other body. Registration has codes of its own (RFC 7591
/// section 3.2.2). Logs the inner cause, once.
pub(crate) fn refused(refusal: Refusal, _: Moment, route: &'static str) -> Answer {
    let refusal = as_protocol(refusal);
    if let Some(cause) = refusal.cause() {
        tracing::error!(chain = chain(cause), "port failed");
    }
    let status = refusal.status();
    let (code, description) = match status {
        404 => (ErrorCode::InvalidRequest, "there is no such endpoint"),
        405 => (ErrorCode::InvalidRequest, "the endpoint does not take this method"),
        415 => (ErrorCode::InvalidRequest, "the endpoint takes another content type, and no compressed body"),
        409 | 429 | 503 | 504 => {
            (ErrorCode::TemporarilyUnavailable, "the request cannot be served at the moment")
        }
        400 if route.starts_with(REGISTER) => {
            return body(
                status,
                RegistrationError::InvalidClientMetadata.as_str(),
                "the request cannot be read",
            )
            .with_headers_of(&refusal);
        }
        400..=499 => (ErrorCode::InvalidRequest, "the request cannot be read"),
        _ => (ErrorCode::ServerError, "something of the server broke"),
    };
    body(status, code.as_str(), description).with_headers_of(&refusal)
}

/// A fault, which ends an operation early.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The client broke the protocol.
    Protocol(OAuthError),
    /// Something that the request needs cannot be had now.
    Unavailable(Unavailable),
    /// Nobody can say whether the client's certificate is revoked (T41).
    NotVerified,
    /// Something of ours broke.
    Refused(Refusal),
}

impl Fault {
    /// A key of ours did not sign or encrypt: the caller can do nothing about it.
    pub(crate) fn of_our_keys(fault: impl Error + Send + Sync + 'static) -> Self {
        PortError::new("keys of the authorization server", fault).into()
    }

    /// The answer of a handler.
    pub(crate) fn into_outcome(self) -> Result<Answer, Refusal> {
        match self {
            Self::Protocol(error) => Ok(error.into_answer()),
            Self::Unavailable(fault) => Ok(unavailable(&fault)),
            Self::NotVerified => Ok(not_verified()),
            Self::Refused(refusal) => Err(as_protocol(refusal)),
        }
    }
}

/// 503 with the error that RFC 6749 section 4.1.2.1 has for it. Logs the cause, once.
fn unavailable(fault: &Unavailable) -> Answer {
    tracing::error!(chain = chain(&fault.cause), "port failed");
    let error = OAuthError::new(
        ErrorCode::TemporarilyUnavailable,
        "the keys of the sender cannot be fetched from the directory now",
    );
    error.retried_after(&fault.retry_after().to_string())
}

/// 503 when nobody can say whether the client's certificate is revoked. Nobody is asked again before the wait is over.
pub(crate) fn not_verified() -> Answer {
    OAuthError::temporarily_unavailable("client certificate not verified for now")
        .retried_after(&RevocationFault::WAIT.as_secs().to_string())
}

impl From<Unavailable> for Fault {
    fn from(fault: Unavailable) -> Self {
        Self::Unavailable(fault)
    }
}

/// A refusal with a status that OAuth clients know: overload is 503 with `Retry-After`, which RFC 9110 has, 529 is none of
/// theirs.
pub(crate) fn as_protocol(refusal: Refusal) -> Refusal {
    refusal.within(&[500, 503, 504])
}

impl From<OAuthError> for Fault {
    fn from(error: OAuthError) -> Self {
        Self::Protocol(error)
    }
}

/// A revoked certificate gets the answer of a stranger (T41).
impl From<RevocationFault> for Fault {
    fn from(fault: RevocationFault) -> Self {
        match fault {
            RevocationFault::Revoked => OAuthError::unknown_client().into(),
            RevocationFault::NotKnown => Self::NotVerified,
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Nobody knows who is shut out (T60): better no answer than one about a token that opens nothing.
impl From<BlockListUnread> for Fault {
    fn from(_: BlockListUnread) -> Self {
        OAuthError::temporarily_unavailable("tokens cannot be judged at the moment").into()
    }
}

impl From<PortError> for Fault {
    fn from(error: PortError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<CommitFault> for Fault {
    fn from(fault: CommitFault) -> Self {
        Self::Refused(fault.into())
    }
}

#[cfg(test)]
mod tests {
    use ponte_edge::MalformedRequest;

    use super::*;

    #[test]
    fn t63_overload_of_the_store_is_503_with_the_wait() {
        let busy = PortError::overloaded("grants table", "ThrottlingException");
        let Err(refusal) = Fault::from(busy).into_outcome() else { panic!("answered") };
        assert_eq!((refusal.status(), refusal.retry_after()), (503, Some(2)));
        let Err(refusal) = Fault::from(CommitFault::Conflict).into_outcome() else { panic!("answered") };
        assert_eq!(refusal.status(), 409);
    }

    #[test]
    fn rfc6749_what_no_handler_answers_has_the_body_of_a_protocol_error_too() {
        let port = || PortError::new("grants table", "down");
        for (refusal, status, error) in [
            (Refusal::no_route(), 404, "invalid_request"),
            (Refusal::no_method(&["POST"]), 405, "invalid_request"),
            (Refusal::unsupported_type(), 415, "invalid_request"),
            (Refusal::unsupported_coding(), 415, "invalid_request"),
            (MalformedRequest::Body.into(), 400, "invalid_request"),
            (CommitFault::Conflict.into(), 409, "temporarily_unavailable"),
            (Refusal::overloaded(), 503, "temporarily_unavailable"),
            (PortError::timeout("grants table", "8 s").into(), 504, "temporarily_unavailable"),
            (port().into(), 500, "server_error"),
            (Refusal::answer_too_large(), 500, "server_error"),
        ] {
            let answer = refused(refusal, Moment::from_seconds(0), "/auth/token");
            let body: serde_json::Value = serde_json::from_str(answer.body()).unwrap();
            assert_eq!((answer.status(), &body["error"]), (status, &error.into()));
            assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
            let description = body["error_description"].as_str().unwrap();
            let allowed = |byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            assert!(description.bytes().all(allowed), "appendix A.8: {description}");
        }
        let header = |refusal, name: &str| {
            refused(refusal, Moment::from_seconds(0), "/auth/token").header_value(name).map(str::to_owned)
        };
        assert_eq!(header(Refusal::no_method(&["POST"]), "allow").as_deref(), Some("POST"));
        assert_eq!(header(Refusal::unsupported_coding(), "accept-encoding").as_deref(), Some("identity"));
        assert_eq!(header(Refusal::overloaded(), "retry-after").as_deref(), Some("2"));
    }

    #[test]
    fn bodies_and_statuses_are_those_of_rfc6749() {
        let answer = OAuthError::invalid_client("client certificate missing").into_answer();
        assert_eq!((answer.status(), answer.header_value("www-authenticate")), (401, Some("Bearer")));
        assert_eq!(
            answer.body(),
            r#"{"error":"invalid_client","error_description":"client certificate missing"}"#
        );
        assert_eq!(OAuthError::invalid_grant("x").into_answer().status(), 400);
        let busy = OAuthError::temporarily_unavailable("x").into_answer();
        assert_eq!((busy.status(), busy.header_value("retry-after")), (503, Some("5")));
    }
}
