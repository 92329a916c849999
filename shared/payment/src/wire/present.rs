//! Members that may be missing.

use serde::{Deserialize, Deserializer};

/// A member that may be missing but, if there, is a value: the files allow no `null`.
pub(super) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
