//! Other institutions, called as a client. Every call that was made is reported (M11).

use std::fmt;

use async_trait::async_trait;
use ponte_values::{InteractionId, Invalid, OrganisationId, SecretText, TokenId};

use crate::report::AdditionalInfo;
use crate::report::additional::CallEnd;
use ponte_ports::PortError;

/// Builds the `additionalInfo` of a call from its end; the response is `None` if the call was given up.
pub type InfoBuilder<'a> =
    dyn Fn(&CallEnd<'_>, Option<&ParticipantResponse>) -> AdditionalInfo + Send + Sync + 'a;

/// A call to another institution.
pub struct OutgoingCall<'a> {
    /// Template of the accepted list (M13).
    pub endpoint: &'a str,
    /// Method.
    pub method: &'a str,
    /// URL of the call.
    pub url: &'a str,
    /// Organisation of the server.
    pub server: &'a OrganisationId,
    /// `x-fapi-interaction-id` that is sent; `None` where the endpoint has none (M15).
    pub interaction: Option<InteractionId>,
    /// Bearer token that is sent.
    pub token: Option<&'a SecretText>,
    /// Other headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// Body.
    pub body: Option<Vec<u8>>,
    /// Correlation id of the calls of a journey in the reports (M11).
    pub correlation: Option<&'a str>,
    /// Builder of its `additionalInfo` (M30 to M37).
    pub info: &'a InfoBuilder<'a>,
}

/// The response of another institution. No `Debug`: it may hold tokens and data of people.
#[derive(Clone, PartialEq, Eq)]
pub struct ParticipantResponse {
    /// Status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// The reason why a call has no response.
#[derive(Debug)]
pub enum CallFault {
    /// The call was not made: nobody was reached. Nothing to report, and safe to repeat.
    Unreachable(PortError),
    /// No answer came in time (reported as 408, M14). Whether the call had an effect is unknown.
    GaveUp,
    /// The connection broke, or the answer is not readable. Whether the call had an effect is unknown.
    Broken(PortError),
}

/// Other institutions.
#[async_trait]
pub trait Participants: Send + Sync {
    /// Makes a call and leaves its report in the outbox. Redirects are answers.
    async fn send(&self, call: OutgoingCall<'_>) -> Result<ParticipantResponse, CallFault>;
    /// The id of a token in reports (M36), for the report of the call that received it.
    fn token_id(&self, token: &str) -> Result<TokenId, Invalid>;
}

impl ParticipantResponse {
    /// Value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for CallFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(_) => f.write_str("the other institution was not reached"),
            Self::GaveUp => f.write_str("the other institution did not answer in time"),
            Self::Broken(_) => f.write_str("the answer of the other institution is not readable"),
        }
    }
}

impl std::error::Error for CallFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreachable(error) | Self::Broken(error) => Some(error),
            Self::GaveUp => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn a_header_is_found_by_its_name() {
        let headers = [("content-type", "application/json"), ("retry-after", "7")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let response = ParticipantResponse { status: 200, headers: headers.to_vec(), body: Vec::new() };
        assert_eq!(response.header("retry-after"), Some("7"));
        assert_eq!(response.header("content-type"), Some("application/json"));
        assert_eq!(response.header("location"), None);
    }

    #[test]
    fn m14_a_call_without_a_response_says_whether_it_was_made_and_keeps_its_cause() {
        let cause = || PortError::new("participant", "connection reset");
        for (fault, text, caused) in [
            (CallFault::Unreachable(cause()), "the other institution was not reached", true),
            (CallFault::GaveUp, "the other institution did not answer in time", false),
            (CallFault::Broken(cause()), "the answer of the other institution is not readable", true),
        ] {
            assert_eq!(fault.to_string(), text);
            assert_eq!(fault.source().map(ToString::to_string), caused.then(|| cause().to_string()));
        }
    }
}
