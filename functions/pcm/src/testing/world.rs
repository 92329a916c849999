//! Everything around the function, in memory.

use std::sync::{Arc, Mutex};

use ponte_catalog::pcm::EndpointList;
use ponte_kit::clock::ManualClock;
use ponte_kit::operations::OperationsInMemory;
use ponte_kit::quality::QualityInMemory;
use ponte_kit::store::Store;
use ponte_metrics::ports::PlatformAnswer;

use crate::ports::Ports;

use super::clock::Counting;
use super::memory::Memory;
use super::platform::Script;
use super::queue::Queue;
use super::rows::noon;

/// Everything around the function.
pub(crate) struct World {
    pub(crate) memory: Arc<Memory>,
    /// Where customers arrived.
    pub(crate) arrivals: Arc<Store>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) platform: Arc<Script>,
    pub(crate) operations: Arc<OperationsInMemory>,
    pub(crate) quality: Arc<QualityInMemory>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ports: Arc<Ports>,
}

pub(crate) fn world(rule: impl Fn(usize, &[&str]) -> PlatformAnswer + Send + Sync + 'static) -> World {
    let operations = Arc::<OperationsInMemory>::default();
    let quality = Arc::<QualityInMemory>::default();
    let (memory, queue) = (Arc::<Memory>::default(), Arc::<Queue>::default());
    let arrivals = Arc::<Store>::default();
    let clock = Arc::new(ManualClock::at(noon()));
    let platform = Arc::new(Script {
        rule: Box::new(rule),
        fuse: memory.fuse.clone(),
        calls: Mutex::default(),
        filed: Mutex::default(),
    });
    let ports = Arc::new(Ports {
        backlog: memory.clone(),
        tickets: queue.clone(),
        settlements: memory.clone(),
        ledger: memory.clone(),
        arrivals: arrivals.clone(),
        platform: platform.clone(),
        operations: operations.clone(),
        quality: quality.clone(),
        clock: clock.clone(),
        ids: Arc::new(Counting(clock.clone())),
        pauses: clock.clone(),
        endpoints: EndpointList::built_in(),
    });
    World { memory, arrivals, queue, platform, operations, quality, clock, ports }
}
