//! The products of an authorisation: those that this release reads, and those that it keeps for another one.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::IgnoredAny;
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::resource::Resource;

/// The products that a customer chose to share. One that this release cannot read, because it is of a kind or in a status
/// that a later one writes, is in no list and is written back as it is, at its place (D8).
#[derive(Clone, Default)]
pub struct Resources {
    known: Vec<Resource>,
    /// Place among all products and the stored text, by place.
    unread: Vec<(usize, Box<RawValue>)>,
}

/// As much of a product as every release writes alike.
#[derive(Deserialize)]
struct Outline {
    #[serde(default)]
    approvals: Option<IgnoredAny>,
}

impl Resources {
    /// Whether a product needs the approval of several people (C31). One that this release cannot read at all counts as
    /// such: what it does not know it does not allow.
    #[must_use]
    pub(super) fn need_several_approvers(&self) -> bool {
        let needs = |(_, text): &(usize, Box<RawValue>)| {
            serde_json::from_str::<Outline>(text.get()).map_or(true, |outline| outline.approvals.is_some())
        };
        self.known.iter().any(|resource| resource.approvals().is_some()) || self.unread.iter().any(needs)
    }

    fn of_each(texts: Vec<Box<RawValue>>) -> Self {
        let mut resources = Self::default();
        for (place, text) in texts.into_iter().enumerate() {
            match serde_json::from_str(text.get()) {
                Ok(resource) => resources.known.push(resource),
                Err(_) => resources.unread.push((place, text)),
            }
        }
        resources
    }
}

impl From<Vec<Resource>> for Resources {
    fn from(known: Vec<Resource>) -> Self {
        Self { known, unread: Vec::new() }
    }
}

impl FromIterator<Resource> for Resources {
    fn from_iter<I: IntoIterator<Item = Resource>>(known: I) -> Self {
        known.into_iter().collect::<Vec<_>>().into()
    }
}

impl Deref for Resources {
    type Target = [Resource];

    fn deref(&self) -> &[Resource] {
        &self.known
    }
}

impl DerefMut for Resources {
    fn deref_mut(&mut self) -> &mut [Resource] {
        &mut self.known
    }
}

/// Without the texts that nobody reads here.
impl fmt::Debug for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resources")
            .field("known", &self.known)
            .field("unread", &self.unread.len())
            .finish_non_exhaustive()
    }
}

impl Serialize for Resources {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut known, mut unread) = (self.known.iter(), self.unread.iter().peekable());
        let count = self.known.len() + self.unread.len();
        let mut list = serializer.serialize_seq(Some(count))?;
        for place in 0..count {
            match unread.next_if(|(at, _)| *at == place) {
                Some((_, text)) => list.serialize_element(text)?,
                None => known.next().map_or(Ok(()), |resource| list.serialize_element(resource))?,
            }
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Resources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let list = Box::<RawValue>::deserialize(deserializer)?;
        // Nearly always all of them are known, and read at once.
        if let Ok(known) = serde_json::from_str::<Vec<Resource>>(list.get()) {
            return Ok(known.into());
        }
        serde_json::from_str(list.get())
            .map(Self::of_each)
            .map_err(|_| D::Error::custom("no list of products"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = r#"{"id":"a","kind":"ACCOUNT","legacyId":[],"status":"AVAILABLE"}"#;
    const KIND: &str = r#"{"id":"b","kind":"CREDIT_CARD_ACCOUNT_NEXT","legacyId":[],"status":"AVAILABLE"}"#;
    const STATUS: &str = r#"{"id":"c","kind":"ACCOUNT","legacyId":[],"status":"FROZEN_NEXT"}"#;
    const PENDING: &str =
        r#"{"id":"d","kind":"NEXT","legacyId":[],"status":"PENDING_AUTHORISATION","approvals":{"next":1}}"#;

    fn read(products: &[&str]) -> Resources {
        serde_json::from_str(&format!("[{}]", products.join(","))).unwrap()
    }

    #[test]
    fn d8_a_product_that_is_not_known_is_in_no_list_and_keeps_its_place() {
        for products in [&[KNOWN, KIND, KNOWN][..], &[STATUS, KNOWN], &[KIND, STATUS], &[KNOWN], &[]] {
            let resources = read(products);
            let known = products.iter().filter(|product| **product == KNOWN).count();
            assert_eq!((resources.len(), resources.iter().count()), (known, known));
            let again = serde_json::to_string(&resources).unwrap();
            assert_eq!(again, format!("[{}]", products.join(",")));
        }
        assert!(serde_json::from_str::<Resources>("{}").is_err());
    }

    #[test]
    fn d8_a_product_that_is_not_known_allows_nothing() {
        assert!(!read(&[KNOWN, KIND]).need_several_approvers());
        assert!(read(&[KNOWN, PENDING]).need_several_approvers());
        assert!(read(&["7"]).need_several_approvers());
    }

    #[test]
    fn d8_no_log_shows_what_is_not_read() {
        assert_eq!(format!("{:?}", read(&[KIND, STATUS])), "Resources { known: [], unread: 2, .. }");
    }
}
