//! Data consents as the store keeps them.

use aws_sdk_dynamodb::types::AttributeValue;
use ponte_data_consent::consent::{Consent, Lifetime};
use ponte_ports::StoredForm;
use ponte_values::TargetKind;

use super::record::{Facts, StoredConsent};
use super::table::WHAT;
use crate::item::s;

impl StoredConsent for Consent {
    const WHAT: &'static str = WHAT;
    const KIND: TargetKind = TargetKind::Consent;

    fn facts(&self) -> Facts<'_> {
        Facts {
            id: &self.id,
            client: &self.client,
            search: &self.search,
            created_at: self.created_at,
            version: self.version,
            status: self.at(self.status_updated_at).status().as_str(),
            next_due: self.next_due(),
            discard_at: self.discard_at(),
            seal: self.seal.as_deref(),
            stored: &self.stored,
        }
    }

    fn keep(&mut self, seal: Option<String>, form: StoredForm) {
        self.seal = seal;
        self.stored = form;
    }

    /// Attributes for the count of a day, which does not read bodies (M50).
    fn more(&self) -> Vec<(&'static str, AttributeValue)> {
        let Some(Lifetime { from, until }) = self.lifetime() else { return Vec::new() };
        let receiver = self.organisation.as_str();
        let mut more = vec![("organisation", s(receiver)), ("authorised_at", s(from.with_millis()))];
        more.extend(until.map(|end| ("ends_at", s(end.with_millis()))));
        more
    }
}
