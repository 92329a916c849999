//! The five APIs of investments: bank fixed incomes 1.1.0, credit fixed incomes 1.1.0, funds 1.1.0, treasure titles 1.1.0 and
//! variable incomes 1.3.0. One mechanism; each API has a file with its papers and the shape of its records.

mod api;
mod bank_fixed_incomes;
mod bonds;
mod broker_notes;
mod credit_fixed_incomes;
mod funds;
mod position;
mod treasure_titles;
mod variable_incomes;

use crate::call::{Answered, Call};
use crate::investments::api::Investments;

/// The five.
static INVESTMENTS: &[&Investments] = &[
    &bank_fixed_incomes::API,
    &credit_fixed_incomes::API,
    &funds::API,
    &treasure_titles::API,
    &variable_incomes::API,
];

/// Answers an operation of one of the five.
pub(crate) fn answer(api: &str, operation: &str, call: &Call<'_>) -> Answered {
    INVESTMENTS.iter().find(|one| one.family.api == api)?.answer(operation, call)
}
