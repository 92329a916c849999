//! A member of an event, read on its own: one that cannot be read is as if absent, and the call goes on without it.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A member as it came. Nothing of it is judged before somebody needs it.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Member<'a>(#[serde(borrow)] Option<&'a RawValue>);

impl<'a> Member<'a> {
    /// A member that is there.
    pub(super) const fn of(raw: &'a RawValue) -> Self {
        Self(Some(raw))
    }

    /// Whether there is a value, readable or not; null is none.
    pub(super) const fn is_there(self) -> bool {
        self.0.is_some()
    }

    /// Its value, if it is one of `T`.
    pub(super) fn read<T: Deserialize<'a>>(self) -> Option<T> {
        serde_json::from_str(self.0?.get()).ok()
    }

    /// Its members; none if it is no object.
    pub(super) fn members<T: Deserialize<'a> + Default>(self) -> T {
        self.read().unwrap_or_default()
    }

    /// Its elements; none if it is no list.
    pub(super) fn elements(self) -> Vec<Self> {
        self.read().unwrap_or_default()
    }

    /// Its text; empty if it is none.
    pub(super) fn text(self) -> String {
        self.read().unwrap_or_default()
    }
}
