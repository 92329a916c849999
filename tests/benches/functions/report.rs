//! Results of the bench: one structure, written as JSON and printed as a table.

use std::fmt::Write as _;

use serde::Serialize;

use super::figures::Summary;
use super::jose::Compared;
use super::measure::Measured;
use super::multiple::Multiple;
use super::operations::ONE_TOKEN;
use super::parts::{EMPTY, Part};
use super::payment_worker::WorkerCost;
use super::recipe::RsaWork;
use super::reports::ReportCost;
use super::runner::Cold;
use super::{Fault, parts, targets};

/// Everything of one run.
#[derive(Serialize)]
pub(crate) struct Report {
    /// Profile everything was built in.
    pub(crate) profile: &'static str,
    /// Turns of each operation and its floor.
    pub(crate) turns: usize,
    /// A row per operation.
    pub(crate) operations: Vec<Row>,
    /// The empty handler.
    pub(crate) hello: Hello,
    /// Cost of the parts of the floors, µs over the empty handler.
    pub(crate) parts: Vec<PartRow>,
    /// A payment in the worker, if payments were measured.
    pub(crate) worker: Option<WorkerCost>,
    /// Pages of records by what their CPU goes into.
    pub(crate) pages: Vec<PageRow>,
    /// The authorization server and the guard beside their own RSA operations.
    pub(crate) multiples: Vec<MultipleRow>,
    /// Cost of a million reports to the metrics platform.
    pub(crate) reports: ReportCost,
    /// The JOSE layer.
    pub(crate) jose: Vec<ComparedRow>,
    /// The gate of the data APIs.
    pub(crate) gate: Vec<ComparedRow>,
    /// First random number of a process, ms.
    pub(crate) first_random_ms: f64,
    /// The list at the end of performance.md, with what was measured.
    pub(crate) targets: Vec<targets::Target>,
}

/// One operation.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) function: &'static str,
    /// CPU of one invocation, µs.
    pub(crate) cpu_us: Summary,
    /// CPU of its floor, µs.
    pub(crate) floor_us: Summary,
    /// Median of the ratios of the turns.
    pub(crate) ratio: f64,
    /// Least over least.
    pub(crate) ratio_of_least: f64,
    pub(crate) limit: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// CPU from spawn to the first question for work, ms.
    pub(crate) init_ms: Summary,
    /// CPU of the first invocation, ms.
    pub(crate) first_ms: Summary,
    pub(crate) peak_mib: f64,
    pub(crate) binary_mb: f64,
    /// RSA operations and calls of one invocation.
    pub(crate) work: Vec<String>,
}

/// The empty handler.
#[derive(Serialize)]
pub(crate) struct Hello {
    pub(crate) cpu_us: Summary,
    pub(crate) init_ms: Summary,
    pub(crate) first_ms: Summary,
    pub(crate) binary_mb: f64,
}

/// One part of the floors.
#[derive(Serialize)]
pub(crate) struct PartRow {
    pub(crate) name: String,
    pub(crate) cpu_us: f64,
}

/// A page of records by what its CPU goes into, µs.
#[derive(Serialize)]
pub(crate) struct PageRow {
    pub(crate) name: &'static str,
    /// All of it.
    pub(crate) cpu_us: f64,
    /// The empty handler.
    pub(crate) runtime_us: f64,
    /// The guard: token, certificate, scope and the consent as it was read.
    pub(crate) token_us: f64,
    /// Requests to the store, each as a floor makes it.
    pub(crate) store_us: f64,
    /// The request to the layer, as a floor makes it.
    pub(crate) layer_us: f64,
    /// The gate.
    pub(crate) gate_us: f64,
    /// What is left: reading the call, and writing and reporting the answer.
    pub(crate) rest_us: f64,
    /// Requests to the store, on average of many invocations.
    pub(crate) requests: f64,
    /// Those of them that count calls.
    pub(crate) limit_writes: f64,
    /// Bytes of the layer's body.
    pub(crate) bytes_in: usize,
    /// Bytes of ours.
    pub(crate) bytes_out: usize,
    pub(crate) peak_mib: f64,
}

/// An operation beside its own RSA operations.
#[derive(Serialize)]
pub(crate) struct MultipleRow {
    pub(crate) name: &'static str,
    pub(crate) cpu_us: Summary,
    /// The RSA operations alone, µs.
    pub(crate) rsa_us: Summary,
    /// Median of the ratios of the turns.
    pub(crate) ratio: f64,
    /// The RSA operations of one call.
    pub(crate) rsa: Vec<String>,
}

/// One operation beside the bare one that it is compared with.
#[derive(Serialize)]
pub(crate) struct ComparedRow {
    pub(crate) name: &'static str,
    pub(crate) cpu_us: Summary,
    pub(crate) bare_us: Summary,
    pub(crate) ratio: f64,
    pub(crate) limit: f64,
}

impl Row {
    pub(crate) fn of(measured: &Measured) -> Self {
        let operation = measured.operation;
        let (cpu, floor) = (measured.ours.cpu.summary(), measured.floor.cpu.summary());
        let mut work = words(operation.rsa);
        work.extend(measured.calls.iter().map(|call| parts::name(call).to_owned()));
        Self {
            name: operation.name,
            function: operation.function,
            cpu_us: cpu,
            floor_us: floor,
            ratio: measured.ratio.median(),
            ratio_of_least: cpu.min / floor.min,
            limit: operation.limit,
            p50_us: measured.ours.wall.percentile(0.5),
            p99_us: measured.ours.wall.percentile(0.99),
            init_ms: measured.cold.init.summary(),
            first_ms: measured.cold.first.summary(),
            peak_mib: measured.peak_mib,
            binary_mb: measured.megabytes,
            work,
        }
    }
}

impl Hello {
    pub(crate) fn of(cold: &Cold, binary_mb: f64, parts: &[Part]) -> Self {
        let empty = parts.iter().find(|part| part.name == EMPTY);
        Self {
            cpu_us: empty.map(|part| part.load.cpu.summary()).unwrap_or_default(),
            init_ms: cold.init.summary(),
            first_ms: cold.first.summary(),
            binary_mb,
        }
    }
}

impl PartRow {
    /// Every part but the empty handler, without it.
    pub(crate) fn of(parts: &[Part], hello: &Hello) -> Vec<Self> {
        let over = |part: &Part| part.load.cpu.median() - hello.cpu_us.median;
        let others = parts.iter().filter(|part| part.name != EMPTY);
        others.map(|part| Self { name: part.name.clone(), cpu_us: over(part) }).collect()
    }
}

impl MultipleRow {
    /// Token, PAR, payments and guard: what verifies and signs beside what every call does.
    pub(crate) fn all(measured: &[Measured], guard: &Multiple) -> Vec<Self> {
        let signing = ["oauth", "payments"];
        let own = measured.iter().filter(|measured| signing.contains(&measured.operation.function));
        let own = own.map(|own| Self::of(own.operation.name, own.operation.rsa, &own.multiple));
        own.chain([Self::of("guard of a customer's call", ONE_TOKEN, guard)]).collect()
    }

    fn of(name: &'static str, rsa: RsaWork, multiple: &Multiple) -> Self {
        Self {
            name,
            cpu_us: multiple.cpu.summary(),
            rsa_us: multiple.rsa.summary(),
            ratio: multiple.ratio.median(),
            rsa: words(rsa),
        }
    }
}

/// `["2 verify", "1 decrypt"]`.
fn words(rsa: RsaWork) -> Vec<String> {
    let counts = [(rsa.verifies, "verify"), (rsa.signs, "sign"), (rsa.decrypts, "decrypt")];
    counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect()
}

impl ComparedRow {
    pub(crate) fn of(compared: &Compared) -> Self {
        let (cpu_us, bare_us) = (compared.ours.summary(), compared.bare.summary());
        let ratio = cpu_us.median / bare_us.median;
        Self { name: compared.name, cpu_us, bare_us, ratio, limit: compared.limit }
    }
}

fn compared_table(text: &mut String, title: &str, rows: &[ComparedRow]) -> Result<(), Fault> {
    writeln!(text, "\n{title:<38} CPU µs  bare µs  ratio")?;
    for row in rows {
        let (name, cpu, bare) = (row.name, row.cpu_us.median, row.bare_us.median);
        writeln!(text, "  {name:<36} {cpu:>7.1} {bare:>8.1} {:>6.2}", row.ratio)?;
    }
    Ok(())
}

impl Report {
    /// The tables as plain text.
    pub(crate) fn text(&self) -> Result<String, Fault> {
        let mut text = format!("Profile {}, {} turns\n\n", self.profile, self.turns);
        self.operations_table(&mut text)?;
        writeln!(
            text,
            "\nEmpty handler: {:.1} µs; init {:.2} ms; first call {:.2} ms; binary {:.2} MB",
            self.hello.cpu_us.median,
            self.hello.init_ms.median,
            self.hello.first_ms.median,
            self.hello.binary_mb
        )?;
        writeln!(text, "\nParts of the floors, CPU µs over the empty handler")?;
        for part in &self.parts {
            writeln!(text, "  {:<44} {:>9.1}", part.name, part.cpu_us)?;
        }
        writeln!(text, "\nBeside their own RSA operations     CPU µs   RSA µs  ratio")?;
        for row in &self.multiples {
            writeln!(
                text,
                "  {:<32} {:>7.1} {:>8.1} {:>6.2}  {}",
                row.name,
                row.cpu_us.median,
                row.rsa_us.median,
                row.ratio,
                row.rsa.join(", ")
            )?;
        }
        self.worker_table(&mut text)?;
        self.pages_table(&mut text)?;
        self.reports_table(&mut text)?;
        compared_table(&mut text, "JOSE layer", &self.jose)?;
        compared_table(&mut text, "Gate of the data APIs", &self.gate)?;
        writeln!(text, "\nTargets of performance.md{:>53} {:>9}", "limit", "measured")?;
        for target in &self.targets {
            let verdict = if target.met() { "met" } else { "MISSED" };
            writeln!(
                text,
                "  {:<68} {:>7.2} {:>9.2}  {verdict}",
                target.name, target.limit, target.measured
            )?;
        }
        Ok(text)
    }

    fn pages_table(&self, text: &mut String) -> Result<(), Fault> {
        writeln!(
            text,
            "\nPages, CPU µs                   all  runtime  token  store  layer   gate   rest  requests (counts)    bytes in / out    MiB"
        )?;
        for row in &self.pages {
            writeln!(
                text,
                "  {:<26} {:>7.0} {:>8.0} {:>6.0} {:>6.0} {:>6.0} {:>6.0} {:>6.0} {:>9.2} ({:>4.2}) {:>12} / {:<8} {:>5.1}",
                row.name,
                row.cpu_us,
                row.runtime_us,
                row.token_us,
                row.store_us,
                row.layer_us,
                row.gate_us,
                row.rest_us,
                row.requests,
                row.limit_writes,
                row.bytes_in,
                row.bytes_out,
                row.peak_mib
            )?;
        }
        Ok(())
    }

    fn worker_table(&self, text: &mut String) -> Result<(), Fault> {
        let Some(cost) = &self.worker else { return Ok(()) };
        writeln!(text, "\nA payment in the worker, of {}", cost.payments)?;
        for (name, times) in &cost.requests {
            writeln!(text, "  {name:<44} {times:>12.2}")?;
        }
        for (name, value) in
            [("write units", cost.write_units), ("read units", cost.read_units), ("CPU, µs", cost.cpu_us)]
        {
            writeln!(text, "  {name:<44} {value:>12.1}")?;
        }
        Ok(())
    }

    fn reports_table(&self, text: &mut String) -> Result<(), Fault> {
        let cost = &self.reports;
        writeln!(text, "\nA million reports to the metrics platform (from {})", cost.reports)?;
        for (name, value) in [
            ("requests to the platform", cost.platform_requests),
            ("requests to the queue, received and deleted", cost.queue_requests),
            ("requests to DynamoDB by sweep and worker", cost.table_requests),
            ("write units of the rows, at the edge", cost.row_write_units),
            ("write units of sweep and worker", cost.write_units),
            ("read units of sweep and worker", cost.read_units),
            ("CPU of the sweep, s", cost.sweep_cpu_s),
            ("CPU of the worker, s", cost.worker_cpu_s),
        ] {
            writeln!(text, "  {name:<44} {value:>12.1}")?;
        }
        if let Some(edge) = cost.edge_cpu_s {
            writeln!(text, "  {:<44} {edge:>12.1}", "CPU of the row's PutItem at the edge, s")?;
        }
        Ok(())
    }

    fn operations_table(&self, text: &mut String) -> Result<(), Fault> {
        writeln!(
            text,
            "{:<22} {:>8} {:>17} {:>9} {:>6} {:>6} {:>8} {:>8} {:>7} {:>8} {:>6} {:>6}  work",
            "operation",
            "CPU µs",
            "[min-max]",
            "floor µs",
            "ratio",
            "least",
            "p50 µs",
            "p99 µs",
            "init ms",
            "first ms",
            "MiB",
            "MB"
        )?;
        for row in &self.operations {
            let range = format!("[{:.0}-{:.0}]", row.cpu_us.min, row.cpu_us.max);
            writeln!(
                text,
                "{:<22} {:>8.1} {:>17} {:>9.1} {:>6.2} {:>6.2} {:>8.0} {:>8.0} {:>7.2} {:>8.2} {:>6.1} {:>6.2}  {}",
                row.name,
                row.cpu_us.median,
                range,
                row.floor_us.median,
                row.ratio,
                row.ratio_of_least,
                row.p50_us,
                row.p99_us,
                row.init_ms.median,
                row.first_ms.median,
                row.peak_mib,
                row.binary_mb,
                row.work.join(", ")
            )?;
        }
        Ok(())
    }
}
