//! Running an operation beside its floor: what it calls, what a cold start costs, and round after round of CPU time.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::Value;

use super::binaries::{Binaries, megabytes};
use super::canned::Canned;
use super::driver::{Function, Launch};
use super::figures::Figures;
use super::meter::micros;
use super::operations::Operation;
use super::recipe::{Call, RECIPE, Recipe};
use super::world::World;
use super::{Fault, now};

/// Cold starts of each operation.
const COLD_STARTS: usize = 9;
/// Rounds of each operation and its floor.
pub(crate) const ROUNDS: usize = 15;
/// Invocations at the start of a turn that are not counted: they bring the process back into the caches.
const WARM: u32 = 10;
/// Turns in a round. Short turns in quick alternation, because a busy machine changes its pace within a second.
const TURNS: u32 = 4;
/// Invocations in a turn; all turns together are more than 1,000, after which the peak memory is read.
const CALLS: u32 = 40;

/// What all measurements share.
pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) canned: Canned,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) binaries: Binaries,
    /// Folder for recipes and logs.
    pub(crate) folder: PathBuf,
}

/// A process with the same event again and again.
pub(crate) struct Runner {
    function: Function,
    /// CPU of one invocation, µs, a figure per round.
    pub(crate) cpu: Figures,
    /// Time of one invocation, µs, a figure each.
    pub(crate) wall: Figures,
}

/// CPU of starts, ms.
#[derive(Default)]
pub(crate) struct Cold {
    /// From spawn to asking for work.
    pub(crate) init: Figures,
    /// First invocation.
    pub(crate) first: Figures,
}

/// An operation under way.
pub(crate) struct Measured {
    pub(crate) operation: &'static Operation,
    pub(crate) calls: Vec<Call>,
    pub(crate) ours: Runner,
    pub(crate) floor: Runner,
    pub(crate) cold: Cold,
    pub(crate) megabytes: f64,
}

impl Bench {
    fn launch<'a>(&'a self, program: &'a Path, log: Option<&'a Path>) -> Launch<'a> {
        Launch { program, environment: &self.environment, log }
    }

    /// Sees that the operation succeeds and what it calls, measures its cold starts, and starts it with its floor.
    pub(crate) async fn prepare(&self, operation: &'static Operation) -> Result<Measured, Fault> {
        let program = self.binaries.function(operation.function);
        let (calls, answer) = self.probe(operation, &program).await.map_err(|fault| {
            format!("{}: {fault}; the log is in {}", operation.name, self.log(operation).display())
        })?;
        let event = (operation.event)(&self.world, now())?;
        let cold = cold(&self.launch(&program, None), &event).await?;
        let recipe = Recipe {
            key: self.world.signing_key.clone(),
            verifies: operation.verifies,
            signs: operation.signs,
            calls: calls.clone(),
            answer,
        };
        let floor = self.floor(operation.name, &recipe).await?;
        let ours = Runner::start(&self.launch(&program, None)).await?;
        Ok(Measured { operation, calls, ours, floor, cold, megabytes: megabytes(&program)? })
    }

    /// The second invocation is the usual one: keys and connections are there.
    async fn probe(&self, operation: &Operation, program: &Path) -> Result<(Vec<Call>, Value), Fault> {
        let log = self.log(operation);
        let _ = std::fs::remove_file(&log);
        let mut function = Function::start(&self.launch(program, Some(&log))).await?;
        function.invoke((operation.event)(&self.world, now())?).await?;
        self.canned.watch();
        let call = function.invoke((operation.event)(&self.world, now())?).await?;
        let calls = self.canned.seen();
        let answer: Value = serde_json::from_slice(&call.body)?;
        if answer["statusCode"] != operation.status {
            return Err(format!("expected {}, got {answer}", operation.status).into());
        }
        Ok((calls, answer))
    }

    fn log(&self, operation: &Operation) -> PathBuf {
        self.folder.join(format!("{}.log", slug(operation.name)))
    }

    /// The floor with this recipe.
    pub(crate) async fn floor(&self, name: &str, recipe: &Recipe) -> Result<Runner, Fault> {
        let path = self.folder.join(format!("{}.recipe.json", slug(name)));
        std::fs::write(&path, serde_json::to_vec(recipe)?)?;
        let mut environment = self.environment.clone();
        environment.push((RECIPE.to_owned(), path.to_string_lossy().into_owned()));
        let program = Path::new(env!("CARGO_BIN_EXE_floor"));
        let launch = Launch { program, environment: &environment, log: None };
        Runner::start(&launch).await.map_err(|fault| format!("floor of {name}: {fault}").into())
    }

    /// The empty handler, started cold.
    pub(crate) async fn hello(&self) -> Result<(Cold, f64), Fault> {
        let program = Path::new(env!("CARGO_BIN_EXE_hello"));
        let event = (super::operations::ALL[0].event)(&self.world, now())?;
        Ok((cold(&self.launch(program, None), &event).await?, megabytes(program)?))
    }

    /// The rounds of an operation and its floor, in turns.
    pub(crate) async fn rounds(&self, measured: &mut Measured) -> Result<(), Fault> {
        for _ in 0..ROUNDS {
            self.round(measured).await?;
        }
        Ok(())
    }

    async fn round(&self, measured: &mut Measured) -> Result<(), Fault> {
        // Tokens of this moment: they end.
        let event = (measured.operation.event)(&self.world, now())?;
        let (mut ours, mut floor) = (0, 0);
        for _ in 0..TURNS {
            ours += measured.ours.turn(&event).await?;
            floor += measured.floor.turn(&event).await?;
        }
        measured.ours.cpu.push(per_call(ours));
        measured.floor.cpu.push(per_call(floor));
        Ok(())
    }
}

async fn cold(launch: &Launch<'_>, event: &Bytes) -> Result<Cold, Fault> {
    let mut cold = Cold::default();
    for _ in 0..COLD_STARTS {
        let mut function = Function::start(launch).await?;
        let init = function.cpu_nanos().await?;
        function.invoke(event.clone()).await?;
        let first = function.cpu_nanos().await?;
        cold.init.push(micros(init) / 1e3);
        cold.first.push(micros(first - init) / 1e3);
    }
    Ok(cold)
}

impl Runner {
    async fn start(launch: &Launch<'_>) -> Result<Self, Fault> {
        let function = Function::start(launch).await?;
        Ok(Self { function, cpu: Figures::default(), wall: Figures::default() })
    }

    /// Invocations that are not counted, so that caches and connections are warm.
    pub(crate) async fn warm(&mut self, event: &Bytes, calls: u32) -> Result<(), Fault> {
        for _ in 0..calls {
            self.function.invoke(event.clone()).await?;
        }
        Ok(())
    }

    /// One round by itself.
    pub(crate) async fn round(&mut self, event: &Bytes) -> Result<(), Fault> {
        let mut spent = 0;
        for _ in 0..TURNS {
            spent += self.turn(event).await?;
        }
        self.cpu.push(per_call(spent));
        Ok(())
    }

    /// One turn: its CPU time in nanoseconds.
    async fn turn(&mut self, event: &Bytes) -> Result<u64, Fault> {
        self.warm(event, WARM).await?;
        let before = self.function.cpu_nanos().await?;
        for _ in 0..CALLS {
            let wall = self.function.invoke(event.clone()).await?.wall;
            self.wall.push(wall.as_secs_f64() * 1e6);
        }
        Ok(self.function.cpu_nanos().await? - before)
    }

    /// Largest resident set so far, in MiB.
    pub(crate) fn peak_mib(&self) -> Result<f64, Fault> {
        self.function.peak_mib()
    }
}

/// CPU of one of the invocations of a round, µs.
fn per_call(nanos: u64) -> f64 {
    micros(nanos) / f64::from(TURNS * CALLS)
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}
