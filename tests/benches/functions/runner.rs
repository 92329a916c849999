//! One process under the same event again and again, and its cost.

use bytes::Bytes;

use super::Fault;
use super::driver::{Function, Launch};
use super::figures::Figures;
use super::meter::micros;

/// Cold starts of each operation.
const COLD_STARTS: usize = 9;
/// Invocations at the start of a turn that are not counted: they bring the process back into the caches.
const WARM: u32 = 10;
/// Invocations in a turn. Short turns in quick alternation, because a busy machine changes its pace within a second.
const CALLS: u32 = 50;

/// A process under load.
pub(crate) struct Runner(Function);

/// Cost of load.
#[derive(Default)]
pub(crate) struct Load {
    /// CPU of one invocation, µs, a figure per turn.
    pub(crate) cpu: Figures,
    /// Time of one invocation, µs, a figure each.
    pub(crate) wall: Figures,
}

/// CPU of starts, ms.
#[derive(Default)]
pub(crate) struct Cold {
    /// From spawn to asking for work.
    pub(crate) init: Figures,
    /// First invocation.
    pub(crate) first: Figures,
}

impl Runner {
    /// Starts the process.
    pub(crate) async fn start(launch: &Launch<'_>) -> Result<Self, Fault> {
        Ok(Self(Function::start(launch).await?))
    }

    /// Invocations that are not counted.
    pub(crate) async fn warm(&mut self, event: &Bytes, calls: u32) -> Result<(), Fault> {
        for _ in 0..calls {
            self.0.invoke(event.clone()).await?;
        }
        Ok(())
    }

    /// One turn, noted in `load`; gives the CPU of one invocation, µs.
    pub(crate) async fn turn(&mut self, event: &Bytes, load: &mut Load) -> Result<f64, Fault> {
        self.warm(event, WARM).await?;
        let before = self.0.cpu_nanos().await?;
        for _ in 0..CALLS {
            let wall = self.0.invoke(event.clone()).await?.wall;
            load.wall.push(wall.as_secs_f64() * 1e6);
        }
        let cpu = micros(self.0.cpu_nanos().await? - before) / f64::from(CALLS);
        load.cpu.push(cpu);
        Ok(cpu)
    }

    /// Largest resident set so far, in MiB.
    pub(crate) fn peak_mib(&self) -> Result<f64, Fault> {
        self.0.peak_mib()
    }
}

impl Cold {
    /// Starts the process again and again, with one invocation each.
    pub(crate) async fn measure(launch: &Launch<'_>, event: &Bytes) -> Result<Self, Fault> {
        let mut cold = Self::default();
        for _ in 0..COLD_STARTS {
            let mut function = Function::start(launch).await?;
            let init = function.cpu_nanos().await?;
            function.invoke(event.clone()).await?;
            let first = function.cpu_nanos().await?;
            cold.init.push(micros(init) / 1e3);
            cold.first.push(micros(first - init) / 1e3);
        }
        Ok(cold)
    }
}
