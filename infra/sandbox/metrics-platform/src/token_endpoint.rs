//! The token server: answers over mTLS only, and only the client that the certificate belongs to (M01).

use std::sync::Arc;

use http::{Method, StatusCode};
use ponte_machine::clock;
use ponte_pki::brcac_of;
use ponte_web::{Answer, Request, Site};
use serde_json::{Value, json};

use crate::platform::Pcm;

/// The token server.
pub struct PcmAuth(pub Arc<Pcm>);

impl Site for PcmAuth {
    async fn answer(&self, request: Request) -> Answer {
        let answer = answer(&self.0, &request);
        self.0.counters().token_call(answer.status);
        answer
    }
}

/// `POST /token/`, with the slash.
pub(crate) fn answer(pcm: &Pcm, request: &Request) -> Answer {
    if request.path != "/token/" {
        return Answer::message(StatusCode::NOT_FOUND, "Not Found");
    }
    if request.method != Method::POST {
        return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    let (client, grant) = credentials(request);
    if grant.as_deref() != Some("client_credentials") {
        return refused("unsupported_grant_type", "Unsupported grant_type");
    }
    let Some(client) = client else {
        return refused("invalid_client", "Invalid client credentials");
    };
    let owner = request.certificate.as_ref().and_then(brcac_of);
    let client = client.as_str();
    let known = owner
        .filter(|(organisation, statement)| pcm.rules.members.is_client(client, organisation, statement));
    let Some((organisation, _)) = known else {
        let refusal = json!({ "statusCode": 401, "message": "ClientId is not valid to the orgId" });
        return Answer::json(StatusCode::UNAUTHORIZED, &refusal);
    };
    let Some(token) = pcm.tokens.issue(client, &organisation, clock::now()) else {
        return Answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    };
    pcm.counters().token(client);
    Answer::json(
        StatusCode::OK,
        &json!({
            "statusCode": 200, "access_token": token, "expires_in": pcm.tokens.life(), "refresh_expires_in": 0,
            "token_type": "Bearer", "not-before-policy": 0, "scope": "profile email",
        }),
    )
}

/// `client_id` and `grant_type` of a JSON body, as the manual has it, or of a form, as the API's file has it.
fn credentials(request: &Request) -> (Option<String>, Option<String>) {
    const NAMES: [&str; 2] = ["client_id", "grant_type"];
    let [client, grant] = if request.is("application/json") {
        let body: Value = request.json().unwrap_or_default();
        NAMES.map(|name| body[name].as_str().map(str::to_owned))
    } else {
        let form = std::str::from_utf8(&request.body).unwrap_or_default();
        NAMES.map(|name| Request::field(form, name))
    };
    (client, grant)
}

fn refused(error: &str, description: &str) -> Answer {
    Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error, "error_description": description }))
}
