//! What was reported, in an append-only file: a restart reads it again and pairs again.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ponte_values::Moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Rules;
use super::funnel::Step;
use super::pairing::{Kept, Pairs, Status};
use super::report::{Intake, Report};
use crate::error::SandboxError;

/// One line of the file: one item as it was sent, and what was answered.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    /// `private` or the path of a funnel step.
    pub(crate) kind: String,
    pub(crate) report_id: String,
    pub(crate) reporter: String,
    pub(crate) received_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) discarded: Option<String>,
    pub(crate) item: Value,
}

/// A funnel item as kept.
pub(crate) struct FunnelItem {
    pub(crate) step: Step,
    pub(crate) consent: String,
    /// When the step happened, as it was sent.
    pub(crate) at: String,
    pub(crate) discarded: Option<String>,
}

/// Everything reported so far.
pub(crate) struct Store {
    file: File,
    path: PathBuf,
    pub(crate) pairs: Pairs,
    pub(crate) funnel: Vec<FunnelItem>,
    /// Items that were sent a second time.
    pub(crate) repeated: u64,
}

impl Store {
    /// Reads the file at `path`, or begins it.
    pub(crate) fn open(path: &Path, rules: &Rules) -> Result<Self, SandboxError> {
        let text = crate::files::read(path)?.unwrap_or_default();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(SandboxError::file(folder))?;
        }
        let file =
            OpenOptions::new().create(true).append(true).open(path).map_err(SandboxError::file(path))?;
        // A process killed while writing leaves half a line at the end: that batch was never answered.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64).map_err(SandboxError::file(path))?;
        let mut store =
            Self { file, path: path.to_owned(), pairs: Pairs::default(), funnel: Vec::new(), repeated: 0 };
        for line in text[..whole].lines() {
            let line: Line =
                serde_json::from_str(line).map_err(|problem| SandboxError::damaged(path, problem))?;
            store.index(line, rules);
        }
        Ok(store)
    }

    /// Writes the lines, then takes them into the index.
    pub(crate) fn append(&mut self, lines: Vec<Line>, rules: &Rules) -> Result<(), SandboxError> {
        let mut text = String::new();
        for line in &lines {
            text.push_str(&serde_json::to_string(line).map_err(SandboxError::unusable)?);
            text.push('\n');
        }
        self.file.write_all(text.as_bytes()).map_err(SandboxError::file(self.path.clone()))?;
        for line in lines {
            self.index(line, rules);
        }
        Ok(())
    }

    fn index(&mut self, line: Line, rules: &Rules) {
        if let Some(step) = Step::at(&line.kind) {
            let text = |name: &str| line.item[name].as_str().unwrap_or_default().to_owned();
            let (consent, at) = (text("consentId"), text("timestamp"));
            self.funnel.push(FunnelItem { step, consent, at, discarded: line.discarded });
            return;
        }
        // Judged again as of then, so that a report that was good stays good.
        let then = Moment::parse(&line.received_at).unwrap_or(Moment::from_seconds(0));
        let intake = Intake {
            endpoints: &rules.endpoints,
            members: &rules.members,
            reporter: &line.reporter,
            now: then,
        };
        let report = match &line.discarded {
            Some(_) => None,
            None => Report::read(&line.item, &intake).ok(),
        };
        self.pairs.add(Kept {
            id: line.report_id,
            reporter: line.reporter,
            created_at: line.received_at.clone(),
            updated_at: line.received_at,
            status: Status::Discarded,
            counterpart: None,
            message: line.discarded,
            report,
            item: line.item,
        });
    }
}
