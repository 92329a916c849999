//! A metrics platform that answers by rule.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ponte_metrics::ledger::check::PlatformReport;
use ponte_metrics::ports::{Platform, PlatformAnswer, PlatformUnavailable};
use ponte_metrics::verdict::ReportVerdict;
use ponte_ports::PortError;

use super::fuse::Fuse;
use super::rows::names;

type Rule = dyn Fn(usize, &[&str]) -> PlatformAnswer + Send + Sync;

/// A platform that answers by rule and remembers what it took.
pub(crate) struct Script {
    pub(super) rule: Box<Rule>,
    pub(super) fuse: Arc<Fuse>,
    /// Path and items of every call.
    pub(crate) calls: Mutex<Vec<(String, Vec<String>)>>,
    /// The reports it shows of an interaction.
    pub(crate) filed: Mutex<BTreeMap<String, Vec<PlatformReport>>>,
}

impl Script {
    pub(crate) fn sizes(&self) -> Vec<usize> {
        self.calls.lock().unwrap().iter().map(|(_, items)| items.len()).collect()
    }

    /// The interaction ids of every call.
    pub(crate) fn names(&self) -> Vec<Vec<String>> {
        self.calls.lock().unwrap().iter().map(|(_, items)| names(items)).collect()
    }
}

/// Takes everything.
pub(crate) fn accept(items: &[&str]) -> PlatformAnswer {
    PlatformAnswer::Items(vec![ReportVerdict::Accepted; items.len()])
}

pub(crate) fn later(reason: &str, after: Option<u64>) -> PlatformAnswer {
    PlatformAnswer::Later(PlatformUnavailable {
        reason: reason.to_owned(),
        after: after.map(Duration::from_secs),
    })
}

#[async_trait]
impl Platform for Script {
    async fn post(&self, path: &str, items: &[&str]) -> Result<PlatformAnswer, PortError> {
        self.fuse.call(|| {
            let mut calls = self.calls.lock().unwrap();
            calls.push((path.to_owned(), items.iter().map(|item| (*item).to_owned()).collect()));
            (self.rule)(calls.len(), items)
        })
    }

    async fn find(&self, interaction: &str) -> Result<Vec<PlatformReport>, PortError> {
        self.fuse.call(|| self.filed.lock().unwrap().get(interaction).cloned().unwrap_or_default())
    }
}
