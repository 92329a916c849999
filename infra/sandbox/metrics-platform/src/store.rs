//! Store of the reports, in an append-only file: a restart reads it again and pairs again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ponte_machine::{SandboxError, clock};
use ponte_values::Moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::check::Discard;
use crate::funnel::Step;
use crate::kind::{Kind, Passed};
use crate::ordered_faults::Withdrawn;
use crate::pairing::{Kept, Pairs, Said, Status};
use crate::rules::Rules;
use crate::stock::{self, KeptStock};

/// One line of the file: one item as it was sent, and what was answered.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    kind: String,
    report_id: String,
    reporter: String,
    received_at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discarded: Option<String>,
    item: Box<RawValue>,
}

/// An item that has just come in.
pub(crate) struct New<'a> {
    pub(crate) kind: Kind,
    pub(crate) reporter: &'a str,
    pub(crate) at: Moment,
    pub(crate) item: &'a Value,
    /// The same as it was written.
    pub(crate) raw: &'a RawValue,
}

/// A funnel item as kept.
pub(crate) struct FunnelItem {
    pub(crate) step: Step,
    pub(crate) consent: String,
    /// When the step happened, as it was sent.
    pub(crate) at: String,
    pub(crate) discarded: Option<String>,
    id: String,
}

/// Status of payments, by reporter and payment.
#[derive(Default)]
pub(crate) struct Payments(HashMap<(String, String), Vec<KeptPayment>>);

/// One saying.
pub(crate) struct KeptPayment {
    pub(crate) id: String,
    pub(crate) created_at: Moment,
    pub(crate) item: Box<RawValue>,
}

/// Items that were refused, and those that were only counted.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) accepted: u64,
    pub(crate) discarded: Vec<String>,
}

/// Everything reported so far.
pub(crate) struct Store {
    file: File,
    path: PathBuf,
    unwritten: String,
    pub(crate) pairs: Pairs,
    pub(crate) funnel: Vec<FunnelItem>,
    funnel_index: HashMap<(String, String, String, &'static str), usize>,
    pub(crate) payments: Payments,
    pub(crate) stocks: Vec<KeptStock>,
    pub(crate) open_data: Tally,
    pub(crate) payment_tally: Tally,
    pub(crate) stock_tally: Tally,
    /// Private reports that were sent a second time.
    pub(crate) repeated: u64,
    /// Everything else that was sent a second time.
    pub(crate) repeated_others: u64,
}

impl Payments {
    /// Last status of a payment from this reporter.
    pub(crate) fn last(&self, reporter: &str, payment: &str) -> Option<&KeptPayment> {
        self.0.get(&(reporter.to_owned(), payment.to_owned()))?.last()
    }
}

impl Tally {
    fn count(&mut self, discarded: Option<Discard>) {
        match discarded {
            Some(message) => self.discarded.push(message),
            None => self.accepted += 1,
        }
    }
}

impl Store {
    /// Reads the file at `path`, or begins it.
    pub(crate) fn open(path: &Path, rules: &Rules) -> Result<Self, SandboxError> {
        let text = ponte_machine::files::read(path)?.unwrap_or_default();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(SandboxError::file(folder))?;
        }
        let file =
            OpenOptions::new().create(true).append(true).open(path).map_err(SandboxError::file(path))?;
        // A process killed while writing leaves half a line at the end: that batch was never answered.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64).map_err(SandboxError::file(path))?;
        let mut store = Self {
            file,
            path: path.to_owned(),
            unwritten: String::new(),
            pairs: Pairs::default(),
            funnel: Vec::new(),
            funnel_index: HashMap::new(),
            payments: Payments::default(),
            stocks: Vec::new(),
            open_data: Tally::default(),
            payment_tally: Tally::default(),
            stock_tally: Tally::default(),
            repeated: 0,
            repeated_others: 0,
        };
        for line in text[..whole].lines() {
            let line: Line =
                serde_json::from_str(line).map_err(|problem| SandboxError::damaged(path, problem))?;
            store.read_again(line, rules)?;
        }
        Ok(store)
    }

    /// A line of an earlier start: judged again as of then, so that a report that was good stays good.
    fn read_again(&mut self, line: Line, rules: &Rules) -> Result<(), SandboxError> {
        let Line { kind, report_id, reporter, received_at, discarded, item: raw } = line;
        let kind = Kind::of(&kind).ok_or_else(|| SandboxError::damaged(&self.path, "unknown kind"))?;
        let item: Value =
            serde_json::from_str(raw.get()).map_err(|problem| SandboxError::damaged(&self.path, problem))?;
        let judged = match discarded {
            Some(message) => Err(message),
            None => kind.judge(&item, &rules.intake(&reporter, received_at, Withdrawn::default())),
        };
        let new = New { kind, reporter: &reporter, at: received_at, item: &item, raw: &raw };
        self.index(&new, report_id, judged);
        Ok(())
    }

    /// Takes an item in and says under which id: that of the same item, when it was sent before. It is safe once
    /// [`Store::flush`] has returned; a failed flush leaves it known until the next start.
    pub(crate) fn keep(&mut self, new: &New<'_>, judged: Result<Passed, Discard>) -> String {
        if let Some(earlier) = self.earlier(new, &judged) {
            match new.kind {
                Kind::Private => self.repeated += 1,
                _ => self.repeated_others += 1,
            }
            return earlier;
        }
        let id = clock::new_id();
        self.note(new, &id, judged.as_ref().err());
        self.index(new, id, judged)
    }

    /// The id of the same saying of the same reporter.
    fn earlier(&self, new: &New<'_>, judged: &Result<Passed, Discard>) -> Option<String> {
        match judged.as_ref().ok()? {
            Passed::Private(report) => self.pairs.earlier(new.reporter, report).map(|kept| kept.id.clone()),
            Passed::Funnel(consent) => {
                let position = self.funnel_index.get(&funnel_key(new, consent))?;
                Some(self.funnel[*position].id.clone())
            }
            Passed::Payment(payment) => {
                let kept = self.payments.last(new.reporter, payment)?;
                (kept.item.get() == new.raw.get()).then(|| kept.id.clone())
            }
            // A stock has a rule of its own, and two calls of open data may look the same.
            Passed::Stock(_) | Passed::OpenData => None,
        }
    }

    fn note(&mut self, new: &New<'_>, id: &str, discarded: Option<&Discard>) {
        let line = Line {
            kind: new.kind.as_str().to_owned(),
            report_id: id.to_owned(),
            reporter: new.reporter.to_owned(),
            received_at: new.at,
            discarded: discarded.cloned(),
            item: one_line(new),
        };
        // A struct of texts and JSON that was read already: it can be written.
        self.unwritten.push_str(&serde_json::to_string(&line).unwrap_or_default());
        self.unwritten.push('\n');
    }

    /// Writes what was taken in since the last time.
    pub(crate) fn flush(&mut self) -> Result<(), SandboxError> {
        self.file.write_all(self.unwritten.as_bytes()).map_err(SandboxError::file(self.path.clone()))?;
        self.unwritten.clear();
        Ok(())
    }

    fn index(&mut self, new: &New<'_>, id: String, judged: Result<Passed, Discard>) -> String {
        match (new.kind, judged) {
            (Kind::Private, judged) => self.index_report(new, id, judged),
            (Kind::Funnel(step), judged) => self.index_step(new, step, id, judged),
            (Kind::OpenData, judged) => {
                self.open_data.count(judged.err());
                id
            }
            (Kind::Payment, Ok(Passed::Payment(payment))) => {
                let kept = KeptPayment { id: id.clone(), created_at: new.at, item: one_line(new) };
                self.payments.0.entry((new.reporter.to_owned(), payment)).or_default().push(kept);
                self.payment_tally.count(None);
                id
            }
            (Kind::Payment, judged) => {
                self.payment_tally.count(judged.err());
                id
            }
            (Kind::Stock, Ok(Passed::Stock(stock))) => {
                self.stock_tally.count(None);
                let kept = KeptStock { id, reporter: new.reporter.to_owned(), received: new.at, stock };
                stock::keep(&mut self.stocks, kept)
            }
            (Kind::Stock, judged) => {
                self.stock_tally.count(judged.err());
                id
            }
        }
    }

    fn index_report(&mut self, new: &New<'_>, id: String, judged: Result<Passed, Discard>) -> String {
        let (report, message) = match judged {
            Ok(Passed::Private(report)) => (Some(report), None),
            Ok(_) => (None, None),
            Err(message) => (None, Some(message)),
        };
        self.pairs.add(Kept {
            id: id.clone(),
            reporter: new.reporter.to_owned(),
            created_at: new.at,
            updated_at: new.at,
            status: Status::Discarded,
            counterpart: None,
            said: message.is_some().then(|| Box::new(Said::of(new.item))),
            message,
            report,
            item: one_line(new),
        });
        id
    }

    fn index_step(
        &mut self,
        new: &New<'_>,
        step: Step,
        id: String,
        judged: Result<Passed, Discard>,
    ) -> String {
        let text = |name: &str| new.item[name].as_str().unwrap_or_default().to_owned();
        let (consent, at) = (text("consentId"), text("timestamp"));
        if judged.is_ok() {
            self.funnel_index.insert(funnel_key(new, &consent), self.funnel.len());
        }
        self.funnel.push(FunnelItem { step, consent, at, discarded: judged.err(), id: id.clone() });
        id
    }
}

fn funnel_key(new: &New<'_>, consent: &str) -> (String, String, String, &'static str) {
    let at = new.item["timestamp"].as_str().unwrap_or_default();
    (new.reporter.to_owned(), consent.to_owned(), at.to_owned(), new.kind.as_str())
}

/// The item without line breaks: one line of the file is one item.
fn one_line(new: &New<'_>) -> Box<RawValue> {
    if new.raw.get().contains(['\n', '\r']) {
        return to_raw_value(new.item).unwrap_or_else(|_| new.raw.to_owned());
    }
    new.raw.to_owned()
}
