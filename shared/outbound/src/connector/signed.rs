//! The claims around a request and its answer, and the signatures of both.

use std::time::Duration;

use ponte_fapi::claims::NumericDate;
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, JwsFault, Policy, Signer, TokenType};
use ponte_values::Moment;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Difference granted between an `iat` and our clock (S62), and between the connector's clock and ours.
const TOLERANCE: Duration = Duration::from_mins(1);

/// The claims of a request.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RequestClaims {
    pub(super) iss: String,
    pub(super) aud: String,
    iat: NumericDate,
    exp: NumericDate,
    pub(super) jti: String,
}

/// What an answer says, once it is known to be one.
#[derive(Debug)]
pub(super) enum Said {
    /// `data`; none where there is nothing to say.
    Data(Option<Box<RawValue>>),
    /// The first of `errors`.
    Error {
        /// Its code.
        code: String,
        /// In words.
        detail: String,
    },
}

/// Why an answer is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AnswerFault {
    /// Shape, header or signature.
    #[error("the answer is not signed as it must be: {0}")]
    Signature(#[from] JwsFault),
    /// The key set has no such key.
    #[error("the answer is signed by a key that nobody knows")]
    UnknownKey,
    /// It is an answer to something else, for somebody else, or of another time.
    #[error("the answer's {0} is not that of an answer to this request")]
    Claim(&'static str),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerClaims {
    iss: String,
    aud: String,
    iat: NumericDate,
    in_reply_to: String,
    #[serde(default)]
    data: Option<Box<RawValue>>,
    #[serde(default)]
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    code: String,
    #[serde(default)]
    detail: String,
}

impl RequestClaims {
    /// Claims of a request of `iss` to `aud`, good until `until` and what clocks differ besides.
    pub(super) fn new(iss: String, aud: String, jti: String, (now, until): (Moment, Moment)) -> Self {
        Self { iss, aud, iat: date(now), exp: date(until.plus(TOLERANCE)), jti }
    }

    /// The request, signed with these claims beside the members of its body.
    pub(super) fn sign<T: Serialize>(&self, signer: &Signer, body: &T) -> Result<String, JwsFault> {
        #[derive(Serialize)]
        struct Claims<'a, T> {
            #[serde(flatten)]
            claims: &'a RequestClaims,
            #[serde(flatten)]
            body: &'a T,
        }
        signer.sign(TokenType::Jwt, &Claims { claims: self, body })
    }

    /// What the answer to this request says, if `token` is one.
    pub(super) fn open(&self, token: &[u8], keys: &KeySet, now: Moment) -> Result<Said, AnswerFault> {
        let token = std::str::from_utf8(token).map_err(|_| JwsFault::Malformed)?;
        let compact = CompactJws::parse(token.trim(), &Policy::SIGNED_MESSAGE)?;
        let key = keys.signature_key(compact.kid()).ok_or(AnswerFault::UnknownKey)?;
        self.check(compact.verify::<AnswerClaims>(key)?, now)
    }

    fn check(&self, claims: AnswerClaims, now: Moment) -> Result<Said, AnswerFault> {
        if claims.iss != self.aud {
            return Err(AnswerFault::Claim("iss"));
        }
        if claims.aud != self.iss {
            return Err(AnswerFault::Claim("aud"));
        }
        if !claims.in_reply_to.eq_ignore_ascii_case(&self.jti) {
            return Err(AnswerFault::Claim("inReplyTo"));
        }
        if claims.iat.seconds().abs_diff(date(now).seconds()) > TOLERANCE.as_secs() {
            return Err(AnswerFault::Claim("iat"));
        }
        Ok(match claims.errors.into_iter().next() {
            None => Said::Data(claims.data),
            Some(Fault { code, detail }) => Said::Error { code, detail },
        })
    }
}

fn date(moment: Moment) -> NumericDate {
    NumericDate::at(u64::try_from(moment.seconds()).unwrap_or(0))
}
