//! The payment: its status as others see it, and how far its execution at the core is (P20, P21, T01 to T15).
//!
//! | module | contents |
//! |---|---|
//! | [`accepted`] | new payments of a request, with the consent that they use up |
//! | [`stored`], [`status`], [`end`] | the stored payment, its status, and how it ends |
//! | [`execution`], [`claim`] | claim, SENT, DONE or UNKNOWN, with owner and epoch: nothing is sent twice blindly |
//! | [`step`] | what is to be done next |
//! | [`core_report`] | what the core says of it, by answer, by poll or by push: one transition for all |
//! | [`resolve`] | what operators say where asking cannot decide |
//! | [`schedule`], [`cancel`] | the day of a scheduled payment; cancellation |
//! | [`change`] | a decided change with all that is written with it |

mod accepted;
mod cancel;
mod change;
mod claim;
mod core_report;
mod end;
mod execution;
mod fault;
mod resolve;
mod schedule;
mod status;
mod step;
mod stored;

pub use accepted::{AcceptedPayments, payment_id};
pub use cancel::CancellationWay;
pub use change::PaymentChange;
pub use claim::LEASE;
pub use core_report::{CoreReport, CoreStatus};
pub use end::{Cancellation, CancellationReason, CancelledFrom, Rejection, RejectionCode};
pub use execution::{Attempt, Earlier, Execution, ParkReason};
pub use fault::PaymentFault;
pub use status::PaymentStatus;
pub use step::{GIVE_UP_AFTER, SCHEDULING_LIMIT, Step};
pub use stored::{Counted, Payment};
