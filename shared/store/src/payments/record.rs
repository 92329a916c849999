//! A payment as an item. Its key is made from its endToEndId, so the row is the uniqueness of both.

use ponte_payment::payment::Payment;
use ponte_ports::PortError;
use ponte_ports::outbox::shard_of;

use super::table::WHAT;
use crate::body::{self, body_over};
use crate::dynamo::Dynamo;
use crate::item::{Item, item, key, n, s};
use crate::keys::META;
use crate::place::place;
use crate::seal::{self, Seals};

/// The item of a payment, written by the commit `owner`.
pub(super) fn item_of(dynamo: &Dynamo, payment: &Payment, owner: &str) -> Result<Item, PortError> {
    let keys = &dynamo.keys;
    let shard = shard_of(payment.id.as_str());
    let place = place(payment.created_at, &payment.id);
    let day = payment.day.unwrap_or_else(|| payment.created_at.date_brasilia());
    let mut stored = item(
        key(keys.payment(&payment.id), META),
        [
            ("version", n(payment.version)),
            ("status", s(payment.status().as_str())),
            ("owner", s(owner)),
            ("body", body_over(WHAT, payment, &payment.stored)?),
            ("createdpk", s(keys.payments_created(payment.created_at.date_utc(), shard))),
            ("daypk", s(keys.payments_of_day(day, shard))),
            ("place", s(place)),
        ],
    );
    // Without the attributes there is no entry: an index holds what is due, and what the core has a key of.
    if let Some(due) = payment.next_due() {
        stored = item(stored, [("duepk", s(keys.payments_due(shard))), ("due", s(due.with_millis()))]);
    }
    if let Some(core_id) = &payment.core_id {
        stored.insert("corepk".to_owned(), s(keys.core_payment(core_id)));
    }
    Ok(stored)
}

/// The payment of an item, with the seal of what was read and its form.
pub(super) fn read(stored: &Item) -> Result<Payment, PortError> {
    let mut payment: Payment = body::read(WHAT, stored)?;
    payment.seal = seal::of(stored);
    payment.stored = body::form_of(stored);
    Ok(payment)
}

/// The seals of a payment before a change, and after it in this item.
pub(super) fn seals(payment: &Payment, item: &Item) -> Seals {
    Seals { subject: payment.id.to_string(), before: payment.seal.clone(), after: seal::of(item) }
}
