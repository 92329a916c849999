//! Data consents, resources, enrolments.

use super::*;

#[test]
fn m34_a_created_consent_says_for_whom_and_a_refused_one_has_no_id() {
    let consent = urn("c");
    let person =
        DataCall::CreateConsent { consent: Some(&consent), customer: &Customer::Person, linked: false };
    assert_eq!(
        sent(&person.info(&good(201))),
        json!({"consentId": "urn:banco:c", "personType": "PF", "journeyIsLinked": "FALSE"})
    );
    assert_eq!(
        sent(&person.info(&ended(422, Some("X")))),
        json!({"personType": "PF", "journeyIsLinked": "FALSE"})
    );
    let customer = company();
    let company = DataCall::CreateConsent { consent: None, customer: &customer, linked: true };
    assert_eq!(
        sent(&company.info(&good(400))),
        json!({
            "personType": "PJ", "journeyIsLinked": "TRUE",
            "companyProfileInfo": {"naturezaJuridica": "2062", "porteEmpresa": "03"},
        })
    );
}

#[test]
fn m34_reading_a_consent_says_its_status_and_other_calls_its_id() {
    let consent = urn("c");
    let read = DataCall::ReadConsent { consent: &consent, status: Some("AUTHORISED"), linked: false };
    assert_eq!(
        sent(&read.info(&good(200))),
        json!({"consentId": "urn:banco:c", "status": "AUTHORISED", "journeyIsLinked": "FALSE"})
    );
    assert!(sent(&read.info(&good(404))).get("status").is_none());
    for call in [DataCall::Consent(&consent), DataCall::Data(&consent)] {
        for status in [200, 204, 404, 504] {
            assert_eq!(sent(&call.info(&good(status))), json!({"consentId": "urn:banco:c"}), "{status}");
        }
    }
}

#[test]
fn m34_resources_are_counted_by_status_once_there_is_an_answer() {
    let consent = urn("c");
    // Each word another number of times, so that no two counts are equal.
    let words = [
        ("AVAILABLE", 2),
        ("UNAVAILABLE", 3),
        ("TEMPORARILY_UNAVAILABLE", 4),
        ("PENDING_AUTHORISATION", 5),
        ("NEW_WORD", 6),
    ];
    let statuses = words.into_iter().flat_map(|(word, times)| std::iter::repeat_n(word, times));
    let summary = StatusSummary::of(statuses);
    let call = DataCall::Resources { consent: &consent, summary: Some(summary) };
    assert_eq!(
        sent(&call.info(&good(200)))["statusSummary"],
        json!({
            "available": "2", "unavailable": "3", "temporary_unavailable": "4", "pending_authorisation": "5",
        })
    );
    assert!(sent(&call.info(&good(403))).get("statusSummary").is_none());
}

#[test]
fn m32_an_enrolment_says_its_id_unless_it_was_refused() {
    let (enrollment, data) = (urn("e"), urn("d"));
    let customer = company();
    let created = EnrollmentCall::Create {
        enrollment: Some(&enrollment),
        customer: &customer,
        journey: Some(&data),
        status: Some("AWAITING_RISK_SIGNALS"),
    };
    assert_eq!(
        sent(&created.info(&good(201))),
        json!({
            "enrollmentId": "urn:banco:e", "personType": "PJ", "status": "AWAITING_RISK_SIGNALS",
            "companyProfileInfo": {"naturezaJuridica": "2062", "porteEmpresa": "03"},
            "journeyIsLinked": "TRUE", "journeyLinkId": "urn:banco:d",
        })
    );
    let refused = sent(&created.info(&ended(422, Some("CONTA_INVALIDA"))));
    assert_eq!(refused["errorCodes"], "CONTA_INVALIDA");
    for absent in ["enrollmentId", "status", "personType"] {
        assert!(refused.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn m32_outside_an_optimised_journey_nothing_is_said_of_one() {
    let enrollment = urn("e");
    let one = |end| EnrollmentCall::One {
        enrollment: &enrollment,
        customer: &Customer::Person,
        journey: None,
        status: Some("REVOKED"),
        end,
    };
    let read = sent(&one(None).info(&good(200)));
    assert_eq!(read, json!({"enrollmentId": "urn:banco:e", "personType": "PF", "status": "REVOKED"}));
    let revoked = EnrollmentEnd::Revoked { reason: "REVOGADO_USUARIO", from: Some(Side::Iniciadora) };
    let revoked = sent(&one(Some(revoked)).info(&good(200)));
    assert_eq!(
        (&revoked["revocationReasonCode"], &revoked["cancelledFrom"]),
        (&json!("REVOGADO_USUARIO"), &json!("INICIADORA"))
    );
    let rejected = sent(&one(Some(EnrollmentEnd::Rejected("REJEITADO_OUTRO"))).info(&good(200)));
    assert_eq!(rejected["rejectionReasonCode"], "REJEITADO_OUTRO");
    assert!(
        sent(&one(Some(EnrollmentEnd::Rejected("X"))).info(&good(404))).get("rejectionReasonCode").is_none()
    );
}

#[test]
fn m32_fido_calls_say_platform_and_party_and_an_absent_attachment_is_an_empty_text() {
    let (enrollment, consent) = (urn("e"), urn("c"));
    let options =
        FidoOptions { enrollment: &enrollment, platform: FidoPlatform::CrossPlatform, rp: "pay.example" };
    assert_eq!(
        sent(&EnrollmentCall::RegistrationOptions(options).info(&good(201))),
        json!({"enrollmentId": "urn:banco:e", "platform": "CROSS_PLATFORM", "rp": "pay.example"})
    );
    let registration = |attachment| {
        sent(&EnrollmentCall::Registration { enrollment: &enrollment, attachment }.info(&good(204)))
    };
    assert_eq!(registration(None)["authenticatorAttachment"], "");
    assert_eq!(registration(Some(Attachment::CrossPlatform))["authenticatorAttachment"], "cross-platform");
    let sign = EnrollmentCall::SignOptions(options, Authorised::Recurring(&consent));
    assert_eq!(sent(&sign.info(&good(201)))["recurringConsentId"], "urn:banco:c");
    let signals = EnrollmentCall::RiskSignals(&enrollment);
    assert_eq!(sent(&signals.info(&good(204))), json!({"enrollmentId": "urn:banco:e"}));
}

#[test]
fn m32_an_authorisation_names_one_kind_of_consent() {
    let (enrollment, consent) = (urn("e"), urn("c"));
    let call = |authorised| EnrollmentCall::Authorise { enrollment: &enrollment, authorised };
    let single = call(Authorised::Consent { id: &consent, nfc: false });
    assert_eq!(
        sent(&single.info(&good(204))),
        json!({"enrollmentId": "urn:banco:e", "consentId": "urn:banco:c", "nfcPayment": "FALSE"})
    );
    let recurring = call(Authorised::Recurring(&consent));
    assert_eq!(
        sent(&recurring.info(&good(204))),
        json!({"enrollmentId": "urn:banco:e", "recurringConsentId": "urn:banco:c"})
    );
    assert!(sent(&recurring.info(&good(422))).get("recurringConsentId").is_none());
}
