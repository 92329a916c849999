//! Reports and their counterparts (M20, M21): by interaction id, then organisations, status, method and endpoint.

use std::collections::HashMap;

use ponte_values::Moment;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::report::{Report, Role};

/// State of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Refused at intake.
    Discarded,
    /// One-sided by nature: there is nothing to pair it by.
    Single,
    /// No counterpart yet.
    Unpaired,
    /// A counterpart that says something else.
    PairedInconsistent,
    /// A counterpart that says the same.
    Paired,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Discarded => "DISCARDED",
            Self::Single => "SINGLE",
            Self::Unpaired => "UNPAIRED",
            Self::PairedInconsistent => "PAIRED_INCONSISTENT",
            Self::Paired => "PAIRED",
        }
    }
}

/// A report as kept.
pub(crate) struct Kept {
    pub(crate) id: String,
    /// Organisation that sent it.
    pub(crate) reporter: String,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) status: Status,
    pub(crate) counterpart: Option<usize>,
    /// Why it was discarded.
    pub(crate) message: Option<String>,
    /// The report; none when it was discarded at intake.
    pub(crate) report: Option<Report>,
    /// The item as it was sent.
    pub(crate) item: Box<RawValue>,
    /// Message, when it was discarded at intake.
    pub(crate) said: Option<Box<Said>>,
}

/// Fields that are read of a discarded report, which may have any shape.
pub(crate) struct Said {
    interaction: Option<String>,
    parties: [Option<String>; 2],
}

/// All private reports with their index by interaction id.
#[derive(Default)]
pub(crate) struct Pairs {
    kept: Vec<Kept>,
    by_interaction: HashMap<String, Vec<usize>>,
}

impl Said {
    pub(crate) fn of(item: &Value) -> Self {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        Self {
            interaction: text("fapiInteractionId").map(str::to_ascii_lowercase),
            parties: ["clientOrgId", "serverOrgId"].map(|name| text(name).map(str::to_owned)),
        }
    }
}

impl Kept {
    /// The interaction it is about, in lower case.
    pub(crate) fn interaction(&self) -> Option<&str> {
        match (&self.report, &self.said) {
            (Some(report), _) => report.interaction.as_deref(),
            (None, said) => said.as_ref()?.interaction.as_deref(),
        }
    }

    /// Whether it names this organisation as one of the two.
    pub(crate) fn is_party(&self, organisation: &str) -> bool {
        match (&self.report, &self.said) {
            (Some(report), _) => report.client == organisation || report.server == organisation,
            (None, Some(said)) => said.parties.iter().flatten().any(|party| party == organisation),
            (None, None) => false,
        }
    }
}

impl Pairs {
    /// Everything, oldest first.
    pub(crate) fn all(&self) -> &[Kept] {
        &self.kept
    }

    /// Everything about one interaction.
    pub(crate) fn of(&self, interaction: &str) -> impl Iterator<Item = &Kept> {
        self.by_interaction
            .get(&interaction.to_ascii_lowercase())
            .into_iter()
            .flatten()
            .map(|position| &self.kept[*position])
    }

    /// An earlier report of the same call by the same side: the same batch was sent again.
    pub(crate) fn earlier(&self, reporter: &str, report: &Report) -> Option<&Kept> {
        self.of(report.interaction.as_deref()?)
            .find(|kept| kept.reporter == reporter && kept.report.as_ref() == Some(report))
    }

    /// Keeps a report and pairs it.
    pub(crate) fn add(&mut self, mut kept: Kept) {
        kept.status = match &kept.report {
            None => Status::Discarded,
            Some(report) if report.interaction.is_none() => Status::Single,
            Some(_) => Status::Unpaired,
        };
        let here = self.kept.len();
        let other = kept.report.as_ref().and_then(|report| self.counterpart(report));
        let when = kept.updated_at;
        if let Some(interaction) = kept.interaction() {
            self.by_interaction.entry(interaction.to_owned()).or_default().push(here);
        }
        self.kept.push(kept);
        if let Some((there, status)) = other {
            self.join(here, there, status, when);
        }
    }

    /// The open report of the other side: one that says the same if there is one, else any.
    fn counterpart(&self, report: &Report) -> Option<(usize, Status)> {
        let positions = self.by_interaction.get(report.interaction.as_deref()?)?;
        let open = |position: &&usize| {
            let kept = &self.kept[**position];
            matches!(kept.status, Status::Unpaired | Status::PairedInconsistent)
                && kept.report.as_ref().is_some_and(|other| other.role != report.role)
        };
        let agrees = |position: &&usize| {
            self.kept[**position].report.as_ref().is_some_and(|other| same_call(other, report))
        };
        if let Some(position) = positions.iter().filter(open).find(agrees) {
            return Some((*position, Status::Paired));
        }
        positions
            .iter()
            .filter(open)
            .find(|position| self.kept[**position].status == Status::Unpaired)
            .map(|position| (*position, Status::PairedInconsistent))
    }

    fn join(&mut self, here: usize, there: usize, status: Status, when: Moment) {
        // A corrected report takes the place of the one that did not agree.
        if let Some(replaced) = self.kept[there].counterpart {
            let id = self.kept[here].id.clone();
            let old = &mut self.kept[replaced];
            old.status = Status::Discarded;
            old.message = Some(format!("Replaced by {id}"));
            old.counterpart = None;
            old.updated_at = when;
        }
        for (one, other) in [(here, there), (there, here)] {
            let kept = &mut self.kept[one];
            kept.status = status;
            kept.counterpart = Some(other);
            kept.updated_at = when;
        }
    }
}

fn same_call(one: &Report, other: &Report) -> bool {
    one.client == other.client
        && one.server == other.server
        && one.status_code == other.status_code
        && one.method == other.method
        && one.endpoint == other.endpoint
}

/// Both roles, for tables.
pub(crate) const ROLES: [Role; 2] = [Role::Client, Role::Server];
