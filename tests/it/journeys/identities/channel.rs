//! The channel's routes: a wrong id, channel or host gets 404, and so does whoever knows the right id and nothing else (T59).

use ponte_bank::app::App;
use ponte_bank::customers::CUSTOMERS;
use ponte_machine::clock;
use ponte_web::caller::Caller;
use serde_json::{Value, json};

use super::routes::{Kind, ROUTES};
use super::{Attempt, Matrix, NOT_OF_PROTOCOL, UNAUTHENTICATED, UNKNOWN, Wanted};
use crate::journeys::steps::{device, want};

const NO_SESSION: Wanted = Wanted::Refused(404, "INVALID_SESSION");

/// Tries every identity that may not call on every route; the number of attempts.
pub(super) async fn everybody(matrix: &Matrix<'_>) -> usize {
    let client_name = matrix.stack.text("/channel/client_name");
    let public = matrix.host("public");
    let (fresh, long) = (clock::new_id(), "x".repeat(300));
    let known = matrix.waiting.interaction.clone();
    let mut tried = 0;
    for (method, template, kind) in ROUTES {
        if matches!(kind, Kind::Managed(..) | Kind::Everybody) {
            continue;
        }
        let shown = *method == "GET" && *kind == Kind::Page && template.ends_with('}');
        let no_session = if shown { Wanted::Page(404) } else { NO_SESSION };
        let path = |channel: &str, id: &str| {
            template
                .replace("{client_name}", channel)
                .replace("{interactionId}", id)
                .replace("{id}", id)
                .replace("{code}", id)
        };
        let mut attempts: Vec<(&str, &Caller, String, Wanted)> = vec![
            (
                "an id that was never given",
                &matrix.none,
                format!("{public}{}", path(client_name, &fresh)),
                no_session,
            ),
            (
                "an id that cannot be",
                &matrix.none,
                format!("{public}{}", path(client_name, &long)),
                no_session,
            ),
            (
                "a consent's id",
                &matrix.none,
                format!("{public}{}", path(client_name, &matrix.consent)),
                no_session,
            ),
        ];
        let management = format!("{}{}", matrix.host("management"), path(client_name, &known));
        attempts.push(("a system of the institution", matrix.office.0.caller(), management, Wanted::NoRoute));
        let mtls = format!("{}{}", matrix.host("mtls"), path(client_name, &known));
        let there = if *kind == Kind::Interaction { Wanted::NoRoute } else { NOT_OF_PROTOCOL };
        attempts.push(("a participant", &matrix.first, mtls, there));
        if *kind == Kind::Interaction {
            let other = format!("{public}{}", path("another-bank", &known));
            attempts.push(("another institution's channel", &matrix.none, other, UNKNOWN));
        }
        if *kind == Kind::Page {
            let opened = format!("{public}{}", path(client_name, &matrix.opened.interaction));
            attempts.push(("another browser", &matrix.none, opened, no_session));
        }
        let after = format!("{public}{}", path(client_name, &matrix.logged_in.interaction));
        let alone = format!("{public}{}", path(client_name, &matrix.logged_in.interaction[..20]));
        attempts.push(("the id of an interaction without an arrival", &matrix.none, alone, no_session));
        // A login is judged by what it says of a person; these say nothing.
        let says_who = template.ends_with("/login") || template.ends_with("/authentication");
        let stranger = if says_who { UNAUTHENTICATED } else { no_session };
        attempts.push(("a stranger after the customer's login", &matrix.none, after, stranger));
        if template.ends_with("/cancel") {
            let before = format!("{public}{}", path(client_name, &known));
            attempts.push(("a stranger before the customer's login", &matrix.none, before, no_session));
        }
        for (who, caller, url, wanted) in attempts {
            // A token and a key make nobody known who has no interaction.
            let headers = vec![
                ("accept", "application/json".to_owned()),
                ("authorization", format!("Bearer {}", matrix.customer_token)),
                ("x-api-key", matrix.app.0.key().to_owned()),
                ("cookie", format!("__Host-arrival-{}=another", &matrix.opened.interaction[..20])),
                ("x-session-secret", matrix.customer_token.chars().take(43).collect()),
            ];
            let body = (*method != "GET").then(|| body(template));
            let host = url.split('/').nth(2).unwrap_or_default().to_owned();
            let (route, call) = ((host.as_str(), *template), (*method, url));
            matrix.refuse(Attempt { who, caller, route, call, headers, body, wanted }).await;
            tried += 1;
        }
    }
    tried + strangers_signatures(matrix, &known).await + strangers_refusals(matrix, &known).await
}

/// A participant and nobody at all vouch for the customer of an interaction that is waiting.
async fn strangers_signatures(matrix: &Matrix<'_>, known: &str) -> usize {
    let app = App::of(matrix.stack.endpoints()).expect("the app is set up");
    let due = want(200, "command", app.command(known).await.expect("the loop answers")).json();
    let jti = due["authenticateCommand"]["jti"].as_str().expect("a command has a jti");
    let claims = App::claims(&CUSTOMERS[0], jti);
    let stranger = matrix.world.receiver.signer().sign(ponte_fapi::jws::TokenType::Jwt, &claims);
    let signed = app.signed(&claims);
    let (head, _) = signed.rsplit_once('.').expect("a JWT has three parts");
    let jwts = [
        stranger.expect("a participant can sign"),
        format!("{head}."),
        format!("{head}.AAAA"),
        String::new(),
    ];
    let url = format!("{}/auth/app/commands/{known}/authentication", matrix.host("public"));
    for jwt in &jwts {
        let body = Some(json!({ "jwt": jwt, "device": device() }));
        let (who, call) = ("a stranger's signature", ("PUT", url.clone()));
        let (caller, headers) = (&matrix.none, Vec::new());
        let (route, wanted) = (("public", "a signature"), UNAUTHENTICATED);
        matrix.refuse(Attempt { who, caller, route, call, headers, body, wanted }).await;
    }
    jwts.len()
}

/// Nobody refuses in the customer's place, before a login or after it.
async fn strangers_refusals(matrix: &Matrix<'_>, known: &str) -> usize {
    let ids = [known, &matrix.logged_in.interaction];
    for (id, step) in ids.iter().flat_map(|id| [(id, "authentication"), (id, "consent")]) {
        let url = format!("{}/auth/app/commands/{id}/{step}", matrix.host("public"));
        let body = Some(json!({ "refused": true, "device": device() }));
        let (who, call, headers) = ("a stranger's no", ("PUT", url), Vec::new());
        let (caller, route, wanted) = (&matrix.none, ("public", step), NO_SESSION);
        matrix.refuse(Attempt { who, caller, route, call, headers, body, wanted }).await;
    }
    2 * ids.len()
}

/// A body with nothing wrong in it.
fn body(template: &str) -> Value {
    let device = json!(device());
    match template.rsplit('/').next() {
        Some("login") => json!({ "accessToken": "x", "device": device }),
        Some("cancel") => json!({ "device": device }),
        Some("finish" | "abort") => json!({}),
        Some("authentication") => json!({ "jwt": "a.b.c", "device": device }),
        Some("consent") if template.starts_with("/auth/") => {
            json!({ "selectedResources": [], "device": device })
        }
        Some("consent") => json!({ "partialApproval": false, "device": device }),
        other => panic!("no body for {other:?}"),
    }
}
