//! What each family of calls adds, rule by rule.

use ponte_values::{ConsentId, Date, Moment, TokenId};
use serde_json::{Value, json};

use super::automatic::*;
use super::data::*;
use super::enrollments::*;
use super::payments::*;
use super::security::*;
use super::*;

mod consents;
mod payments_of_all_kinds;

fn urn(text: &str) -> ConsentId {
    ConsentId::parse(&format!("urn:banco:{text}")).unwrap()
}

fn token() -> TokenId {
    TokenId::parse("c9ng8aKzxNXm").unwrap()
}

fn company() -> Customer {
    Customer::Company(CompanyProfile::new("2062", CompanySize::Small).ok())
}

fn day() -> Date {
    Date::parse("2026-03-01").unwrap()
}

/// A call that ended with `status`, and in `error` if it failed.
fn ended(status: u16, error: Option<&str>) -> CallEnd<'_> {
    static TOKEN: std::sync::LazyLock<TokenId> = std::sync::LazyLock::new(token);
    CallEnd { status, error_code: error, token: Some(&TOKEN) }
}

fn good(status: u16) -> CallEnd<'static> {
    ended(status, None)
}

/// The object as it is sent, without the token id that every call has.
fn sent(info: &AdditionalInfo) -> Value {
    let mut info = serde_json::to_value(info).unwrap();
    if let Some(object) = info.as_object_mut() {
        object.remove("tokenId");
    }
    info
}

#[test]
fn m36_the_token_id_is_left_out_where_no_token_was_received() {
    let consent = urn("c");
    let call = DataCall::Data(&consent);
    assert_eq!(serde_json::to_value(call.info(&good(200))).unwrap()["tokenId"], "c9ng8aKzxNXm");
    let without = serde_json::to_value(call.info(&CallEnd { token: None, ..good(200) })).unwrap();
    assert!(without.get("tokenId").is_none());
    let refused = SecurityCall::Token(Grant::ClientCredentials).info(&ended(400, Some("invalid_client")));
    assert!(serde_json::to_value(refused).unwrap().get("tokenId").is_none());
}

#[test]
fn m37_an_error_has_one_code_or_an_empty_list() {
    let consent = urn("c");
    let call = PaymentCall {
        consent: &consent,
        flow: None,
        status: None,
        instrument: None,
        step: PaymentStep::Read { rejection: None, cancellation: None },
    };
    let codes =
        |ended: CallEnd<'_>| serde_json::to_value(call.info(&ended)).unwrap().get("errorCodes").cloned();
    assert_eq!(codes(ended(422, Some("SALDO_INSUFICIENTE"))), Some(json!("SALDO_INSUFICIENTE")));
    assert_eq!(codes(good(504)), Some(json!([])));
    assert_eq!(codes(good(200)), None);
}

#[test]
fn m37_the_first_code_of_an_error_body_counts() {
    for (body, code) in [
        (r#"{"errors":[{"code":"A","title":"t"},{"code":"B"}]}"#, Some("A")),
        (r#"{"error":"invalid_grant","error_description":"d"}"#, Some("invalid_grant")),
        (r#"{"errors":[]}"#, None),
        (r#"{"errors":[{"code":7}]}"#, None),
        ("<html>", None),
        ("", None),
    ] {
        assert_eq!(error_code(body.as_bytes()).as_deref(), code, "{body}");
    }
}

#[test]
fn m39_every_value_is_a_text_but_where_the_rule_says_object_or_list() {
    let (consent, enrollment) = (urn("c"), urn("e"));
    let terms = AutomaticTerms {
        amount: AmountType::Fixo,
        interval: Interval::Anual,
        minimum_amount: false,
        first_payment: true,
        retry_accepted: false,
        reference_start: day(),
    };
    let recurring = Recurring::Automatic(terms);
    let infos = [
        DataCall::CreateConsent { consent: Some(&consent), customer: &company(), linked: true }
            .info(&good(201)),
        DataCall::Resources { consent: &consent, summary: Some(StatusSummary::default()) }.info(&good(200)),
        RecurringConsentCall {
            consent: Some(&consent),
            customer: &company(),
            recurring: &recurring,
            journey: Some(&consent),
            status: Some("AUTHORISED"),
            step: RecurringConsentStep::Create(AuthorisationFlow::FidoFlow),
        }
        .info(&good(201)),
        EnrollmentCall::Authorise {
            enrollment: &enrollment,
            authorised: Authorised::Consent { id: &consent, nfc: true },
        }
        .info(&good(204)),
        SecurityCall::Register { webhooks: true }.info(&good(201)),
    ];
    for info in infos {
        for (name, value) in sent(&info).as_object().unwrap() {
            match name.as_str() {
                "companyProfileInfo" | "statusSummary" => {
                    let parts = value.as_object().unwrap().values();
                    assert!(parts.into_iter().all(Value::is_string), "{name}");
                }
                _ => assert!(value.is_string(), "{name}: {value}"),
            }
        }
    }
}

#[test]
fn m39_nothing_to_say_is_an_empty_object() {
    assert_eq!(serde_json::to_string(&AdditionalInfo::none()).unwrap(), "{}");
    assert_eq!(sent(&SecurityCall::Other.info(&good(200))), json!({}));
}

#[test]
fn m35_a_token_says_its_grant_and_what_was_granted() {
    let consent = urn("c");
    let told = |grant, end: CallEnd<'_>| serde_json::to_value(SecurityCall::Token(grant).info(&end)).unwrap();
    let granted = Granted::Consent(&consent);
    assert_eq!(
        told(Grant::AuthorizationCode(granted), good(200)),
        json!({"grantType": "AUTHORIZATION_CODE", "consentId": "urn:banco:c", "tokenId": "c9ng8aKzxNXm"})
    );
    let enrolled = told(Grant::RefreshToken(Granted::Enrollment(&consent)), good(200));
    assert_eq!(
        (&enrolled["grantType"], &enrolled["enrollmentId"]),
        (&json!("REFRESH_TOKEN"), &json!("urn:banco:c"))
    );
    assert!(enrolled.get("consentId").is_none());
    assert_eq!(
        told(Grant::ClientCredentials, good(200)),
        json!({"grantType": "CLIENT_CREDENTIALS", "tokenId": "c9ng8aKzxNXm"})
    );
    for status in [400, 401, 408, 500] {
        let refused = told(Grant::AuthorizationCode(granted), good(status));
        assert_eq!(refused, json!({"grantType": "AUTHORIZATION_CODE"}), "{status}");
    }
}

#[test]
fn m35_a_registration_says_whether_notices_are_wanted() {
    for (webhooks, word) in [(true, "TRUE"), (false, "FALSE")] {
        assert_eq!(
            sent(&SecurityCall::Register { webhooks }.info(&good(201))),
            json!({"webhookEnable": word})
        );
    }
}

#[test]
fn m30_a_company_has_a_legal_nature_of_four_digits_and_a_size_of_the_register() {
    let profile = CompanyProfile::new("2062", CompanySize::Unknown).unwrap();
    assert_eq!(
        serde_json::to_value(profile).unwrap(),
        json!({"naturezaJuridica": "2062", "porteEmpresa": "00"})
    );
    for (size, word) in [(CompanySize::Micro, "01"), (CompanySize::Small, "03"), (CompanySize::Other, "05")] {
        assert_eq!(serde_json::to_value(size).unwrap(), word);
    }
    for bad in ["", "206", "20625", "206a", "206-2"] {
        assert!(CompanyProfile::new(bad, CompanySize::Micro).is_err(), "{bad}");
    }
}
