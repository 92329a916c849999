//! `cargo bench -p ponte-tests`: CPU time of an operation in its release binary, as a multiple of its floor.
//!
//! Each function runs as on Lambda, behind a Runtime API of this program; whatever it calls is canned on loopback.
//! Beside each operation runs its *floor*, a function that does the same RSA operations and makes the very same calls
//! with nothing of ours around them. Rounds alternate between the two, so that a busy machine slows both.
//! `--profile ship` measures what is shipped, words (`-- consent`) choose operations.
//! CPU time comes from `/proc`, so this runs on Linux only.

pub(crate) mod binaries;
mod canned;
mod certificates;
pub(crate) mod driver;
mod event;
pub(crate) mod figures;
pub(crate) mod gate;
mod guard;
mod institution;
mod jose;
mod loans;
mod measure;
pub(crate) mod meter;
pub(crate) mod metered_tables;
mod multiple;
pub(crate) mod operations;
mod pages;
mod parts;
mod payment_worker;
mod payments;
pub(crate) mod pin;
#[path = "../floor/recipe.rs"]
pub(crate) mod recipe;
mod report;
mod reports;
#[path = "../floor/rsa.rs"]
mod rsa;
mod runner;
mod serve;
mod targets;
mod world;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ponte_values::Moment;

use binaries::Binaries;
use canned::Canned;
use measure::Bench;
use operations::Operation;
use report::{ComparedRow, Hello, MultipleRow, PartRow, Report, Row};
use rsa::Rsa;
use world::World;

/// Any error, printed at the end.
type Fault = Box<dyn std::error::Error>;

pub(crate) fn main() -> ExitCode {
    // `cargo test --all-targets` starts benches too, without this argument, and then wants no measuring.
    if !std::env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    match single_thread(run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            let _ = writeln!(std::io::stderr(), "bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Runs `work` on this thread alone: while the function works, driver and canned services wait.
pub(crate) fn single_thread<T>(work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, work)
}

async fn run() -> Result<(), Fault> {
    let first_random_ms = first_random()?;
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().ok_or("no target folder")?;
    let binaries = Binaries::ready()?;
    if !pin::to_one_processor()? {
        say("taskset is not there; without it the figures wander between processors")?;
    }
    let bench = furnished(binaries, target.join("bench")).await?;

    say("empty handler")?;
    let (hello_cold, hello_mb) = bench.hello().await?;
    let mut measured = Vec::new();
    for operation in chosen() {
        say(operation.name)?;
        measured.push(bench.measure(operation).await?);
    }
    say("guard")?;
    let guard = guard::measure(&bench).await?;
    say("parts of the floors")?;
    let parts = parts::measure(&bench, &measured).await?;
    say("JOSE layer")?;
    let jose: Vec<ComparedRow> = jose::compare()?.iter().map(ComparedRow::of).collect();
    say("gate")?;
    let gate: Vec<ComparedRow> = gate::compare()?.iter().map(ComparedRow::of).collect();

    let worker = if measured.iter().any(|measured| measured.operation.function == "payments") {
        say("worker of payments")?;
        Some(payment_worker::measure(&bench).await?)
    } else {
        None
    };
    say("reports")?;
    let rows: Vec<Row> = measured.iter().map(Row::of).collect();
    let hello = Hello::of(&hello_cold, hello_mb, &parts);
    let pages = pages::split(&measured, &parts, &hello, guard.cpu.median())?;
    let parts = PartRow::of(&parts, &hello);
    let report = Report {
        profile: binaries::profile(),
        turns: measure::PAIRS * measure::TURNS,
        reports: reports::measure(&bench, &parts).await?,
        parts,
        worker,
        pages,
        targets: targets::targets(&rows, &hello, (&jose, &gate), first_random_ms),
        operations: rows,
        hello,
        multiples: MultipleRow::all(&measured, &guard),
        jose,
        gate,
        first_random_ms,
    };
    let file = bench.folder.join("functions.json");
    std::fs::write(&file, serde_json::to_vec_pretty(&report)?)?;
    writeln!(std::io::stdout(), "{}\nWritten to {}", report.text()?, file.display())?;
    Ok(())
}

/// The operations whose names contain one of the words on the command line; all, if there is none:
/// `cargo bench -p ponte-tests -- consent`.
fn chosen() -> impl Iterator<Item = &'static Operation> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let named = move |operation: &Operation| words.iter().any(|word| operation.name.contains(word.as_str()));
    let all = std::env::args().skip(1).all(|word| word.starts_with('-'));
    operations::ALL.into_iter().filter(move |operation| all || named(operation))
}

/// The canned world with everything in its place.
pub(crate) async fn furnished(binaries: Binaries, folder: PathBuf) -> Result<Bench, Fault> {
    std::fs::create_dir_all(&folder)?;
    let world = World::make()?;
    let rsa = Rsa::new(&world.signing_key)?;
    let canned = Canned::start(world.certificates.directory.clone()).await?;
    let trust = folder.join("authority.pem");
    std::fs::write(&trust, &world.certificates.authority_pem)?;
    let environment = world.environment(&canned, &trust.to_string_lossy())?;
    world.furnish(&canned, &environment, now()).await?;
    loans::furnish(&canned, &environment, now()).await?;
    payments::furnish(&canned, &environment, now()).await?;
    Ok(Bench { world, canned, environment, binaries, rsa, folder })
}

/// CPU of the first random number, which a build with jitter entropy makes 500 times dearer, in milliseconds.
fn first_random() -> Result<f64, Fault> {
    let before = meter::own_cpu_nanos()?;
    aws_lc_rs::rand::fill(&mut [0; 32])?;
    Ok(meter::micros(meter::own_cpu_nanos()? - before) / 1e3)
}

fn say(what: &str) -> Result<(), Fault> {
    Ok(writeln!(std::io::stderr(), "bench: {what}")?)
}

#[expect(clippy::disallowed_methods, reason = "a bench stands where the gateway's clock would")]
pub(crate) fn now() -> Moment {
    Moment::from_system(std::time::SystemTime::now())
}
