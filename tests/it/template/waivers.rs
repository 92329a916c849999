//! `infra/waivers.yaml`: the exceptions from the template rules, each with its reason.

use serde::Deserialize;

use super::Finding;
use crate::checkout;

/// One exception.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiver {
    rule: u8,
    resource: String,
    finding: String,
    reason: String,
}

impl Waiver {
    /// Whether it is about this finding.
    pub(super) fn covers(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.resource == finding.resource && self.finding == finding.text
    }
}

/// Every exception.
pub(super) fn read() -> Vec<Waiver> {
    let text = std::fs::read_to_string(checkout::root().join("infra/waivers.yaml"))
        .expect("the waivers can be read");
    serde_yaml_ng::from_str(&text).expect("the waivers have their four fields")
}

#[test]
fn every_waiver_has_a_reason() {
    for waiver in read() {
        assert!(waiver.reason.split_whitespace().count() > 8, "{waiver:?} gives no reason");
    }
}
