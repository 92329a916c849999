//! The healthy bank has no fault, and every operation of the catalog is asked in every way that applies to it.

use ponte_catalog::{Row, Shape};

use super::checked;
use crate::operations::{self, Asks, Operation};
use crate::sheet::{Check, Outcome};

/// Ways that nobody at the sandbox bank has enough records for: of each there is one.
const NOT_MADE: &[(&str, Check)] = &[
    ("/customers/personal/identifications", Check::Pages),
    ("/customers/business/identifications", Check::Pages),
    ("/financings/warranties", Check::Pages),
    ("/invoice-financings/warranties", Check::Pages),
    ("/unarranged-accounts-overdraft/warranties", Check::Pages),
];

#[tokio::test(start_paused = true)]
async fn the_sandbox_bank_has_no_fault_and_is_asked_everything() {
    let report = checked(None, None, &[]).await;
    assert_eq!(report.faults, 0, "{}", report.text());
    let operations = operations::all();
    assert_eq!(report.operations.len(), operations.len());
    let mut wrong = Vec::new();
    for operation in &operations {
        let found = report.operations.iter().find(|one| one.operation == operation.path).unwrap();
        for check in Check::ALL {
            let made = found.checks[&check] == Outcome::Held;
            let left_out = NOT_MADE.contains(&(operation.path, check));
            if made != (applies(operation, check) && !left_out) {
                wrong.push(format!("{} {check:?}: made {made}", operation.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), report.text());
}

/// Whether an operation can be asked in a way at all, by what the catalog says of it.
fn applies(operation: &Operation, check: Check) -> bool {
    match (operation.asks, check) {
        (_, Check::Answer | Check::Body | Check::Time | Check::Access) | (Asks::Row(_), Check::Parallel) => {
            true
        }
        (Asks::Decrypt, check) => matches!(check, Check::Unknown | Check::Parallel),
        (Asks::AccountHolder, check) => check == Check::Unknown,
        (Asks::Discovery(_), check) => matches!(check, Check::Empty | Check::Parallel),
        (Asks::Row(row), Check::Empty | Check::Pages) => row.smallest_page.is_some(),
        (Asks::Row(row), Check::Unknown | Check::Foreign) => names_something(row),
        (Asks::Row(row), Check::Shared) => row.shape == Shape::Products || !row.ids.is_empty(),
        // The bank inflates nothing, and does not say that it does.
        (_, Check::Gzip) => false,
        (Asks::Row(row), Check::Filters) => !row.filters.is_empty(),
    }
}

/// Whether its path names a product, or what a product has.
fn names_something(row: &Row) -> bool {
    row.product.is_some() || !row.ids.is_empty()
}
