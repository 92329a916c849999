//! Payments over a running stack: an initiator, its customers in front of the institution's channel, and the payment core that keeps the
//! books. The numbers are those of the fault model (T..) and of the cases that other people's software met (PB-..).
//!
//! | file | subject |
//! |---|---|
//! | `initiator` | used by all: signed calls whose answers are opened, decisions, payments until they are settled |
//! | `payment_core` | used by all: the controls of the payment core, and its books |
//! | `virtual_time` | used by all: a stack and its participants by a clock that a test puts where it wants |
//! | `amounts`, `codes`, `identifiers` | PB-A, PB-D, PB-E: what is written, and what is debited |
//! | `repeated` | PB-B, PB-F03, T01, T18: the same request more than once, and at once |
//! | `days` | PB-C, schedules whose day comes |
//! | `lost` | PB-G, T02, T03, T25, T26: a core that executes and says nothing, processes that end |

mod amounts;
mod codes;
mod days;
mod identifiers;
mod initiator;
mod lost;
mod payment_core;
mod repeated;
pub(super) mod virtual_time;

pub(super) use initiator::{
    ANA, ANA_ACCOUNT, BRUNO, BRUNO_JOINT, ESTUDIO, ESTUDIO_ACCOUNT, Initiator, account, today, tomorrow,
};

use ponte_bank::customers::CUSTOMERS;
use ponte_participant::{PaymentOrder, PaymentsApi};

const V5: PaymentsApi = PaymentsApi::V5;
/// The key of the shop.
const KEY: &str = "cea24d72-0b41-5f88-97fc-6115dcd3db3a";

/// A payment of the first customer to the shop, written by hand.
fn order_of(amount: &str) -> PaymentOrder {
    PaymentOrder::manual(V5, (CUSTOMERS[ANA].cpf, None), amount)
}
