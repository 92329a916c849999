//! The classes of the endpoints, and the limits of a month that come with them (section 8.1 of the rules).

use crate::Frequency::{High, Low, Medium, MediumHigh};
use crate::{ALL, Frequency, Limits};

/// API, operations of the layer in it, class.
const CLASSES: &[(&str, &str, Frequency)] = &[
    ("accounts", "accounts find transactions", Low),
    ("accounts", "balances overdraft-limits reserved-balances transactions-current", High),
    ("bank-fixed-incomes", "investments", Medium),
    ("bank-fixed-incomes", "find transactions", Low),
    ("bank-fixed-incomes", "balances transactions-current", MediumHigh),
    ("credit-cards-accounts", "accounts transactions", Low),
    ("credit-cards-accounts", "find", MediumHigh),
    ("credit-cards-accounts", "bills bills-transactions", Medium),
    ("credit-cards-accounts", "limits transactions-current", High),
    ("credit-fixed-incomes", "investments", Medium),
    ("credit-fixed-incomes", "find transactions", Low),
    ("credit-fixed-incomes", "balances transactions-current", MediumHigh),
    ("customers", "personal/identifications personal/qualifications personal/financial-relations", Low),
    ("customers", "business/identifications business/qualifications business/financial-relations", Low),
    ("exchanges", "operations events", Medium),
    ("exchanges", "find", Low),
    ("financings", "contracts scheduled-instalments payments", Medium),
    ("financings", "find warranties", Low),
    ("funds", "investments", Medium),
    ("funds", "find transactions", Low),
    ("funds", "balances transactions-current", MediumHigh),
    ("invoice-financings", "contracts scheduled-instalments payments", Medium),
    ("invoice-financings", "find warranties", Low),
    ("loans", "contracts find scheduled-instalments", Medium),
    ("loans", "warranties", Low),
    ("loans", "payments", MediumHigh),
    ("treasure-titles", "investments", Medium),
    ("treasure-titles", "find transactions", Low),
    ("treasure-titles", "balances transactions-current", MediumHigh),
    ("unarranged-accounts-overdraft", "contracts scheduled-instalments payments", Medium),
    ("unarranged-accounts-overdraft", "find warranties", Low),
    ("variable-incomes", "investments balances transactions-current broker-notes", Medium),
    ("variable-incomes", "find transactions", Low),
];

/// The class that the table gives an operation of the layer.
fn class(api: &str, operation: &str) -> Option<Frequency> {
    let lists = |words: &str| words.split(' ').any(|word| word == operation);
    let mut found = CLASSES.iter().filter(|(name, words, _)| *name == api && lists(words));
    let class = found.next().map(|(.., class)| *class);
    assert!(found.next().is_none(), "{operation} of {api} stands twice");
    class
}

/// What the regulation leaves a receiver a month in a class; balances, limits and reserves of accounts have more (L06).
fn a_month(operation: &str, class: Frequency) -> u32 {
    match (operation, class) {
        ("/accounts/balances" | "/accounts/overdraft-limits" | "/accounts/reserved-balances", _) => 420,
        (_, High) => 240,
        (_, MediumHigh) => 120,
        (_, Medium) => 30,
        (_, Low) => 8,
    }
}

#[test]
fn l01_l06_classes_and_monthly_limits_are_those_of_the_rules() {
    for row in ALL.iter().flat_map(|rows| rows.iter()) {
        let Some(operation) = row.layer else {
            assert_eq!(row.limits, Limits::Institution, "{}: none for these", row.operation);
            continue;
        };
        let name = operation.strip_prefix(&format!("/{}/", row.api.name)).unwrap();
        assert_eq!(class(row.api.name, name), Some(row.frequency), "{operation}");
        let a_month = a_month(operation, row.frequency);
        assert_eq!(row.limits, Limits::Operational { a_month }, "{operation}");
    }
}
