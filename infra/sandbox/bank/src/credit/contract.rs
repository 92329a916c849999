//! A credit contract of a customer.

use ponte_values::Date;

use crate::credit::offers::Offer;
use crate::credit::schedule::Schedule;
use crate::holdings::Held;

/// A contract as it stands on one day.
pub(crate) struct Contract {
    pub(crate) held: Held,
    pub(crate) offer: &'static Offer,
    /// Whether it can be carried to another bank.
    pub(crate) portable: bool,
    /// What was borrowed, in cents.
    pub(crate) amount: i64,
    pub(crate) schedule: Schedule,
}

impl Contract {
    /// The contract `held`, made by one of these offers, on `today`.
    pub(crate) fn of(held: Held, offers: &'static [Offer], portable: bool, today: Date) -> Self {
        let offer = held.made_of(offers);
        // Contracts by the same offer are not over the same amount.
        let amount = offer.amount + held.number * 1_237;
        Self { held, offer, portable, amount, schedule: Schedule::of(offer, amount, today) }
    }
}
