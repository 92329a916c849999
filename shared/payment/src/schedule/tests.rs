//! The calendar of schedules.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn schedule(text: &str) -> Schedule {
    serde_json::from_str(text).unwrap()
}

fn days(text: &str) -> Vec<String> {
    schedule(text).days().iter().map(Date::to_string).collect()
}

fn monthly(day_of_month: u32, start: &str, quantity: u32) -> String {
    format!(r#"{{"monthly":{{"dayOfMonth":{day_of_month},"startDate":"{start}","quantity":{quantity}}}}}"#)
}

fn weekly(weekday: &str, start: &str, quantity: u32) -> String {
    format!(r#"{{"weekly":{{"dayOfWeek":"{weekday}","startDate":"{start}","quantity":{quantity}}}}}"#)
}

fn daily(start: &str, quantity: u32) -> String {
    format!(r#"{{"daily":{{"startDate":"{start}","quantity":{quantity}}}}}"#)
}

fn single(date: &str) -> String {
    format!(r#"{{"single":{{"date":"{date}"}}}}"#)
}

fn custom(dates: &[Date]) -> String {
    let dates: Vec<String> = dates.iter().map(Date::to_string).collect();
    format!(r#"{{"custom":{{"dates":["{}"]}}}}"#, dates.join(r#"",""#))
}

#[test]
fn pb_c01_the_31st_rolls_to_the_first_of_the_next_month_and_does_not_stay_there() {
    let rolled = ["2027-01-31", "2027-03-01", "2027-03-31", "2027-05-01"];
    assert_eq!(days(&monthly(31, "2027-01-31", 4)), rolled);
    assert_eq!(days(&monthly(30, "2028-01-30", 3)), ["2028-01-30", "2028-03-01", "2028-03-30"]);
    assert_eq!(days(&monthly(29, "2028-01-30", 3)), ["2028-02-29", "2028-03-29", "2028-04-29"]);
    assert_eq!(days(&monthly(31, "2026-12-31", 2)), ["2026-12-31", "2027-01-31"]);
    assert_eq!(days(&monthly(10, "2026-12-11", 2)), ["2027-01-10", "2027-02-10"]);
    assert_eq!(days(&monthly(31, "2027-02-10", 2)), ["2027-03-01", "2027-03-31"]);
    assert_eq!(days(&monthly(31, "2027-03-01", 2)), ["2027-03-31", "2027-05-01"]);
}

#[test]
fn pb_c03_a_week_begins_at_its_first_such_day() {
    assert_eq!(days(&weekly("SEGUNDA_FEIRA", "2026-12-09", 3)), ["2026-12-14", "2026-12-21", "2026-12-28"]);
    assert_eq!(days(&weekly("DOMINGO", "2026-12-09", 3)), ["2026-12-13", "2026-12-20", "2026-12-27"]);
    assert_eq!(days(&weekly("QUARTA_FEIRA", "2026-12-09", 2)), ["2026-12-09", "2026-12-16"]);
    assert_eq!(days(&weekly("TERCA_FEIRA", "2026-12-09", 1)), ["2026-12-15"]);
    assert_eq!(days(&weekly("QUINTA_FEIRA", "2026-12-09", 1)), ["2026-12-10"]);
    assert_eq!(days(&weekly("SEXTA_FEIRA", "2026-12-09", 1)), ["2026-12-11"]);
    assert_eq!(days(&weekly("SABADO", "2026-12-09", 1)), ["2026-12-12"]);
}

#[test]
fn z_pay_37_38_a_daily_and_a_custom_schedule_have_their_days() {
    assert_eq!(days(&daily("2026-12-30", 3)), ["2026-12-30", "2026-12-31", "2027-01-01"]);
    let unordered = custom(&[day("2027-01-05"), day("2026-12-20")]);
    assert_eq!(days(&unordered), ["2026-12-20", "2027-01-05"]);
    assert_eq!(days(&single("2026-12-30")), ["2026-12-30"]);
}

#[test]
fn z_pay_41_sixty_are_the_most_and_one_more_is_a_fault() {
    let form = |text: &str| schedule(text).judge_form();
    assert_eq!(days(&daily("2026-12-10", 60)).len(), 60);
    assert_eq!(days(&daily("2026-12-10", u32::MAX)).len(), 60, "also of one that nobody judged");
    assert_eq!(days(&daily("9999-12-31", 60)).len(), 60, "the end of the calendar is no fall");
    assert!(days(&monthly(31, "9999-12-31", 60)).len() < 60);
    let dates: Vec<Date> = (0..61).map(|number| day("2026-12-10").plus_days(number)).collect();
    for (text, fault) in [
        (daily("2026-12-10", 60), None),
        (daily("2026-12-10", 2), None),
        (daily("2026-12-10", 61), Some(ScheduleFault::Quantity)),
        (daily("2026-12-10", 1), Some(ScheduleFault::Quantity)),
        (daily("2026-12-10", 0), Some(ScheduleFault::Quantity)),
        (weekly("DOMINGO", "2026-12-10", 60), None),
        (weekly("DOMINGO", "2026-12-10", 61), Some(ScheduleFault::Quantity)),
        (weekly("DOMINGO", "2026-12-10", 1), Some(ScheduleFault::Quantity)),
        (monthly(1, "2026-12-10", 24), None),
        (monthly(31, "2026-12-10", 2), None),
        (monthly(1, "2026-12-10", 25), Some(ScheduleFault::Quantity)),
        (monthly(1, "2026-12-10", 1), Some(ScheduleFault::Quantity)),
        (monthly(0, "2026-12-10", 2), Some(ScheduleFault::DayOfMonth)),
        (monthly(32, "2026-12-10", 2), Some(ScheduleFault::DayOfMonth)),
        (custom(&dates[..60]), None),
        (custom(&dates[..2]), None),
        (custom(&dates), Some(ScheduleFault::Quantity)),
        (custom(&dates[..1]), Some(ScheduleFault::Quantity)),
        (custom(&[dates[0], dates[1], dates[0]]), Some(ScheduleFault::Repeated)),
        (single("2026-12-10"), None),
    ] {
        assert_eq!(form(&text).err(), fault, "{text}");
    }
}

#[test]
fn z_pay_33_a_day_is_tomorrow_at_the_earliest_and_two_years_on_at_the_latest() {
    let today = day("2026-12-09");
    for (text, api, fault) in [
        (single("2026-12-09"), ApiVersion::V5, Some(ScheduleFault::TooEarly)),
        (single("2026-12-08"), ApiVersion::V5, Some(ScheduleFault::TooEarly)),
        (single("2026-12-10"), ApiVersion::V5, None),
        (single("2026-12-10"), ApiVersion::V4, None),
        (single("2026-12-09"), ApiVersion::V4, Some(ScheduleFault::TooEarly)),
        // 2028 has a 29 February, so that two years are a day longer than 730 days (Z-PV4-05).
        (single("2028-12-08"), ApiVersion::V4, None),
        (single("2028-12-09"), ApiVersion::V4, Some(ScheduleFault::TooLate)),
        (single("2028-12-09"), ApiVersion::V5, None),
        (single("2028-12-10"), ApiVersion::V5, Some(ScheduleFault::TooLate)),
        (daily("2026-12-09", 2), ApiVersion::V5, Some(ScheduleFault::TooEarly)),
        (daily("2028-12-08", 2), ApiVersion::V5, None),
        (daily("2028-12-08", 3), ApiVersion::V5, Some(ScheduleFault::TooLate)),
        (weekly("SEGUNDA_FEIRA", "2026-12-09", 2), ApiVersion::V5, Some(ScheduleFault::TooEarly)),
        (monthly(31, "2026-12-09", 2), ApiVersion::V5, Some(ScheduleFault::TooEarly)),
        (monthly(9, "2026-12-10", 24), ApiVersion::V5, None),
        (monthly(10, "2027-02-01", 24), ApiVersion::V5, Some(ScheduleFault::TooLate)),
        (custom(&[day("2026-12-10"), day("2026-12-09")]), ApiVersion::V5, Some(ScheduleFault::TooEarly)),
        (custom(&[day("2028-12-10"), day("2026-12-10")]), ApiVersion::V5, Some(ScheduleFault::TooLate)),
    ] {
        assert_eq!(schedule(&text).judge_days(api, today).err(), fault, "{text} {api:?}");
    }
}

#[test]
fn p52_two_years_from_29_february_end_on_the_28th() {
    assert_eq!(last_day(ApiVersion::V5, day("2028-02-29")), day("2030-02-28"));
    assert_eq!(last_day(ApiVersion::V5, day("2026-02-28")), day("2028-02-28"));
    assert_eq!(last_day(ApiVersion::V4, day("2026-02-28")), day("2028-02-28"));
    assert_eq!(last_day(ApiVersion::V5, day("9999-01-01")), day("9999-01-01"));
}

proptest! {
    #[test]
    fn p52_the_days_are_as_many_as_asked_for_and_go_up(
        from in 0_i64..800, quantity in 2_u32..=60, day_of_month in 1_u32..=31, kind in 0_u8..3,
    ) {
        let start = day("2026-12-10").plus_days(from);
        let text = match kind {
            0 => daily(&start.to_string(), quantity),
            1 => weekly("SABADO", &start.to_string(), quantity),
            _ => monthly(day_of_month, &start.to_string(), quantity),
        };
        let days = schedule(&text).days();
        prop_assert_eq!(days.len(), quantity as usize);
        prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(days[0] >= start);
        if kind == 2 {
            let own = |date: &Date| u32::from(date.day()) == day_of_month || date.day() == 1;
            prop_assert!(days.iter().all(own));
        }
    }
}
