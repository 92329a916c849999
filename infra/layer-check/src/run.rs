//! All of it, in order: people, discoveries, and then every endpoint with what was discovered.

use std::collections::BTreeMap;
use std::sync::Arc;

use ponte_catalog::Row;
use ponte_values::Moment;

use crate::checks::{answer, compressed, discovery, filters, pages, parallel, people, refusals, selections};
use crate::customers::Customer;
use crate::inquiry::Inquiry;
use crate::layer::{Layer, Transport};
use crate::operations::{self, Asks, Operation};
use crate::report::Report;
use crate::requests::Requests;
use crate::scene::{FoundId, Scene};
use crate::sheet::{Check, Outcome, Sheet};

/// What is to be checked.
pub struct Plan {
    /// Carries calls to the layer.
    pub transport: Arc<dyn Transport>,
    /// The Bearer credential that the layer expects.
    pub credential: String,
    /// Test customers. Two at least, or nobody can ask for what is another's.
    pub customers: Vec<Customer>,
    /// Name of the institution, `requestMeta.brandId`.
    pub brand: String,
    /// Now.
    pub now: Moment,
    /// Operations to check: paths, or folders that end in a slash, `/loans/`; all if empty.
    pub only: Vec<String>,
}

/// Drives the layer; `progress` is told each operation before it is asked.
pub async fn run(plan: Plan, progress: &(dyn Fn(&str) + Sync)) -> Report {
    let wanted = |operation: &Operation| {
        let names = |only: &String| match only.strip_suffix('/') {
            Some(folder) => operation.path.starts_with(only.as_str()) && !folder.is_empty(),
            None => operation.path == only,
        };
        plan.only.is_empty() || plan.only.iter().any(names)
    };
    let needed = needed(&wanted);
    let mut scene = Scene {
        layer: Layer::new(plan.transport.clone(), plan.credential.clone()),
        requests: Requests::new(plan.now, &plan.brand),
        customers: plan.customers.clone(),
        products: BTreeMap::new(),
        ids: Vec::new(),
    };
    let mut sheets = Vec::new();
    for (number, operation) in needed.iter().enumerate() {
        progress(&format!("{}/{} {}", number + 1, needed.len(), operation.path));
        let mut sheet = Sheet::default();
        scene.ask(*operation, &mut sheet).await;
        if wanted(operation) || sheet.outcome(Check::Answer) == Outcome::Broken {
            sheets.push((operation.path, sheet));
        }
    }
    Report::of(sheets)
}

/// The operations that are wanted, and those that they need: products come from a discovery, further ids from other answers.
/// Of these only what breaks is told.
fn needed(wanted: &dyn Fn(&Operation) -> bool) -> Vec<Operation> {
    let all = operations::all();
    let of_wanted = |ids: bool| -> Vec<&'static str> {
        let wanted = all.iter().filter(|operation| wanted(operation) && (!ids || operation.has_ids()));
        wanted.filter_map(Operation::api).collect()
    };
    let (discovered, searched) = (of_wanted(false), of_wanted(true));
    let is_needed = |operation: &&Operation| match operation.asks {
        _ if wanted(operation) => true,
        Asks::Decrypt | Asks::AccountHolder => false,
        Asks::Discovery(kind) => discovered.contains(&kind.api()),
        Asks::Row(row) => row.ids.is_empty() && searched.contains(&row.api.name),
    };
    all.iter().filter(is_needed).copied().collect()
}

impl Scene {
    async fn ask(&mut self, operation: Operation, sheet: &mut Sheet) {
        match operation.asks {
            Asks::Decrypt => people::decrypt(&mut Inquiry { scene: self, operation, sheet }).await,
            Asks::AccountHolder => {
                people::account_holder(&mut Inquiry { scene: self, operation, sheet }).await;
            }
            Asks::Discovery(kind) => {
                let found = discovery::check(&mut Inquiry { scene: self, operation, sheet }, kind).await;
                for products in found.unwrap_or_default() {
                    self.products.insert((products.customer, kind.api()), products.available);
                }
            }
            Asks::Row(row) => {
                let ids = self.ask_row(operation, row, sheet).await;
                self.ids.extend(ids);
            }
        }
    }

    /// Asks an endpoint in every way; the ids that its records gave out.
    async fn ask_row(&self, operation: Operation, row: &'static Row, sheet: &mut Sheet) -> Vec<FoundId> {
        let questions = self.questions(row);
        if questions.is_empty() {
            sheet.note("nobody has such a product: it was not asked");
            return Vec::new();
        }
        let mut inquiry = Inquiry { scene: self, operation, sheet };
        let bases = answer::check(&mut inquiry, questions).await;
        pages::check(&mut inquiry, &bases).await;
        refusals::check(&mut inquiry, &bases).await;
        selections::check(&mut inquiry, &bases).await;
        compressed::check(&mut inquiry, &bases).await;
        filters::check(&mut inquiry, &bases).await;
        parallel::check(&mut inquiry, &bases).await;
        let ids = bases.iter().flat_map(|base| {
            let whole = base.records.len() as u64 >= base.total;
            self.ids_in(&base.question, &base.records, whole)
        });
        ids.collect()
    }
}
