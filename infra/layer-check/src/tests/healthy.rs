//! The healthy bank has no fault, and every operation that it offers is asked in every way that there is.

use super::checked;
use crate::sheet::{Check, Outcome};

#[tokio::test(start_paused = true)]
async fn the_sandbox_bank_has_no_fault() {
    let report = checked(None, &[]).await;
    assert_eq!(report.faults, 0, "{}", report.text());
}

#[tokio::test(start_paused = true)]
async fn accounts_are_asked_in_every_way_that_applies() {
    let report = checked(None, &["/accounts/", "/authentication/", "/check-account-holder"]).await;
    let made = |operation: &str| {
        let found = report.operations.iter().find(|one| one.operation == operation).unwrap();
        let held = found.checks.iter().filter(|(_, outcome)| **outcome == Outcome::Held);
        held.map(|(check, _)| *check).collect::<Vec<_>>()
    };
    assert_eq!(made("/accounts/transactions"), Check::ALL, "{}", report.text());
    let without = |without: &[Check]| {
        Check::ALL.into_iter().filter(|check| !without.contains(check)).collect::<Vec<_>>()
    };
    let no_list = [Check::Empty, Check::Pages, Check::Filters];
    for operation in ["/accounts/find", "/accounts/balances", "/accounts/overdraft-limits"] {
        assert_eq!(made(operation), without(&no_list), "{}", report.text());
    }
    let discovery = [Check::Pages, Check::Unknown, Check::Foreign, Check::Filters];
    assert_eq!(made("/accounts/account-discovery"), without(&discovery), "{}", report.text());
    let decrypt = [Check::Empty, Check::Pages, Check::Foreign, Check::Filters];
    assert_eq!(made("/authentication/decrypt"), without(&decrypt), "{}", report.text());
}
