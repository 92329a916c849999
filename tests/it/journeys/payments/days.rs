//! PB-C and P23: scheduled payments whose day comes, in virtual time.

use ponte_participant::PaymentOrder;
use ponte_participant::payments::named_at;
use ponte_values::Date;
use serde_json::{Value, json};

use super::virtual_time::VirtualTime;
use super::{Initiator, V5, order_of};

const DIFFERS: &str = "PAGAMENTO_DIVERGENTE_CONSENTIMENTO";

fn days<const MANY: usize>(texts: [&str; MANY]) -> [Date; MANY] {
    texts.map(|text| Date::parse(text).expect("a day"))
}

/// Goes to a moment and lets the schedule of the payments fire there.
async fn goes_to(it: &mut Initiator, clock: &VirtualTime, moment: &str) {
    clock.put(moment);
    it.renew().await;
    it.world.tick("payments").await;
}

#[tokio::test]
async fn pb_c01_p53_a_monthly_31st_rolls_and_comes_back() {
    let here = (module_path!(), "pb_c01_p53_a_monthly_31st_rolls_and_comes_back");
    let Some(clock) = VirtualTime::begin(here, "2027-01-20T12:00:00Z") else { return };
    let mut it = Initiator::alone(&[]).await;
    let schedule = json!({ "monthly": { "dayOfMonth": 31, "startDate": "2027-01-31", "quantity": 4 } });
    let order = order_of("10.00").scheduled(schedule);
    let right = days(["2027-01-31", "2027-03-01", "2027-03-31", "2027-05-01"]);
    for (time, codes) in [
        ("202702281500", &[DIFFERS, "PARAMETRO_INVALIDO"][..]),
        ("202702311500", &["PARAMETRO_INVALIDO"][..]),
    ] {
        let mut items = order.items_on(&right);
        items[1]["endToEndId"] = named_at(time).into();
        it.refused(&order, &items, codes).await;
    }
    let (_, ids) = it.schedules(&order, &right).await;
    it.core.moved(0, 0).await;
    for (at, (day, id)) in right.iter().zip(&ids).enumerate() {
        goes_to(&mut it, &clock, &format!("{day}T15:00:00Z")).await;
        it.until(V5, id, "ACSC").await;
        it.core.moved(at + 1, 1_000 * (at as u64 + 1)).await;
        let core = it.core.payment(id).await;
        assert_eq!(
            core["creationDateTime"].as_str().map(|time| &time[..10]),
            Some(&*day.to_string()),
            "{core}"
        );
    }
}

#[tokio::test]
async fn pb_c03_p52_a_weekly_schedule_begins_with_its_first_weekday() {
    let here = (module_path!(), "pb_c03_p52_a_weekly_schedule_begins_with_its_first_weekday");
    let Some(_clock) = VirtualTime::begin(here, "2026-12-01T12:00:00Z") else { return };
    let it = Initiator::begin().await;
    for (weekday, right, wrong) in [
        (
            "SEGUNDA_FEIRA",
            ["2026-12-14", "2026-12-21", "2026-12-28"],
            ["2026-12-09", "2026-12-14", "2026-12-21"],
        ),
        ("DOMINGO", ["2026-12-13", "2026-12-20", "2026-12-27"], ["2026-12-14", "2026-12-21", "2026-12-28"]),
    ] {
        let order = order_of("10.00").scheduled(json!({ "weekly": {
            "dayOfWeek": weekday, "startDate": "2026-12-09", "quantity": 3,
        } }));
        it.refused(&order, &order.items_on(&days(wrong)), &[DIFFERS]).await;
        it.schedules(&order, &days(right)).await;
    }
}

#[tokio::test]
async fn t13_p23_a_scheduled_payment_goes_out_on_its_day_or_never() {
    let here = (module_path!(), "t13_p23_a_scheduled_payment_goes_out_on_its_day_or_never");
    let Some(clock) = VirtualTime::begin(here, "2026-12-09T12:00:00Z") else { return };
    let mut it = Initiator::alone(&[]).await;
    let single = |day: Date| order_of("10.00").scheduled(json!({ "single": { "date": day.to_string() } }));
    let [tenth, eleventh, thirteenth] = days(["2026-12-10", "2026-12-11", "2026-12-13"]);
    let mut scheduled = Vec::new();
    for day in [tenth, eleventh, eleventh, thirteenth] {
        scheduled.push(it.schedules(&single(day), &[day]).await.1.remove(0));
    }
    // A key that leads elsewhere on the day (P23).
    let moved = |order: PaymentOrder| order.by("DICT").to_carla("mudou@exemplo.test");
    let gone = it.schedules(&moved(single(tenth)), &[tenth]).await.1.remove(0);
    let [first, second, cancelled, missed] = <[String; 4]>::try_from(scheduled).expect("four");

    // 23:59 of the day before in Brasília: nothing moves. A tick late in the evening of the day itself catches up.
    goes_to(&mut it, &clock, "2026-12-10T02:59:00Z").await;
    it.core.moved(0, 0).await;
    goes_to(&mut it, &clock, "2026-12-11T01:30:00Z").await;
    it.until(V5, &first, "ACSC").await;
    let read = it.until(V5, &gone, "RJCT").await;
    assert_eq!(read["rejectionReason"]["code"], "CHAVE_PIX_DIVERGENTE_AGENDAMENTO_LIQUIDACAO", "{read}");
    it.cancel(V5, &cancelled).await.with(200);

    goes_to(&mut it, &clock, "2026-12-11T15:00:00Z").await;
    it.until(V5, &second, "ACSC").await;
    // The schedule fires twice.
    it.world.tick("payments").await;
    // Nobody looked on the 13th: on the 14th it is too late.
    goes_to(&mut it, &clock, "2026-12-14T03:30:00Z").await;
    let read = it.until(V5, &missed, "RJCT").await;
    assert_eq!(it.payment(V5, &cancelled).await["status"], "CANC");
    assert!(
        it.core.payment(&missed).await.is_null() && it.core.payment(&cancelled).await.is_null(),
        "{read}"
    );
    it.core.moved(2, 2_000).await;
    let told: Vec<Value> = it.core.payments().await;
    assert!(told.iter().all(|one| one["calls"] == 1), "{told:?}");
}
