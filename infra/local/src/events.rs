//! Event sources: queues and schedules, which start functions besides HTTP.

mod poller;
mod record;
mod schedule;

pub use poller::Poller;
pub use schedule::{Scheduler, SchedulerTally};
