//! The stock of a day, payments, and open data.

use std::collections::BTreeMap;

use ponte_values::Date;
use serde_json::json;

use super::open_data::{OpenDataFacts, OpenDataReport};
use super::payment_status::{PaymentEvent, PaymentReport, PaymentStatus, PaymentType};
use super::stock::{StockFacts, StockReport, StockRole};
use super::*;

fn counted(role: StockRole) -> StockFacts {
    StockFacts {
        date: Date::parse("2026-03-01").unwrap(),
        organisation: organisation(OWN),
        role,
        persons: 2,
        companies: 1,
        consents: BTreeMap::from([(OTHER.to_owned(), 3), (STATEMENT.to_owned(), 0)]),
    }
}

#[test]
fn m50_the_stock_of_a_day_by_the_other_side() {
    let row = StockReport::of(counted(StockRole::Server)).unwrap().into_row().unwrap();
    assert_eq!(row.path, "/report-api/v1/consents/stock");
    assert_eq!(
        item(&row),
        json!({
            "date": "2026-03-01",
            "orgId": OWN,
            "role": "SERVER",
            "scope": "DADOS",
            "totalCustomerPF": 2,
            "totalCustomerPJ": 1,
            "consentsStockList": [{"clientOrgId": OTHER, "serverOrgId": OWN, "totalActiveConsents": 3}],
        })
    );
    let receiver = item(&StockReport::of(counted(StockRole::Client)).unwrap().into_row().unwrap());
    assert_eq!(receiver["role"], "CLIENT");
    assert_eq!(receiver["consentsStockList"][0]["serverOrgId"], OTHER);
}

#[test]
fn m50_a_day_is_counted_into_one_row() {
    let row = |role| StockReport::of(counted(role)).unwrap().into_row().unwrap();
    let (one, again) = (row(StockRole::Server), row(StockRole::Server));
    assert_eq!((&one.id, one.at), (&again.id, again.at));
    assert_eq!(one.at, at("2026-03-02T02:59:59Z"), "the last second of the day in Brasília");
    assert_ne!(one.id, row(StockRole::Client).id);
    let other_day = StockFacts { date: Date::parse("2026-03-02").unwrap(), ..counted(StockRole::Server) };
    assert_ne!(one.id, StockReport::of(other_day).unwrap().into_row().unwrap().id);
}

#[test]
fn m50_there_are_no_more_customers_than_consents() {
    let more = StockFacts { persons: 3, ..counted(StockRole::Server) };
    assert_eq!(StockReport::of(more), Err(ReportFault::Customers));
    let many = StockFacts { persons: u64::MAX, ..counted(StockRole::Server) };
    assert_eq!(StockReport::of(many), Err(ReportFault::Customers));
    let nobody =
        StockFacts { persons: 0, companies: 0, consents: BTreeMap::new(), ..counted(StockRole::Server) };
    let row = StockReport::of(nobody).unwrap().into_row().unwrap();
    assert_eq!(item(&row)["consentsStockList"], json!([]), "a day without consents is told too");
}

fn event(status: PaymentStatus<'static>) -> PaymentEvent<'static> {
    static CONSENT: std::sync::LazyLock<ConsentId> = std::sync::LazyLock::new(consent);
    PaymentEvent {
        at: noon(),
        consent: &CONSENT,
        payment: "4d4dec4b-5960-4041-8099-1340b8c8a4bb",
        status,
        kind: PaymentType::Scheduled,
        client: organisation(OTHER),
    }
}

#[test]
fn m51_a_payment_is_told_with_its_state_and_its_reason() {
    let row = PaymentReport::of(event(PaymentStatus::Rejected("SALDO_INSUFICIENTE"))).unwrap();
    let row = row.into_row("1".to_owned()).unwrap();
    assert_eq!((row.path, row.at), ("/report-api/v1/payments/status", noon()));
    assert_eq!(
        item(&row),
        json!({
            "eventDateTime": "2026-03-01T12:00:00.000Z",
            "consentId": "urn:banco:1",
            "paymentId": "4d4dec4b-5960-4041-8099-1340b8c8a4bb",
            "paymentStatus": "RJCT",
            "paymentType": "SCHEDULED",
            "clientOrgId": OTHER,
            "statusReasonCode": "SALDO_INSUFICIENTE",
        })
    );
    for (status, word) in [
        (PaymentStatus::Settled, "ACSC"),
        (PaymentStatus::Scheduled, "SCHD"),
        (PaymentStatus::Cancelled("CANCELADO_AGENDAMENTO"), "CANC"),
    ] {
        let good = !matches!(status, PaymentStatus::Cancelled(_));
        let told = item(&PaymentReport::of(event(status)).unwrap().into_row("1".to_owned()).unwrap());
        assert_eq!(told["paymentStatus"], word);
        assert_eq!(told.get("statusReasonCode").is_none(), good, "{word}");
    }
}

#[test]
fn m51_ids_and_codes_that_would_be_refused_are_not_told() {
    for payment in ["", "-a", "a_b", &"a".repeat(101)] {
        let fault = PaymentReport::of(PaymentEvent { payment, ..event(PaymentStatus::Settled) });
        assert_eq!(fault, Err(ReportFault::PaymentId), "{payment}");
    }
    let long = ConsentId::parse(&format!("urn:banco:{}", "x".repeat(91))).unwrap();
    let fault = PaymentReport::of(PaymentEvent { consent: &long, ..event(PaymentStatus::Settled) });
    assert_eq!(fault, Err(ReportFault::PaymentId));
    let longest = ConsentId::parse(&format!("urn:banco:{}", "x".repeat(90))).unwrap();
    let payment = "a".repeat(100);
    let event_of_longest =
        PaymentEvent { consent: &longest, payment: &payment, ..event(PaymentStatus::Rejected("LIMITE_2")) };
    assert!(PaymentReport::of(event_of_longest).is_ok());
    for reason in ["", "sem saldo", "Saldo"] {
        let fault = PaymentReport::of(event(PaymentStatus::Rejected(reason)));
        assert_eq!(fault, Err(ReportFault::StatusReason), "{reason}");
    }
}

#[test]
fn m52_a_call_of_open_data_names_who_called() {
    let call = OpenDataFacts {
        endpoint: "/open-banking/channels/v2/branches",
        method: "GET",
        status: 200,
        arrived: noon(),
        answered: noon().plus(Duration::from_millis(7)),
        client_ip: "192.0.2.1".parse().ok(),
    };
    let row = OpenDataReport::of(&call).unwrap().into_row("1".to_owned(), noon()).unwrap();
    assert_eq!(row.path, "/report-api/v1/opendata/report");
    assert_eq!(
        item(&row),
        json!({
            "endpoint": "/open-banking/channels/v2/branches",
            "statusCode": 200,
            "httpMethod": "GET",
            "timestamp": "2026-03-01T12:00:00.000Z",
            "processTimespan": 7,
            "additionalInfo": {"clientIp": "192.0.2.1"},
        })
    );
    let unknown = OpenDataReport::of(&OpenDataFacts { client_ip: None, ..call.clone() }).unwrap();
    assert_eq!(item(&unknown.into_row("1".to_owned(), noon()).unwrap())["additionalInfo"], json!({}));
    assert_eq!(OpenDataReport::of(&OpenDataFacts { status: 600, ..call }), Err(ReportFault::Status));
}
