//! An operation as a multiple of its own RSA operations, which run in turns with it.

use super::figures::Figures;
use super::recipe::RsaWork;
use super::rsa::Rsa;
use super::{Fault, meter};

/// Rounds of RSA operations in a turn.
const CALLS: u32 = 50;

/// CPU of an operation and of its RSA operations alone, µs, a figure per turn.
#[derive(Default)]
pub(crate) struct Multiple {
    /// The operation.
    pub(crate) cpu: Figures,
    /// Its RSA operations.
    pub(crate) rsa: Figures,
    /// One over the other, turn by turn.
    pub(crate) ratio: Figures,
}

impl Multiple {
    /// One turn.
    pub(crate) fn push(&mut self, cpu: f64, rsa: f64) {
        self.cpu.push(cpu);
        self.rsa.push(rsa);
        self.ratio.push(cpu / rsa);
    }
}

/// CPU of these RSA operations in this process, µs.
pub(crate) fn alone(rsa: &Rsa, work: RsaWork) -> Result<f64, Fault> {
    // The first ones bring keys and code back into the caches.
    for _ in 0..CALLS / 10 {
        once(rsa, work)?;
    }
    let before = meter::own_cpu_nanos()?;
    for _ in 0..CALLS {
        once(rsa, work)?;
    }
    Ok(meter::micros(meter::own_cpu_nanos()? - before) / f64::from(CALLS))
}

fn once(rsa: &Rsa, work: RsaWork) -> Result<(), Fault> {
    rsa.open(work)?;
    rsa.sign(work)
}
