//! Time of day, in virtual time: from 21:00 to 23:59 in Brasília UTC is already tomorrow.

use serde_json::json;

use super::*;
use crate::journeys::payments::virtual_time::VirtualTime;
use crate::journeys::payments::{Initiator, today, tomorrow};

#[tokio::test]
async fn c56_pb_c02_z_pay_60_the_day_of_a_payment_is_that_of_brasilia() {
    let here = (module_path!(), "c56_pb_c02_z_pay_60_the_day_of_a_payment_is_that_of_brasilia");
    let Some(_clock) = VirtualTime::begin(here, "2026-12-10T01:30:00Z") else { return };
    let it = Initiator::begin().await;
    let order = order();
    assert_eq!(order.consent["payment"]["date"], "2026-12-09");
    let (_, payment) = it.pays(&order).await;
    let id = payment["endToEndId"].as_str().unwrap_or_default();
    assert_eq!(&id[9..17], "20261210", "in UTC it is tomorrow");
    // PB-C02: the four answers of that evening.
    it.create(&super::order().set("/payment/date", "2026-12-10".into())).await.refused(DAY);
    let single = |day: &str| super::order().scheduled(json!({ "single": { "date": day } }));
    it.create(&single("2026-12-10")).await.with(201);
    it.create(&single("2026-12-09")).await.refused(DAY);
}

#[tokio::test]
async fn p56_z_pay_61_scheduled_payments_are_cancelled_in_the_evening_until_ten() {
    let here = (module_path!(), "p56_z_pay_61_scheduled_payments_are_cancelled_in_the_evening_until_ten");
    // 21:10 in Brasília.
    let Some(clock) = VirtualTime::begin(here, "2026-12-10T00:10:00Z") else { return };
    let mut it = Initiator::begin().await;
    let days: Vec<_> = (0..5).map(|days| tomorrow().plus_days(days)).collect();
    let start = days[0].to_string();
    let order = order().scheduled(json!({ "daily": { "startDate": start, "quantity": 5 } }));
    let (consent, ids) = it.schedules(&order, &days).await;
    let (late, _) = it.schedules(&order, &days).await;
    let one = it.cancel(V5, &ids[2]).await.with(200);
    assert_eq!(
        (&one.data()["status"], &one.data()["cancellation"]["cancelledFrom"]),
        (&json!("CANC"), &json!("INICIADORA"))
    );
    it.cancel_all(V5, &consent).await.with(202);
    for id in &ids {
        it.until(V5, id, "CANC").await;
    }
    // At 22:00 it is too late for the one of tomorrow; the others can be cancelled still.
    clock.put("2026-12-10T01:00:05Z");
    it.renew().await;
    it.cancel_all(V5, &late).await.with(202);
    let list = it.get(&V5.payments_of(&late)).await.with(200);
    let statuses: Vec<&str> =
        list.data().as_array().into_iter().flatten().filter_map(|one| one["status"].as_str()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == "SCHD").count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == "CANC").count(), 4, "{statuses:?}");
}

#[tokio::test]
async fn p05_p07_z_pay_16_a_consent_lapses_when_nobody_decides_and_when_nobody_pays() {
    let here = (module_path!(), "p05_p07_z_pay_16_a_consent_lapses_when_nobody_decides_and_when_nobody_pays");
    let Some(clock) = VirtualTime::begin(here, "2026-12-10T12:00:00Z") else { return };
    let mut it = Initiator::begin().await;
    let order = order();
    let undecided = it.created(&order).await;
    let (unpaid, _) = it.authorised(&order).await;
    clock.put("2026-12-10T12:06:00Z");
    it.is_rejected(V5, &undecided, &["TEMPO_EXPIRADO_AUTORIZACAO"]).await;
    assert_eq!(it.consent(V5, &unpaid).await["status"], "AUTHORISED");
    clock.put("2026-12-10T13:02:00Z");
    it.renew().await;
    it.is_rejected(V5, &unpaid, &["TEMPO_EXPIRADO_CONSUMO"]).await;
    assert_eq!(today().to_string(), "2026-12-10");
}
