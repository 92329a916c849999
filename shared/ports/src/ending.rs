//! The end of a process that cannot serve any more.

use std::sync::{Arc, OnceLock};

/// A process that is to end after the answer it is at, so that Lambda makes a new execution environment. Clones share it.
#[derive(Clone, Default, Debug)]
pub struct Ending(Arc<OnceLock<&'static str>>);

impl Ending {
    /// The process ends after this answer; false if that was said before. `reason` goes into the log.
    #[must_use]
    pub fn after_this_answer(&self, reason: &'static str) -> bool {
        self.0.set(reason).is_ok()
    }

    /// Why the process ends, if it does.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.0.get().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lb11_the_first_reason_to_end_is_kept_and_told_once() {
        let ending = Ending::default();
        assert_eq!(ending.reason(), None);
        assert!(ending.after_this_answer("the first"));
        assert!(!ending.clone().after_this_answer("another"), "clones share it");
        assert_eq!(ending.reason(), Some("the first"));
    }
}
