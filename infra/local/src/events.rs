//! What starts functions besides HTTP: queues and schedules.

mod poller;
mod record;
mod schedule;

pub use poller::Poller;
pub use schedule::{Scheduler, SchedulerTally};
