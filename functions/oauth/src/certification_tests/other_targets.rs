//! Recurring consents, enrolments and the optimised journey: S13, S50, S51, and the level of authentication, S15.

use ponte_authorization::interaction::Assurance;
use ponte_authorization::target::TargetStatus;
use ponte_fapi::secret;
use ponte_values::TargetKind;
use serde_json::json;

use crate::testing::{
    CONSENT, ENROLLMENT, RECURRING, SUBJECT, TICKET, World, claims_of, fragment, id_token_claims, now,
    outcome,
};

use super::*;

fn authorised() -> TargetStatus {
    TargetStatus::Authorised { subject: SUBJECT.to_owned() }
}

fn scope(text: &str) -> Value {
    request_with("scope", json!(text))
}

/// The tokens for one target that is not a data consent.
async fn tokens(world: &World, kind: TargetKind, id: &str) -> Value {
    world.set_target(kind, id, TargetStatus::Awaiting);
    let interaction = world.interaction_with(&scope(&format!("openid accounts {}:{id}", kind.scope()))).await;
    world.set_target(kind, id, authorised());
    world.say_yes(&interaction, Assurance::Loa2);
    let answer = world.come_back(&interaction, now()).await;
    let code = fragment(&answer).remove("code").unwrap();
    let (status, body) = world.redeem(&code, now()).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn refreshed(world: &World, token: &str) -> (u16, Value) {
    world.token(&[("grant_type", "refresh_token"), ("refresh_token", token)], now()).await
}

#[tokio::test]
async fn s50_recurring_consents_and_enrolments_have_scopes_of_their_own() {
    for (kind, id) in [(TargetKind::RecurringConsent, RECURRING), (TargetKind::Enrollment, ENROLLMENT)] {
        let world = World::new();
        let body = tokens(&world, kind, id).await;
        let claims = claims_of(body["access_token"].as_str().unwrap());
        assert_eq!(claims["scope"], format!("openid accounts {}:{id}", kind.scope()));
        assert!(claims.get("consent_id").is_none(), "no data consent stands behind it");
        let token = body["refresh_token"].as_str().unwrap();
        assert_eq!(refreshed(&world, token).await.0, 200);
        world.set_target(kind, id, TargetStatus::Ended);
        assert_eq!(refreshed(&world, token).await.1["error"], "invalid_grant", "S12");
    }
}

#[tokio::test]
async fn s50_a_target_must_exist_be_the_clients_and_wait() {
    let world = World::new();
    let refused = async |text: &str| {
        let (status, body) = world.par(&scope(text)).await;
        (status, body["error"].as_str().unwrap_or_default().to_owned())
    };
    for text in [
        format!("openid recurring-consent:{RECURRING}"),
        format!("openid enrollment:{ENROLLMENT}"),
        format!("openid recurring-consent:{CONSENT}"),
        format!("openid enrollment:{CONSENT}"),
        "openid consent:C1".to_owned(),
        "openid consent:urn:-:C1".to_owned(),
        format!("openid consent:urn:banco:{}", "c".repeat(300)),
        "openid accounts".to_owned(),
        format!("accounts consent:{CONSENT}"),
    ] {
        assert_eq!(refused(&text).await, (400, "invalid_scope".to_owned()), "{text}");
    }
    for status in [authorised(), TargetStatus::Ended] {
        world.set_target(TargetKind::Enrollment, ENROLLMENT, status);
        let text = format!("openid enrollment:{ENROLLMENT}");
        assert_eq!(refused(&text).await, (400, "invalid_request".to_owned()));
    }
}

#[tokio::test]
async fn s51_one_dynamic_scope_or_two_of_the_optimised_journey() {
    let world = World::new();
    for kind in [TargetKind::RecurringConsent, TargetKind::Enrollment] {
        for id in [RECURRING, ENROLLMENT] {
            world.set_target(kind, id, TargetStatus::Awaiting);
        }
    }
    for (text, status) in [
        (format!("openid consent:{CONSENT} recurring-consent:{RECURRING}"), 201),
        (format!("openid enrollment:{ENROLLMENT} consent:{CONSENT}"), 201),
        (format!("openid consent:{CONSENT} consent:urn:banco:C2"), 400),
        (format!("openid enrollment:{ENROLLMENT} recurring-consent:{RECURRING}"), 400),
        (format!("openid consent:{CONSENT} enrollment:{ENROLLMENT} recurring-consent:{RECURRING}"), 400),
        (format!("openid consent:urn:banco:C9 recurring-consent:{RECURRING}"), 400),
    ] {
        assert_eq!(world.par(&scope(&text)).await.0, status, "{text}");
    }
}

#[tokio::test]
async fn s13_s51_one_token_for_both_consents_is_refreshed_while_one_is_in_force() {
    let world = World::new();
    let (access, refresh) = world.linked_tokens().await;
    let claims = claims_of(&access);
    let both = format!("openid accounts consent:{CONSENT} recurring-consent:{RECURRING}");
    assert_eq!((&claims["scope"], &claims["consent_id"]), (&json!(both), &json!(CONSENT)));
    world.set_target(TargetKind::RecurringConsent, RECURRING, TargetStatus::Ended);
    assert_eq!(refreshed(&world, &refresh).await.1["scope"], both, "the data consent is left");
    world.set_target(TargetKind::RecurringConsent, RECURRING, authorised());
    world.revoke_consent();
    assert_eq!(refreshed(&world, &refresh).await.0, 200, "the recurring consent is left");
    world.set_target(TargetKind::RecurringConsent, RECURRING, TargetStatus::Ended);
    let (status, body) = refreshed(&world, &refresh).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")), "nothing is left");
}

#[tokio::test]
async fn s12_s51_both_consents_are_authorised_before_there_is_a_code() {
    for missing in [TargetKind::Consent, TargetKind::RecurringConsent] {
        let world = World::new();
        world.set_target(TargetKind::RecurringConsent, RECURRING, TargetStatus::Awaiting);
        let text = format!("openid consent:{CONSENT} recurring-consent:{RECURRING}");
        let interaction = world.interaction_with(&scope(&text)).await;
        if missing == TargetKind::Consent {
            world.set_target(TargetKind::RecurringConsent, RECURRING, authorised());
        } else {
            world.authorise_consent();
        }
        world.say_yes(&interaction, Assurance::Loa2);
        let back = fragment(&world.come_back(&interaction, now()).await);
        assert_eq!(back["error"], "access_denied", "{missing:?}");
        assert!(world.memory.codes.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn s20_s51_a_no_to_linked_consents_is_access_denied() {
    let world = World::new();
    world.set_target(TargetKind::RecurringConsent, RECURRING, TargetStatus::Awaiting);
    let text = format!("openid consent:{CONSENT} recurring-consent:{RECURRING}");
    let interaction = world.interaction_with(&scope(&text)).await;
    world.change_interaction(&interaction, |interaction| {
        interaction.deny(secret::hash(TICKET), now()).unwrap()
    });
    let back = fragment(&world.come_back(&interaction, now()).await);
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "state-1"));
}

#[tokio::test]
async fn s51_an_interaction_does_not_begin_when_one_of_two_no_longer_waits() {
    let world = World::new();
    world.set_target(TargetKind::RecurringConsent, RECURRING, TargetStatus::Awaiting);
    let text = format!("openid consent:{CONSENT} recurring-consent:{RECURRING}");
    let (_, body) = world.par(&scope(&text)).await;
    let request_uri = body["request_uri"].as_str().unwrap();
    world.set_target(TargetKind::RecurringConsent, RECURRING, TargetStatus::Ended);
    let back = fragment(&world.opened(request_uri, None, now()).await);
    assert_eq!(back["error"], "access_denied");
}

#[tokio::test]
async fn s50_a_client_in_its_own_name_has_no_dynamic_scope() {
    let world = World::new();
    for text in [
        format!("consents consent:{CONSENT}"),
        format!("recurring-consent:{RECURRING}"),
        format!("enrollment:{ENROLLMENT}"),
        "payments".to_owned(),
        "recurring-payments".to_owned(),
        "nrp-consents".to_owned(),
    ] {
        let parameters = [("grant_type", "client_credentials"), ("scope", text.as_str())];
        let (status, body) = world.token(&parameters, now()).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_scope")), "{text}");
    }
}

#[tokio::test]
async fn s15_the_level_reached_is_in_the_id_token_and_an_essential_one_is_demanded() {
    let (loa2, loa3) = ("urn:brasil:openbanking:loa2", "urn:brasil:openbanking:loa3");
    let acr = |member: Value| request_with("claims", json!({ "id_token": { "acr": member } }));
    let strong = acr(json!({ "essential": true, "values": [loa3] }));
    let (status, body) = World::new().par(&strong).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")), "not promised");

    let world = World::promising(Assurance::Loa3);
    for (request, required, reached) in [
        (strong, Assurance::Loa3, Assurance::Loa3),
        (acr(json!({ "essential": true, "values": [loa3, loa2] })), Assurance::Loa2, Assurance::Loa2),
        (acr(json!({ "value": loa3 })), Assurance::Loa2, Assurance::Loa2),
        (acr(json!({ "essential": true })), Assurance::Loa2, Assurance::Loa3),
    ] {
        world.create_consent(crate::testing::CLIENT);
        let interaction = world.interaction_with(&request).await;
        assert_eq!(world.memory.store.interactions.lock().unwrap()[&interaction].assurance, required);
        world.authorise_consent();
        world.say_yes(&interaction, reached);
        let answer = world.come_back(&interaction, now()).await;
        let claims = id_token_claims(&fragment(&answer)["id_token"]);
        assert_eq!(claims["acr"], reached.acr());
    }
    let (_, body) = outcome(&ponte_edge::Answer::json(200, world.public.site.discovery().to_owned()));
    assert_eq!(body["acr_values_supported"], json!([loa2, loa3]));
}
