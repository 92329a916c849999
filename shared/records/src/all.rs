//! Every API whose answers have tables.

use crate::tables::Tables;

/// The tables, an API each.
pub static ALL: &[&Tables] = &[
    &crate::accounts::TABLES,
    &crate::bank_fixed_incomes::TABLES,
    &crate::credit_cards_accounts::TABLES,
    &crate::credit_fixed_incomes::TABLES,
    &crate::customers::TABLES,
    &crate::exchanges::TABLES,
    &crate::financings::TABLES,
    &crate::funds::TABLES,
    &crate::invoice_financings::TABLES,
    &crate::loans::TABLES,
    &crate::treasure_titles::TABLES,
    &crate::unarranged_accounts_overdraft::TABLES,
    &crate::variable_incomes::TABLES,
];
