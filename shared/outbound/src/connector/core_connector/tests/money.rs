//! Whether money may have moved: what surely did not arrive may be sent again, and nothing else.

use super::example::{debtor, errors, told};
use super::*;
use crate::connector::{ANSWERS, AnswerSays, CODES};

const LONG: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_payment_goes_out_once_under_its_own_id_with_a_last_moment() {
    let stub = core(|request| answer(request, 201, &told(request, "ACPD"))).await;
    let report = pay(&connector(&stub), LONG).await.unwrap();
    assert_eq!(report.status, CoreStatus::Settling);
    assert_eq!(report.core_id.unwrap().as_str(), r#"[{"key":"pix","value":"1"}]"#);
    let sent = claims_of(&stub.bodies()[0]);
    assert_eq!(sent["aud"], format!("{}/payments", stub.url()));
    assert_eq!((&sent["iss"], &sent["requestMeta"]["brandId"]), (&json!("banco"), &json!("banco")));
    assert_eq!(sent["idempotencyKey"], example().payment.id.as_str());
    assert_eq!(sent["notAfter"], "2026-03-01T12:01:00Z");
    assert_eq!(sent["exp"], now().seconds() + 120, "refused once nothing may be executed");
    assert_eq!(sent["consent"]["resources"][0]["debtorAccount"]["number"], "11112222");
    assert_eq!(sent["consent"]["externalId"], "urn:banco:payment:1");
    let head = stub.heads()[0].to_lowercase();
    assert!(head.contains("content-type: application/jwt") && !head.contains("authorization"), "{head}");
}

#[tokio::test]
async fn a_core_that_nobody_reaches_got_nothing() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(ended(&pay(&connector_at(format!("http://{port}")), LONG).await), "not sent");
    let stub = core(|request| answer(request, 201, &told(request, "ACPD"))).await;
    assert_eq!(ended(&pay(&connector(&stub), Duration::ZERO).await), "not sent", "no time is left to ask");
    assert!(stub.bodies().is_empty());
}

#[tokio::test]
async fn a_core_that_hangs_or_closes_may_have_executed_and_gets_it_once() {
    for reply in ["hang", "close", "half", "endless", "redirect"] {
        let stub = core(move |_| match reply {
            "hang" => stub::Reply::Hang,
            "close" => stub::Reply::Raw(Vec::new()),
            "half" => stub::Reply::Raw(b"HTTP/1.1 201 X\r\ncontent-length: 900\r\n\r\neyJ".to_vec()),
            "endless" => stub::Reply::Endless,
            _ => stub::Reply::redirect("/elsewhere"),
        })
        .await;
        assert_eq!(ended(&pay(&connector(&stub), SHORT).await), "unknown", "{reply}");
        assert_eq!(stub.bodies().len(), 1, "{reply}: it goes out once");
    }
}

#[tokio::test]
async fn a_status_without_a_signature_says_nothing_of_the_money() {
    for status in [200, 201, 202, 400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 502, 503, 504] {
        let body = r#"{"errors":[{"code":"SALDO_INSUFICIENTE","title":"","detail":""}]}"#;
        let stub = core(move |_| stub::Reply::json(status, body)).await;
        assert_eq!(ended(&pay(&connector(&stub), LONG).await), "unknown", "{status}");
        assert_eq!(stub.bodies().len(), 1, "{status}: nothing goes out twice");
    }
}

#[tokio::test]
async fn a_signed_answer_says_what_the_table_of_statuses_says() {
    // Nothing comes after a status below 200.
    for row in ANSWERS.iter().filter(|row| *row.statuses.start() >= 200) {
        for status in [*row.statuses.start(), *row.statuses.end()] {
            for (code, expected) in [
                (None, row.says == AnswerSays::Data),
                (Some("SALDO_INSUFICIENTE"), row.says == AnswerSays::Refusal),
                (Some("PAGAMENTO_NAO_ENCONTRADO"), row.says == AnswerSays::Refusal),
                (Some("NAO_EXECUTADO"), false),
            ] {
                let stub = core(move |request| {
                    let body = code.map_or_else(|| told(request, "ACSC"), errors);
                    answer(request, status, &body)
                })
                .await;
                let surely_not = code == Some("NAO_EXECUTADO")
                    && matches!(row.says, AnswerSays::Refusal | AnswerSays::NotExecuted);
                let expected = match (expected, surely_not) {
                    (true, _) => "answer",
                    (_, true) => "not sent",
                    _ => "unknown",
                };
                let outcome = pay(&connector(&stub), LONG).await;
                assert_eq!(ended(&outcome), expected, "{status} {code:?}");
                assert_eq!(stub.bodies().len(), 1, "{status}: nothing goes out twice");
            }
        }
    }
}

#[tokio::test]
async fn every_code_of_a_signed_refusal_says_what_the_table_says() {
    for row in CODES.iter().filter(|row| row.stage == Stage::Payments) {
        let stub = core(|request| answer(request, 422, &errors(row.code))).await;
        let outcome = pay(&connector(&stub), LONG).await;
        match row.means {
            CodeMeans::NotExecuted => assert_eq!(ended(&outcome), "not sent", "{}", row.code),
            CodeMeans::KeyUsed => assert_eq!(ended(&outcome), "unknown", "{}", row.code),
            CodeMeans::PaymentRejected(code) => {
                let rejection = Rejection { code, detail: "em palavras".to_owned() };
                assert_eq!(outcome.unwrap().status, CoreStatus::Rejected(rejection), "{}", row.code);
            }
            other => panic!("{other:?} at /payments"),
        }
    }
}

#[tokio::test]
async fn a_core_that_says_it_executes_nothing_is_asked_again_later() {
    let stub = core(|request| {
        let body = signed(CORE, &answer_claims(request, &errors("NAO_EXECUTADO")));
        let length = body.len();
        let head = "HTTP/1.1 503 X\r\nretry-after: 7\r\nconnection: close\r\n";
        stub::Reply::Raw(format!("{head}content-length: {length}\r\n\r\n{body}").into_bytes())
    })
    .await;
    match pay(&connector(&stub), LONG).await {
        Err(ConnectorFault::NotSent(error)) => {
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        }
        other => panic!("{other:?}"),
    }
    for (status, code) in [(503, "SALDO_INSUFICIENTE"), (404, "OUTRO"), (201, "SALDO_INSUFICIENTE")] {
        let stub = core(move |request| answer(request, status, &errors(code))).await;
        assert_eq!(ended(&pay(&connector(&stub), LONG).await), "unknown", "{status} {code}");
    }
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

#[tokio::test]
async fn s60_an_answer_that_does_not_verify_says_nothing_of_the_money() {
    type Spoil = fn(&Value) -> (usize, Value);
    let spoilt: [(&str, Spoil); 7] = [
        ("a stranger's key", |fine| (STRANGER, fine.clone())),
        ("our own key", |fine| (OURS, fine.clone())),
        ("another request", |fine| (CORE, with(fine, "inReplyTo", json!("another")))),
        ("another institution", |fine| (CORE, with(fine, "aud", json!("outro")))),
        ("another connector", |fine| (CORE, with(fine, "iss", json!("https://outro.example/payments")))),
        ("of before", |fine| (CORE, with(fine, "iat", json!(now().seconds() - 61)))),
        ("of later", |fine| (CORE, with(fine, "iat", json!(now().seconds() + 61)))),
    ];
    for (what, spoil) in spoilt {
        let stub = core(move |request| {
            let (side, claims) = spoil(&answer_claims(request, &told(request, "ACSC")));
            stub::Reply::json(201, signed(side, &claims))
        })
        .await;
        assert_eq!(ended(&pay(&connector(&stub), LONG).await), "unknown", "{what}");
    }
}

#[tokio::test]
async fn an_answer_about_another_payment_is_none() {
    for (pointer, value) in [
        ("/data/idempotencyKey", json!("another")),
        ("/data/endToEndId", json!("E1234567820260301120000000000002")),
        ("/data/payment/amount", json!("150.01")),
        ("/data/payment/currency", json!("USD")),
        ("/data/status", json!("SCHD")),
        ("/data/status", json!("CANC")),
        ("/data/status", Value::Null),
        ("/data/paymentId", json!("1")),
        ("/data", json!([])),
    ] {
        let to = value.clone();
        let stub = core(move |request| {
            let mut body = told(request, "ACSC");
            *body.pointer_mut(pointer).unwrap() = to.clone();
            answer(request, 201, &body)
        })
        .await;
        assert_eq!(ended(&pay(&connector(&stub), LONG).await), "unknown", "{pointer} {value}");
    }
}

#[tokio::test]
async fn a_question_tells_what_the_core_has_from_what_it_does_not_know() {
    let Example { consent, payment } = example();
    let stub = core(|request| answer(request, 200, &told(request, "ACSC"))).await;
    let found = connector(&stub).find(&consent, &payment, context()).await.unwrap();
    assert!(matches!(found, Found::Known(CoreReport { status: CoreStatus::Settled, .. })));
    for (status, code, expected) in [
        (404, "PAGAMENTO_NAO_ENCONTRADO", Some(Found::Unknown)),
        (422, "CONSULTA_NAO_SUPORTADA", Some(Found::CannotAsk)),
        (422, "PAGAMENTO_NAO_ENCONTRADO", None),
        (404, "CONSULTA_NAO_SUPORTADA", None),
        (422, "OUTRO", None),
    ] {
        let stub = core(move |request| answer(request, status, &errors(code))).await;
        let found = connector(&stub).find(&consent, &payment, context()).await;
        assert_eq!(found.ok(), expected, "{status} {code}");
    }
    let stub = core(|_| stub::Reply::json(404, r#"{"message":"no such route"}"#)).await;
    let found = connector(&stub).find(&consent, &payment, context()).await;
    assert_eq!(ended(&found), "unknown", "a wrong address is not taken for a payment that is not there");
}

#[tokio::test]
async fn a_core_that_cannot_be_asked_by_our_key_is_not_asked() {
    let Example { consent, payment } = example();
    let stub = core(|request| answer(request, 200, &told(request, "ACSC"))).await;
    let client = http::client(&Trust::webpki(), None).unwrap();
    let way = Way::over_http(client, stub.url(), Arc::new(ManualClock::default()));
    let connector = connector_over(way, stub.url(), Dedupe::None);
    assert_eq!(connector.find(&consent, &payment, context()).await.unwrap(), Found::CannotAsk);
    assert!(stub.bodies().is_empty());
    let core_id = ponte_ports::LegacyId::parse(&RawValue::from_string("[]".to_owned()).unwrap()).unwrap();
    let mut known = payment;
    known.core_id = Some(core_id);
    assert!(matches!(connector.find(&consent, &known, context()).await.unwrap(), Found::Known(_)));
}

#[tokio::test]
async fn p33_a_consent_is_refused_by_the_codes_of_its_stage() {
    let Example { consent, .. } = example();
    for row in CODES.iter().filter(|row| row.stage == Stage::PostConsent) {
        let stub = core(|request| answer(request, 422, &errors(row.code))).await;
        let outcome = connector(&stub).validate_consent(&consent, &debtor(), context()).await;
        match row.means {
            CodeMeans::ConsentRejected(code) => assert_eq!(outcome.unwrap().unwrap_err().code, code),
            _ => assert_eq!(ended(&outcome), "not sent", "{}", row.code),
        }
        let sent = claims_of(&stub.bodies()[0]);
        assert_eq!(sent["requestBody"]["data"], json!({"validationStage": "POST_CONSENT"}));
    }
    let stub = core(|request| answer(request, 422, &errors("OUTRO"))).await;
    let refused = connector(&stub).validate_consent(&consent, &debtor(), context()).await.unwrap();
    assert_eq!(refused.unwrap_err().code, ConsentRejectionCode::NaoInformado);
    let stub = core(|request| answer(request, 200, &json!({}))).await;
    assert_eq!(connector(&stub).validate_consent(&consent, &debtor(), context()).await.unwrap(), Ok(()));
}

#[tokio::test]
async fn p31_p23_a_payment_is_refused_by_the_codes_of_its_stage() {
    let Example { consent, payment } = example();
    for row in CODES {
        let (stage, name) = match row.stage {
            Stage::PostPayment => (PaymentStage::PostPayment, "POST_PAYMENT"),
            Stage::Settlement => (PaymentStage::Settlement, "SETTLEMENT"),
            _ => continue,
        };
        let stub = core(|request| answer(request, 422, &errors(row.code))).await;
        let connector = connector(&stub);
        let outcome = connector.validate_payment(stage, &consent, &debtor(), &payment.item, context()).await;
        match row.means {
            CodeMeans::PaymentRejected(code) => assert_eq!(outcome.unwrap().unwrap_err().code, code),
            _ => assert_eq!(ended(&outcome), "not sent", "{}", row.code),
        }
        let sent = &claims_of(&stub.bodies()[0])["requestBody"]["data"];
        assert_eq!((&sent["validationStage"], &sent["localInstrument"]), (&json!(name), &json!("MANU")));
    }
}

#[tokio::test]
async fn p55_a_cancellation_goes_out_once_and_is_told_as_the_core_tells_it() {
    let Example { consent, payment } = example();
    let by = Cpf::parse("12345678909").unwrap();
    let stub = core(|request| {
        let mut body = told(request, "CANC");
        body["data"]["cancellation"] = request["requestBody"]["data"]["cancellation"].clone();
        answer(request, 200, &body)
    })
    .await;
    let cancelled = connector(&stub).cancel(&consent, &payment, &by, context()).await.unwrap();
    let CoreCancellation::Reported(report) = cancelled else { panic!("{cancelled:?}") };
    assert_eq!(report.status, CoreStatus::Cancelled(by.clone()));
    let stub = core(|request| answer(request, 422, &errors("PAGAMENTO_NAO_PERMITE_CANCELAMENTO"))).await;
    let refused = connector(&stub).cancel(&consent, &payment, &by, context()).await.unwrap();
    assert_eq!(refused, CoreCancellation::Refused);
    let stub = core(|_| stub::Reply::Raw(Vec::new())).await;
    assert_eq!(ended(&connector(&stub).cancel(&consent, &payment, &by, context()).await), "unknown");
    assert_eq!(stub.bodies().len(), 1);
}

#[tokio::test]
async fn the_breaker_turns_payments_away_before_anything_is_sent() {
    let stub = core(|_| stub::Reply::Hang).await;
    let mut connector = connector(&stub);
    connector.patience = Some(Duration::from_millis(100));
    let mut outcomes = Vec::new();
    for _ in 0..12 {
        outcomes.push(ended(&pay(&connector, LONG).await));
    }
    let sent = stub.bodies().len();
    assert!(sent < 12, "{outcomes:?}");
    let of = |end| outcomes.iter().filter(|outcome| **outcome == end).count();
    assert_eq!((of("unknown"), of("not sent")), (sent, 12 - sent), "{outcomes:?}");
}
