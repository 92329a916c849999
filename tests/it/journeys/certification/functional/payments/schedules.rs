//! Schedules: one day, and many.

use http::Method;
use ponte_machine::clock;
use ponte_values::Date;
use serde_json::json;

use super::*;
use crate::journeys::payments::{Initiator, today, tomorrow};

/// Every so many days from a day on.
fn every(days: i64, start: Date, quantity: i64) -> Vec<Date> {
    (0..quantity).map(|number| start.plus_days(number * days)).collect()
}

fn daily(start: Date, quantity: usize) -> PaymentOrder {
    order().scheduled(json!({ "daily": { "startDate": start.to_string(), "quantity": quantity } }))
}

fn single(day: Date) -> PaymentOrder {
    order().scheduled(json!({ "single": { "date": day.to_string() } }))
}

/// The first Monday after today.
fn monday() -> Date {
    let start = tomorrow();
    start.plus_days((8 - i64::from(start.iso_weekday())) % 7)
}

#[tokio::test]
async fn z_pay_32_one_day_far_ahead() {
    let it = Initiator::begin().await;
    let day = today().plus_days(350);
    let (consent, ids) = it.schedules(&single(day), &[day]).await;
    assert_eq!(it.consent(V5, &consent).await["status"], "CONSUMED");
    let core = it.core.payment(&ids[0]).await;
    assert!(core.is_null(), "nothing moves before its day: {core}");
}

#[tokio::test]
async fn p52_z_pay_33_days_that_cannot_be() {
    let it = Initiator::begin().await;
    for days in [0, -3, 740] {
        it.create(&single(today().plus_days(days))).await.refused(DAY);
    }
    let both = single(tomorrow()).set("/payment/date", today().to_string().into());
    it.create(&both).await.refused(DAY);
    it.create(&order().set("/payment/date", Value::Null)).await.refused(MISSING);
}

#[tokio::test]
async fn p55_z_pay_34_cancelled_in_the_channel_of_the_institution() {
    let it = Initiator::begin().await;
    let (_, ids) = it.schedules(&single(tomorrow().plus_days(1)), &[tomorrow().plus_days(1)]).await;
    let path = format!("/open-banking/oob-payments/v2/pix/payments/{}", ids[0]);
    let body = json!({ "data": Initiator::cancellation() });
    let reply = it.office.0.call(Method::PATCH, &path, &[], Some(&body)).await.expect("an answer");
    assert!(matches!(reply.status, 200 | 204), "{} {}", reply.status, reply.excerpt());
    let read = it.until(V5, &ids[0], "CANC").await;
    let cancellation = &read["cancellation"];
    let told = (&cancellation["cancelledFrom"], &cancellation["reason"]);
    assert_eq!(told, (&json!("DETENTORA"), &json!("CANCELADO_AGENDAMENTO")), "{read}");
}

#[tokio::test]
async fn p55_z_pay_35_z_pay_36_cancelled_by_the_initiator_while_it_may() {
    let it = Initiator::begin().await;
    let day = tomorrow().plus_days(1);
    let (_, ids) = it.schedules(&single(day), &[day]).await;
    let path = format!("{}/{}", V5.payments(), ids[0]);
    let mut data = Initiator::cancellation();
    data["cancellation"]["cancelledBy"]["document"]["rel"] = "CNPJ".into();
    let refused = &["PAGAMENTO_NAO_PERMITE_CANCELAMENTO"];
    it.signed((Method::PATCH, &path), &it.own, &clock::new_id(), &data).await.refused(refused);
    let cancelled = it.cancel(V5, &ids[0]).await.with(200);
    assert_eq!(cancelled.data()["status"], "CANC");
    let cancellation = &cancelled.data()["cancellation"];
    let told = (&cancellation["cancelledFrom"], &cancellation["reason"]);
    assert_eq!(told, (&json!("INICIADORA"), &json!("CANCELADO_AGENDAMENTO")), "{cancellation}");
    it.cancel(V5, &ids[0]).await.refused(refused);
    let (_, paid) = it.pays(&order()).await;
    it.cancel(V5, paid["paymentId"].as_str().unwrap_or_default()).await.refused(refused);
}

#[tokio::test]
async fn p52_z_pay_37_z_pay_38_z_pay_39_five_payments_of_each_schedule() {
    let it = Initiator::begin().await;
    let start = tomorrow();
    let custom = [3, 5, 8, 13, 21].map(|days| today().plus_days(days));
    let texts = custom.map(|day| day.to_string());
    it.schedules(&order().scheduled(json!({ "custom": { "dates": texts } })), &custom).await;
    it.schedules(&daily(start, 5), &every(1, start, 5)).await;
    let weekly = json!({ "weekly": {
        "dayOfWeek": "SEGUNDA_FEIRA", "startDate": start.to_string(), "quantity": 5,
    } });
    it.schedules(&order().scheduled(weekly), &every(7, monday(), 5)).await;
}

#[tokio::test]
async fn p53_z_pay_40_the_31st_of_a_month_without_one_is_the_first_of_the_next() {
    let it = Initiator::begin().await;
    let start = tomorrow();
    let mut days = Vec::new();
    let (mut year, mut month) = (start.year(), start.month());
    while days.len() < 5 {
        let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let day = Date::of(year, month, 31).or_else(|| Date::of(next.0, next.1, 1)).expect("a day");
        days.extend((day >= start).then_some(day));
        (year, month) = next;
    }
    let monthly = json!({ "monthly": { "dayOfMonth": 31, "startDate": start.to_string(), "quantity": 5 } });
    it.schedules(&order().scheduled(monthly), &days).await;
}

#[tokio::test]
async fn p22_p56_z_pay_41_sixty_payments_at_once_and_all_of_them_cancelled() {
    let it = Initiator::begin().await;
    let start = tomorrow().plus_days(1);
    let (consent, ids) = it.schedules(&daily(start, 60), &every(1, start, 60)).await;
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), 60);
    it.cancel_all(V5, &consent).await.with(202);
    let list = it.get(&V5.payments_of(&consent)).await.with(200);
    let listed: Vec<&Value> = list.data().as_array().into_iter().flatten().collect();
    assert_eq!(listed.len(), 60);
    assert!(listed.iter().all(|one| one["status"] == "CANC"), "{listed:?}");
}

#[tokio::test]
async fn z_pay_42_z_pay_43_z_pay_44_a_list_is_as_its_consent_or_refused_as_a_whole() {
    let it = Initiator::begin().await;
    let start = tomorrow();
    let order = daily(start, 5);
    it.refused(&order, &order.items_on(&every(1, start, 6)), DIFFERS).await;
    let weekly = super::order().scheduled(json!({ "weekly": {
        "dayOfWeek": "SEGUNDA_FEIRA", "startDate": start.to_string(), "quantity": 5,
    } }));
    it.refused(&weekly, &weekly.items_on(&every(7, monday().plus_days(1), 5)), DIFFERS).await;
    let mut items = order.items_on(&every(1, start, 5));
    items[3]["payment"]["amount"] = "10.01".into();
    it.refused(&order, &items, DIFFERS).await;
}

#[tokio::test]
async fn p52_z_pay_45_z_pay_46_limits_of_a_schedule() {
    let it = Initiator::begin().await;
    let late = json!({ "weekly": {
        "dayOfWeek": "SEGUNDA_FEIRA", "startDate": today().plus_days(500).to_string(), "quantity": 60,
    } });
    it.create(&order().scheduled(late)).await.refused(DAY);
    it.create(&daily(tomorrow(), 61)).await.refused(INVALID);
    let day = tomorrow().to_string();
    for dates in [json!([day, day]), json!([day])] {
        it.create(&order().scheduled(json!({ "custom": { "dates": dates } }))).await.refused(INVALID);
    }
}

#[tokio::test]
async fn z_cnp_09_a_company_with_letters_schedules_five_payments() {
    use crate::journeys::payments::{ESTUDIO, ESTUDIO_ACCOUNT};
    let it = Initiator::begin().await;
    let company = &CUSTOMERS[ESTUDIO];
    let start = tomorrow();
    let order = PaymentOrder::manual(V5, (company.cpf, company.cnpj), "10.00")
        .scheduled(json!({ "daily": { "startDate": start.to_string(), "quantity": 5 } }))
        .set("/creditor/cpfCnpj", "PONTE001000160".into());
    let consent = it.created(&order).await;
    let (status, token) = it.decided(&consent, ESTUDIO, ESTUDIO_ACCOUNT).await;
    assert_eq!(status, "AUTHORISED");
    let mut items = order.items_on(&every(1, start, 5));
    for item in items.as_array_mut().into_iter().flatten() {
        item["cnpjInitiator"] = "PONTE001000160".into();
    }
    let answer = it.post(V5, &token.expect("a token"), &items).await.with(201);
    for at in 0..5 {
        let read = it.until(V5, &answer.text(&format!("/{at}/paymentId")), "SCHD").await;
        assert_eq!(read["cnpjInitiator"], "PONTE001000160");
    }
    let read = it.consent(V5, &consent).await;
    assert_eq!(read["businessEntity"]["document"]["identification"], company.cnpj.unwrap_or_default());
    assert_eq!(read["creditor"]["cpfCnpj"], "PONTE001000160");
}
