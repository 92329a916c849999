//! The check of a day: a sample of its accepted reports, read back from the platform one by one (M20, M21).

use std::collections::BTreeMap;
use std::ops::AddAssign;

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

/// Examples kept of a day.
pub const EXAMPLES: usize = 50;

/// State of a report at the platform (M20).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReportState {
    /// Taken, not processed yet.
    Accepted,
    /// Refused; it can only be mended and posted again.
    Discarded,
    /// One-sided by nature.
    Single,
    /// The other side has not reported yet.
    Unpaired,
    /// The other side says something else.
    PairedInconsistent,
    /// Both sides say the same.
    Paired,
}

/// The remedy for a report in a state. There is no call that changes one: PUT is gone since 2.1.0 of the API.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Remedy {
    /// Nothing: it is as it should be, or final.
    None,
    /// Wait for the other side; if our own facts were wrong, post the right ones.
    Wait,
    /// Post the corrected report.
    Repost,
}

impl ReportState {
    /// The only thing that may be done about a report in this state (T53).
    #[must_use]
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::Paired | Self::Single => Remedy::None,
            Self::Accepted | Self::Unpaired => Remedy::Wait,
            Self::Discarded | Self::PairedInconsistent => Remedy::Repost,
        }
    }
}

/// A report as the platform shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformReport {
    /// Its id there.
    pub report_id: String,
    /// Its state.
    pub status: ReportState,
    /// `CLIENT` or `SERVER`.
    #[serde(default)]
    pub role: Option<String>,
    /// The fields that pairing compares (M21).
    #[serde(flatten)]
    pub facts: PairFacts,
    /// Message of the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The fields that pairing compares (M21).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PairFacts {
    /// Organisation of the client.
    pub client_org_id: Option<String>,
    /// Organisation of the server.
    pub server_org_id: Option<String>,
    /// Status of the answer.
    pub status_code: Option<u16>,
    /// Method.
    pub http_method: Option<String>,
    /// Endpoint template.
    pub endpoint: Option<String>,
}

impl PairFacts {
    /// Wire names of the fields that differ.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        [
            ("clientOrgId", self.client_org_id == other.client_org_id),
            ("serverOrgId", self.server_org_id == other.server_org_id),
            ("statusCode", self.status_code == other.status_code),
            ("httpMethod", self.http_method == other.http_method),
            ("endpoint", self.endpoint == other.endpoint),
        ]
        .into_iter()
        .filter_map(|(name, same)| (!same).then_some(name))
        .collect()
    }
}

/// States of the sample of one API and role.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sampled {
    /// Reports asked for.
    pub asked: u64,
    /// Both sides say the same.
    pub paired: u64,
    /// The sides differ.
    pub inconsistent: u64,
    /// The other side is missing.
    pub unpaired: u64,
    /// One-sided by nature.
    pub single: u64,
    /// Not processed yet.
    pub waiting: u64,
    /// Accepted once, discarded now.
    pub discarded: u64,
    /// The platform does not know it.
    pub unknown: u64,
}

impl Sampled {
    /// Counts one answer; `None` is a report that the platform does not know.
    pub const fn add(&mut self, state: Option<ReportState>) {
        self.asked += 1;
        let count = match state {
            Some(ReportState::Paired) => &mut self.paired,
            Some(ReportState::PairedInconsistent) => &mut self.inconsistent,
            Some(ReportState::Unpaired) => &mut self.unpaired,
            Some(ReportState::Single) => &mut self.single,
            Some(ReportState::Accepted) => &mut self.waiting,
            Some(ReportState::Discarded) => &mut self.discarded,
            None => &mut self.unknown,
        };
        *count += 1;
    }
}

impl AddAssign for Sampled {
    fn add_assign(&mut self, other: Self) {
        self.asked += other.asked;
        self.paired += other.paired;
        self.inconsistent += other.inconsistent;
        self.unpaired += other.unpaired;
        self.single += other.single;
        self.waiting += other.waiting;
        self.discarded += other.discarded;
        self.unknown += other.unknown;
    }
}

/// A report that is not paired, for an operator.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Example {
    /// Interaction id of the call.
    pub interaction: String,
    /// Family of endpoints.
    pub api: String,
    /// Our role.
    pub role: String,
    /// State of our report; `None` if the platform does not know it.
    pub status: Option<ReportState>,
    /// Our facts.
    pub ours: PairFacts,
    /// The facts of the other side, if it reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<PairFacts>,
    /// Wire names of the fields that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<String>,
}

/// The result of a check of one day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// When it was made.
    pub at: Moment,
    /// Whether the whole sample was asked for; false when time ran out.
    pub complete: bool,
    /// Sample by `api role`.
    pub sampled: BTreeMap<String, Sampled>,
    /// Up to [`EXAMPLES`] reports that need somebody.
    pub examples: Vec<Example>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t53_only_the_allowed_call() {
        for (state, remedy) in [
            (ReportState::Paired, Remedy::None),
            (ReportState::Single, Remedy::None),
            (ReportState::Accepted, Remedy::Wait),
            (ReportState::Unpaired, Remedy::Wait),
            (ReportState::PairedInconsistent, Remedy::Repost),
            (ReportState::Discarded, Remedy::Repost),
        ] {
            assert_eq!(state.remedy(), remedy, "{state:?}");
        }
    }

    #[test]
    fn m21_both_sides_are_compared_by_five_fields() {
        let ours =
            PairFacts { status_code: Some(200), endpoint: Some("/a".to_owned()), ..PairFacts::default() };
        let theirs = PairFacts { status_code: Some(500), ..ours.clone() };
        assert_eq!(ours.differing(&theirs), ["statusCode"]);
        assert!(ours.differing(&ours).is_empty());
        let facts: PairFacts = serde_json::from_str(
            r#"{"clientOrgId":"c","serverOrgId":"s","statusCode":200,"httpMethod":"GET","endpoint":"/a"}"#,
        )
        .unwrap();
        let all = ["clientOrgId", "serverOrgId", "statusCode", "httpMethod", "endpoint"];
        assert_eq!(facts.differing(&PairFacts::default()), all);
    }

    #[test]
    fn m20_each_state_of_a_sample_is_counted_under_its_name() {
        let states = [
            Some(ReportState::Paired),
            Some(ReportState::PairedInconsistent),
            Some(ReportState::Unpaired),
            Some(ReportState::Single),
            Some(ReportState::Accepted),
            Some(ReportState::Discarded),
            None,
        ];
        // The first state once, the second twice and so on, so that no two counts are equal.
        let mut sampled = Sampled::default();
        for (times, state) in (1..).zip(states) {
            (0..times).for_each(|_| sampled.add(state));
        }
        let expected = Sampled {
            asked: 28,
            paired: 1,
            inconsistent: 2,
            unpaired: 3,
            single: 4,
            waiting: 5,
            discarded: 6,
            unknown: 7,
        };
        assert_eq!(sampled, expected);
        let mut sum = expected;
        sum += expected;
        sum += expected;
        let thrice = Sampled {
            asked: 84,
            paired: 3,
            inconsistent: 6,
            unpaired: 9,
            single: 12,
            waiting: 15,
            discarded: 18,
            unknown: 21,
        };
        assert_eq!(sum, thrice);
    }

    #[test]
    fn m20_a_filed_report_is_read_from_the_wire() {
        let text = r#"{"reportId":"1","status":"PAIRED_INCONSISTENT","role":"SERVER","statusCode":200,"httpMethod":"GET",
            "endpoint":"/open-banking/accounts/v2/accounts","clientOrgId":"c","serverOrgId":"s","processTimespan":5,"additionalInfo":{}}"#;
        let filed: PlatformReport = serde_json::from_str(text).unwrap();
        assert_eq!((filed.status, filed.facts.status_code), (ReportState::PairedInconsistent, Some(200)));
    }
}
