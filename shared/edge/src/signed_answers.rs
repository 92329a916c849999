//! Signs the answers of rows whose API is signed (S60, S61): success and 422 leave as `application/jwt`, whatever the caller accepts;
//! every other refusal is JSON (P37).

use std::collections::BTreeMap;

use ponte_authorization::message_signer::MessageSigner;
use ponte_fapi::claims::{MessageClaims, NumericDate, SignedMessage};
use ponte_fapi::jws::JwsFault;
use ponte_refusals::Refusal;
use ponte_values::{Moment, OrganisationId};
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::context::Context;
use crate::log::report_failure;

/// Whether an answer of a signed API is signed.
pub(crate) fn is_signed(answer: &Answer) -> bool {
    matches!(answer.status(), 200..=299 | 422) && !answer.body().is_empty()
}

/// The answer as a message to the client.
pub(crate) async fn signed(
    answer: Answer,
    signer: &MessageSigner,
    context: &Context,
    client: &OrganisationId,
    now: Moment,
) -> Result<Answer, Refusal> {
    let signer = signer.at(now).await;
    let claims = MessageClaims {
        aud: client.as_str(),
        iss: context.organisation.as_str(),
        jti: &context.ids.uuid(),
        iat: NumericDate::at(u64::try_from(now.seconds()).unwrap_or(0)),
    };
    // The members as they are: `data`, `links` and `meta`, or `errors` and `meta`.
    let members: Result<BTreeMap<&str, &RawValue>, _> = serde_json::from_str(answer.body());
    let token = members.map_err(|_| JwsFault::Signing);
    let token = token.and_then(|members| SignedMessage::sign(&signer, &claims, &members));
    match token {
        Ok(token) => Ok(answer.signed(token)),
        Err(fault) => {
            report_failure("answer not signed", &fault);
            Err(Refusal::internal())
        }
    }
}
