//! Steps of the customer's way.

use serde_json::json;

use super::*;

fn device() -> Device {
    Device { platform: Platform::App, os: OperatingSystem::Ios, os_version: "18".to_owned() }
}

fn step(step: FunnelStep<'_>) -> (&'static str, Value) {
    let row = step.into_row("1".to_owned(), &consent(), &device(), noon()).unwrap();
    (row.path.strip_prefix("/report-api/v2/hybrid-flow/").unwrap(), item(&row))
}

#[test]
fn m40_each_step_has_its_path_and_exactly_its_fields() {
    let endpoint = "https://auth.banco.example/authorize";
    let common = json!({
        "consentId": "urn:banco:1", "platform": "APP", "os": "IOS", "osVersion": "18",
        "timestamp": "2026-03-01T12:00:00.000Z",
    });
    let with = |more: Value| {
        let mut item = common.as_object().unwrap().clone();
        item.extend(more.as_object().unwrap().clone());
        item.retain(|_, value| !value.is_null());
        Value::Object(item)
    };
    for (told, path, expected) in [
        (
            FunnelStep::RedirectToServer { authorization_endpoint: Some(endpoint) },
            "client/redirect-to-server",
            with(json!({"clientOrgId": "", "uriAuthorizationEndpoint": endpoint})),
        ),
        (
            FunnelStep::RedirectTarget {
                arrival: Arrival::AwaitingHandoff,
                authorization_endpoint: Some(endpoint),
            },
            "server/redirect-target",
            // The platform refuses `platform` here.
            with(json!({
                "serverOrgId": "", "platform": null, "type": "AWAITING_HANDOFF",
                "uriAuthorizationEndpoint": endpoint,
            })),
        ),
        (FunnelStep::Authenticated, "server/authenticated", with(json!({"serverOrgId": ""}))),
        (
            FunnelStep::RedirectToClient { callback: "https://r.example/cb", authorised: true },
            "server/redirect-to-client",
            with(json!({"serverOrgId": "", "uri_callback": "https://r.example/cb", "type": "AUTHORISED"})),
        ),
        (
            FunnelStep::RedirectTargetWithErrors { error: "access_denied" },
            "client/redirect-target-with-errors",
            with(json!({"clientOrgId": "", "error": "access_denied"})),
        ),
        (
            FunnelStep::RedirectTargetWithoutErrors,
            "client/redirect-target-without-errors",
            with(json!({"clientOrgId": ""})),
        ),
    ] {
        assert_eq!(step(told), (path, expected));
    }
}

#[test]
fn m40_a_refusal_goes_back_as_rejected_and_every_arrival_has_its_word() {
    let back = FunnelStep::RedirectToClient { callback: "https://r.example/cb", authorised: false };
    assert_eq!(step(back).1["type"], "REJECTED");
    for (arrival, word) in [
        (Arrival::AwaitingHandoff, "AWAITING_HANDOFF"),
        (Arrival::AwaitingUserAuth, "AWAITING_USER_AUTH"),
        (Arrival::AwaitingRedirectToApp, "AWAITING_REDIRECT_TO_APP"),
    ] {
        let arrived = step(FunnelStep::RedirectTarget { arrival, authorization_endpoint: None }).1;
        assert_eq!(arrived["type"], word);
        assert!(arrived.get("uriAuthorizationEndpoint").is_none(), "it is optional");
    }
}

#[test]
fn m40_texts_are_cut_at_200_characters_and_endpoints_at_their_parameters() {
    let long = "é".repeat(300);
    let back = step(FunnelStep::RedirectToClient { callback: &long, authorised: true }).1;
    assert_eq!(back["uri_callback"], "é".repeat(200));
    assert_eq!(step(FunnelStep::RedirectTargetWithErrors { error: &long }).1["error"], "é".repeat(200));
    let url = "https://auth.banco.example/authorize?request_uri=urn:x#f";
    let away = step(FunnelStep::RedirectToServer { authorization_endpoint: Some(url) }).1;
    assert_eq!(away["uriAuthorizationEndpoint"], "https://auth.banco.example/authorize");
}

#[test]
fn m41_the_old_names_of_the_steps_are_their_paths_only() {
    for path in FunnelStep::PATHS {
        let name = path.rsplit('/').next().unwrap();
        assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{path}");
    }
    let told = [FunnelStep::RedirectTargetWithErrors { error: "e" }, FunnelStep::RedirectTargetWithoutErrors];
    for told in told {
        assert!(!step(told).1.to_string().contains("REDIRECT_TARGET"));
    }
}

#[test]
fn m42_a_step_needs_no_step_before_it() {
    let late = step(FunnelStep::RedirectTargetWithoutErrors).1;
    let early = step(FunnelStep::RedirectToServer { authorization_endpoint: None }).1;
    assert_eq!(late, early, "nothing of a step depends on another");
}
