//! Serde functions for members whose wire form differs from the value: seconds, optional members, sets as lists.

use ponte_values::{Moment, PermissionSet};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

/// A member that may be missing but, if there, is a value: the files allow no `null`.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// `YYYY-MM-DDThh:mm:ssZ`, where the member is there (C56).
pub(crate) fn utc_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Moment>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Moment::parse_utc_seconds(&text).map(Some).map_err(D::Error::custom)
}

/// At least one permission, each known (C24: an unknown one is a fault of syntax).
pub(crate) fn permissions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PermissionSet, D::Error> {
    let set = PermissionSet::deserialize(deserializer)?;
    if set.is_empty() { Err(D::Error::custom("permissions must have at least one item")) } else { Ok(set) }
}

/// `YYYY-MM-DDThh:mm:ssZ` (C56).
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) fn seconds<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(moment)
}

/// The same for an optional member.
#[expect(clippy::ref_option, reason = "serde passes a reference")]
pub(crate) fn some_seconds<S: Serializer>(moment: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
    match moment {
        Some(moment) => seconds(moment, serializer),
        None => serializer.serialize_none(),
    }
}
