//! Every API that is served.

use crate::row::Row;

/// The rows of every API, an API each.
pub static ALL: &[&[&Row]] = &[
    crate::accounts::ROWS,
    crate::bank_fixed_incomes::ROWS,
    crate::consents::ROWS,
    crate::credit_cards_accounts::ROWS,
    crate::credit_fixed_incomes::ROWS,
    crate::customers::ROWS,
    crate::exchanges::ROWS,
    crate::financings::ROWS,
    crate::funds::ROWS,
    crate::invoice_financings::ROWS,
    crate::loans::ROWS,
    crate::payments::v5::ROWS,
    crate::payments::v4::ROWS,
    crate::resources::ROWS,
    crate::treasure_titles::ROWS,
    crate::unarranged_accounts_overdraft::ROWS,
    crate::variable_incomes::ROWS,
];
