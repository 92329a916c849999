//! A process that dies where a test says so.

use std::sync::Mutex;

use ponte_ports::PortError;

/// A process that dies at a port call of the test's choice, with or without the effect of that call.
#[derive(Default)]
pub(crate) struct Fuse(Mutex<Burning>);

#[derive(Default)]
struct Burning {
    left: Option<usize>,
    after_effect: bool,
    /// Only the call fails, the process goes on.
    survives: bool,
    dead: bool,
}

impl Fuse {
    /// Dies at the call after `calls` more.
    pub(crate) fn light(&self, calls: usize, after_effect: bool) {
        *self.0.lock().unwrap() = Burning { left: Some(calls), after_effect, ..Burning::default() };
    }

    /// The call after `calls` more has its effect, but its answer is lost.
    pub(crate) fn lose_answer(&self, calls: usize) {
        let burning = Burning { left: Some(calls), after_effect: true, survives: true, dead: false };
        *self.0.lock().unwrap() = burning;
    }

    /// A new process.
    pub(crate) fn replace(&self) {
        *self.0.lock().unwrap() = Burning::default();
    }

    pub(super) fn call<T>(&self, effect: impl FnOnce() -> T) -> Result<T, PortError> {
        let died = || PortError::new("memory", "died on purpose");
        let mut burning = self.0.lock().unwrap();
        if burning.dead {
            return Err(died());
        }
        match burning.left {
            Some(0) => {
                burning.dead = !burning.survives;
                burning.left = None;
                if burning.after_effect {
                    effect();
                }
                Err(died())
            }
            Some(left) => {
                burning.left = Some(left - 1);
                Ok(effect())
            }
            None => Ok(effect()),
        }
    }
}
