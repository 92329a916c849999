//! Calls that were served and calls that were made.

use serde_json::json;

use super::*;

const CREATE: &str = "/open-banking/consents/v3/consents";

fn created() -> ServerReport {
    ServerReport::of(ServerFacts { endpoint: CREATE, method: "POST", status: 201, ..served() })
}

#[test]
fn m10_m12_m22_a_served_call_says_what_both_sides_say_and_nothing_else() {
    let row = ServerReport::of(served()).into_row("1".to_owned(), noon()).unwrap();
    assert_eq!(row.path, PRIVATE_REPORT);
    // It took no measurable time, and is still above zero.
    assert_eq!(
        row.body,
        format!(
            concat!(
                r#"{{"fapiInteractionId":"{}","endpoint":"/open-banking/accounts/v2/accounts","#,
                r#""statusCode":200,"httpMethod":"GET","timestamp":"2026-03-01T12:00:00.000Z","processTimespan":1,"#,
                r#""clientOrgId":"{}","serverOrgId":"{}","role":"SERVER"}}"#
            ),
            INTERACTION, OTHER, OWN
        )
    );
}

#[test]
fn m10_the_time_is_that_of_the_arrival_and_the_span_goes_to_the_answer() {
    let call =
        ServerReport::of(ServerFacts { answered: noon().plus(Duration::from_micros(1_234_900)), ..served() });
    assert_eq!((call.timestamp.as_str(), call.process_timespan), ("2026-03-01T12:00:00.000Z", 1_234));
}

#[test]
fn m10_m11_m13_a_call_that_was_made_says_what_the_client_knows() {
    assert_eq!(
        report(made()),
        json!({
            "fapiInteractionId": INTERACTION,
            "endpoint": "/open-banking/accounts/v2/accounts/{accountId}",
            "statusCode": 200,
            "httpMethod": "GET",
            "timestamp": "2026-03-01T12:00:00.000Z",
            "processTimespan": 120,
            "clientSSId": STATEMENT,
            "clientOrgId": OWN,
            "serverOrgId": OTHER,
            "endpointUriPrefix": "https://api.banco.example/",
            "role": "CLIENT",
            "additionalInfo": {},
        })
    );
}

#[test]
fn m10_only_statuses_of_200_to_599_are_reported() {
    for (status, good) in [(100, false), (199, false), (200, true), (599, true), (600, false)] {
        let call = ClientReport::of(ClientFacts { outcome: CallOutcome::Answered(status), ..made() });
        assert_eq!(call.is_ok(), good, "{status}");
        assert!(good || call == Err(ReportFault::Status));
    }
}

#[test]
fn m11_the_prefix_is_what_comes_before_open_banking() {
    let template = "/open-banking/accounts/v2/accounts";
    for (url, prefix) in [
        ("https://api.banco.example/open-banking/accounts/v2/accounts", "https://api.banco.example/"),
        (
            "https://api.banco.example/opbk/open-banking/accounts/v2/accounts?page=2",
            "https://api.banco.example/opbk",
        ),
        ("https://api.banco.example:8443/a/b/open-banking/x", "https://api.banco.example:8443/a/b"),
    ] {
        let item = report(ClientFacts { endpoint: template, url, ..made() });
        assert_eq!(item["endpointUriPrefix"], prefix, "{url}");
    }
    for url in [
        "https://api.banco.example/accounts/v2/accounts",
        "api.banco.example/open-banking/x",
        "https:///open-banking/x",
        "",
    ] {
        assert_eq!(
            ClientReport::of(ClientFacts { endpoint: template, url, ..made() }),
            Err(ReportFault::Url),
            "{url}"
        );
    }
}

#[test]
fn m11_m35_of_a_security_endpoint_the_prefix_is_the_whole_url() {
    let long = format!("https://auth.banco.example/{}", "x".repeat(300));
    for (endpoint, url, prefix) in [
        (
            "/token",
            "https://auth.banco.example/as/token.oauth2",
            "https://auth.banco.example/as/token.oauth2",
        ),
        ("/register", "https://auth.banco.example/reg?a=b#c", "https://auth.banco.example/reg"),
        ("/token", long.as_str(), &long[..200]),
    ] {
        let item = report(ClientFacts { endpoint, url, interaction: None, ..made() });
        assert_eq!(item["endpointUriPrefix"], prefix);
        assert!(item.get("fapiInteractionId").is_none());
    }
}

#[test]
fn m11_a_correlation_id_has_the_letters_and_the_length_that_are_taken() {
    let correlation =
        |text: &str| report(ClientFacts { correlation: Some(text), ..made() })["correlationId"].clone();
    assert_eq!(correlation("viagem-1/2"), "viagem-1/2");
    assert_eq!(correlation("joão;{1}"), "joo1");
    assert_eq!(correlation(&"x".repeat(101)), "x".repeat(100));
    assert_eq!(correlation("ção{}").as_str(), Some("o"));
    assert!(correlation("{}").is_null());
}

#[test]
fn m14_a_call_that_was_given_up_is_a_408_with_the_time_that_was_waited() {
    let item = report(ClientFacts { outcome: CallOutcome::GaveUp, span: client::PATIENCE, ..made() });
    assert_eq!((&item["statusCode"], &item["processTimespan"]), (&json!(408), &json!(15_000)));
    assert_eq!(item["fapiInteractionId"], INTERACTION, "it was sent, so the other side may have it");
}

#[test]
fn m15_only_security_endpoints_and_lost_answers_may_lack_an_interaction_id() {
    let without = |endpoint: &'static str, outcome: CallOutcome| {
        let url = "https://h.example/open-banking/x";
        ClientReport::of(ClientFacts { interaction: None, endpoint, url, outcome, ..made() })
    };
    let api = "/open-banking/accounts/v2/accounts";
    for status in [200, 401, 422] {
        assert_eq!(without(api, CallOutcome::Answered(status)), Err(ReportFault::Interaction), "{status}");
        assert!(without("/token", CallOutcome::Answered(status)).is_ok(), "{status}");
    }
    for lost in [CallOutcome::GaveUp, CallOutcome::Answered(500), CallOutcome::Answered(503)] {
        assert!(without(api, lost).is_ok(), "{lost:?}");
    }
    assert_eq!(without(api, CallOutcome::Answered(499)), Err(ReportFault::Interaction));
}

#[test]
fn m15_an_interaction_id_of_zeros_does_not_exist() {
    assert!(InteractionId::parse("00000000-0000-0000-0000-000000000000").is_err());
}

#[test]
fn m16_no_report_names_an_authorization_server() {
    let served = ServerReport::of(served()).into_row("1".to_owned(), noon()).unwrap();
    for body in [served.body, report(made()).to_string()] {
        assert!(!body.contains("ASId") && !body.contains("AuthorisationServer"), "{body}");
    }
}

#[test]
fn m38_a_created_consent_says_what_became_of_the_customer() {
    let row = created().dropped(DropReason::NoCredential).unwrap().into_row("1".to_owned(), noon()).unwrap();
    assert_eq!(item(&row)["additionalInfo"], json!({"dropReason": "NO_CREDENTIAL"}));
    assert!(item(&created().into_row("1".to_owned(), noon()).unwrap()).get("additionalInfo").is_none());
}

#[test]
fn m38_a_reason_is_told_once_and_only_where_somebody_was_looked_up() {
    let once = created().dropped(DropReason::None).unwrap();
    assert_eq!(once.dropped(DropReason::NoAuthority), Err(ReportFault::DropReason));
    // Refused before any look at the customer, or failed: nothing is known.
    for status in [200, 400, 401, 403, 422, 429, 500, 504] {
        let refused = ServerReport::of(ServerFacts { endpoint: CREATE, method: "POST", status, ..served() });
        assert_eq!(refused.dropped(DropReason::None), Err(ReportFault::DropReason), "{status}");
    }
    let read = ServerReport::of(ServerFacts { endpoint: CREATE, status: 201, ..served() });
    assert_eq!(read.dropped(DropReason::None), Err(ReportFault::DropReason));
}

#[test]
fn m38_the_four_ways_to_create_a_consent_tell_a_reason() {
    for endpoint in [
        CREATE,
        "/open-banking/payments/v5/consents",
        "/open-banking/automatic-payments/v2/recurring-consents",
        "/open-banking/enrollments/v2/enrollments",
    ] {
        assert!(DropReason::belongs_to(endpoint, "POST"), "{endpoint}");
        assert!(!DropReason::belongs_to(endpoint, "GET"), "{endpoint}");
    }
    for endpoint in [
        "/open-banking/consents/v3/consents/{consentId}/extends",
        "/open-banking/payments/v5/pix/payments",
        "/open-banking/enrollments/v2/enrollments/{enrollmentId}/risk-signals",
        "/open-banking/accounts/v2/accounts",
        "/open-banking/payments/v5/recurring-consents",
        "/open-banking/consents/vx/consents",
        "/open-banking/consents/v/consents",
        "/token",
    ] {
        assert!(!DropReason::belongs_to(endpoint, "POST"), "{endpoint}");
    }
}

#[test]
fn m12_a_report_that_waited_reads_back_as_it_was() {
    let row = created().into_row("1".to_owned(), noon()).unwrap();
    assert_eq!(ServerReport::read(&row.body).unwrap(), created());
    for bad in [
        row.body.replace("SERVER", "CLIENT"),
        row.body.replace(r#""statusCode""#, r#""clientSSId":"1","statusCode""#),
        "{}".to_owned(),
    ] {
        assert!(ServerReport::read(&bad).is_err(), "{bad}");
    }
}
