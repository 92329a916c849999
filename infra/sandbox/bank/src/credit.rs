//! Loans 2.6.0, financings 2.4.0, invoice financings 2.4.0 and overdrafts beyond the limit 2.5.0: nearly the same thing four times.

mod contract;
mod detail;
mod offers;
mod payments;
mod schedule;

use ponte_values::Date;

use crate::call::{Answered, Call};
use crate::credit::contract::Contract;
use crate::credit::offers::{
    BUSINESS_LOANS, FINANCINGS, INVOICE_FINANCINGS, OVERDRAFTS, Offer, PERSONAL_LOANS,
};
use crate::holdings::{Family, Held};

/// One of the four.
struct Credit {
    family: Family,
    /// Whether contracts can be carried to another bank, which needs more to be said about them.
    portable: bool,
    personal: &'static [Offer],
    business: &'static [Offer],
}

const USUAL: Family =
    Family { api: "", kind: "", key: "contractId", prefix: "", few: 3, many: 3, unavailable: None };

/// The four.
static CREDITS: &[Credit] = &[
    Credit {
        family: Family { api: "loans", kind: "LOAN", prefix: "EMP", few: 5, many: 1_000, ..USUAL },
        portable: true,
        personal: PERSONAL_LOANS,
        business: BUSINESS_LOANS,
    },
    Credit {
        family: Family { api: "financings", kind: "FINANCING", prefix: "FIN", ..USUAL },
        portable: false,
        personal: FINANCINGS,
        business: FINANCINGS,
    },
    Credit {
        family: Family { api: "invoice-financings", kind: "INVOICE_FINANCING", prefix: "DIR", ..USUAL },
        portable: false,
        personal: INVOICE_FINANCINGS,
        business: INVOICE_FINANCINGS,
    },
    Credit {
        family: Family {
            api: "unarranged-accounts-overdraft",
            kind: "UNARRANGED_ACCOUNT_OVERDRAFT",
            prefix: "ADI",
            ..USUAL
        },
        portable: false,
        personal: OVERDRAFTS,
        business: OVERDRAFTS,
    },
];

/// Answers an operation of one of the four.
pub(crate) fn answer(api: &str, operation: &str, call: &Call<'_>) -> Answered {
    CREDITS.iter().find(|credit| credit.family.api == api)?.answer(operation, call)
}

impl Credit {
    fn answer(&'static self, operation: &str, call: &Call<'_>) -> Answered {
        let family = &self.family;
        let contract = || family.asked(call).map(|held| self.contract(held, call.today()));
        Some(match operation {
            "discovery" => Ok(call.discovered(family.kind, family.found(call.customer))),
            "contracts" => family.shared(call).and_then(|shared| {
                let listed = |held: Held| self.contract(held, call.today()).listed();
                call.list(&shared.into_iter().map(listed).collect::<Vec<_>>())
            }),
            "find" => contract().map(|contract| call.single(&contract.detail())),
            "warranties" => contract().and_then(|contract| call.list(&contract.warranties())),
            "scheduled-instalments" => contract().map(|contract| call.single(&contract.instalments())),
            "payments" => contract().map(|contract| call.single(&contract.payments(call.now))),
            _ => return None,
        })
    }

    fn contract(&'static self, held: Held, today: Date) -> Contract {
        let offers = if held.holder.is_company() { self.business } else { self.personal };
        Contract::of(held, offers, self.portable, today)
    }
}
