//! Calls whose pages or dates make no sense.

use ponte_catalog::{FilterKind, Reach, Row};
use ponte_values::Date;

use super::bodies::assert_refused;
use super::everything::{Everything, rows};

const INVALID: (u16, &str) = (422, "PARAMETRO_INVALIDO");
/// The window of a filter that reaches as far as this.
type Window = (i64, i64);

#[tokio::test]
async fn c52_a_page_past_the_end_is_not_found() {
    let everything = Everything::shared().await;
    let mut walked = 0;
    // Rows without pages have no last one.
    for row in rows().filter(|row| row.smallest_page.is_some()) {
        let path = everything.path(row);
        // The layer says 51 records, which are three pages; of resources there are twelve, which are one.
        let last = if row.layer.is_some() { 3 } else { 1 };
        let get =
            async |page: u32| everything.world.ask(&everything.token, &path, &format!("page={page}")).await;
        assert_eq!(get(last).await.status, 200, "{}: the last page", row.operation);
        for past in [last + 1, 1_000, u32::MAX >> 1] {
            assert_refused(&get(past).await, row, (422, "PAGE_NOT_FOUND"), "past the end");
        }
        walked += 1;
    }
    assert_eq!(walked, 37, "rows with pages");
}

#[tokio::test]
async fn c52_z_acc_07_a_page_size_above_a_thousand_is_refused_where_there_are_pages() {
    let everything = Everything::shared().await;
    for row in rows() {
        let path = everything.path(row);
        let asked = everything.world.asked().len();
        let reply = everything.world.ask(&everything.token, &path, "page-size=1001").await;
        if row.smallest_page.is_some() {
            assert_refused(&reply, row, INVALID, "a page of 1,001");
            assert_eq!(everything.world.asked().len(), asked, "{}: nobody is asked", row.operation);
            let reply = everything.world.ask(&everything.token, &path, "page-size=1000").await;
            assert_eq!(reply.status, 200, "{}", row.operation);
        } else {
            assert_eq!(reply.status, 200, "{} has no pages, and does not know the parameter", row.operation);
        }
    }
}

/// The names of the filters of a row that are a range of days.
fn range(row: &Row) -> Option<(&'static str, &'static str)> {
    row.filters.iter().find_map(|filter| match filter.kind {
        FilterKind::From(to) => Some((filter.name, to)),
        _ => None,
    })
}

/// Rows with dates, in pairs with the names of their filters.
fn dated() -> impl Iterator<Item = (&'static Row, (&'static str, &'static str))> {
    rows().filter_map(|row| Some((row, range(row)?)))
}

#[tokio::test]
async fn c57_one_date_of_two_is_refused_where_they_come_together() {
    let everything = Everything::shared().await;
    for (row, (from, to)) in dated() {
        let path = everything.path(row);
        for half in [format!("{from}=2026-02-28"), format!("{to}=2026-02-28")] {
            let asked = everything.world.asked().len();
            let reply = everything.world.ask(&everything.token, &path, &half).await;
            if row.reach == Reach::Open {
                assert_eq!(reply.status, 200, "{}: its file has each date alone", row.operation);
            } else {
                assert_refused(&reply, row, INVALID, &half);
                assert_eq!(everything.world.asked().len(), asked, "{}: nobody is asked", row.operation);
            }
        }
    }
    assert!(dated().count() > 12, "{}", dated().count());
    let undated = rows().filter(|row| range(row).is_none());
    assert!(undated.into_iter().all(|row| row.reach == Reach::None), "a row without dates has no reach");
}

#[tokio::test]
async fn c57_a_window_wider_than_the_rules_allow_is_refused_by_a_day() {
    let everything = Everything::shared().await;
    let today = Date::parse("2026-03-01").expect("a day");
    for (row, (from, to)) in dated() {
        let path = everything.path(row);
        let get = async |(back, ahead): Window| {
            let (first, last) = (today.plus_days(back), today.plus_days(ahead));
            everything.world.ask(&everything.token, &path, &format!("{from}={first}&{to}={last}")).await
        };
        // Twelve months are 366 days, so that a leap year fits.
        let widest: Option<Window> = match row.reach {
            Reach::Year => Some((-366, 366)),
            Reach::PastYear => Some((-366, 0)),
            Reach::Current => Some((-6, 366)),
            Reach::PastWeek => Some((-6, 0)),
            Reach::None | Reach::Open | Reach::All => None,
        };
        let Some((back, ahead)) = widest else {
            assert_eq!(get((-9_000, 9_000)).await.status, 200, "{}: its file has no bounds", row.operation);
            continue;
        };
        assert_eq!(get((back, ahead)).await.status, 200, "{}: the widest window", row.operation);
        let asked = everything.world.asked().len();
        for wider in [
            (back - 1, ahead),
            (back, ahead + 1),
            (back - 1, back - 1),
            (ahead + 1, ahead + 1),
            (ahead, back),
        ] {
            assert_refused(&get(wider).await, row, INVALID, &format!("{wider:?}"));
        }
        assert_eq!(everything.world.asked().len(), asked, "{}: nobody is asked", row.operation);
    }
}
