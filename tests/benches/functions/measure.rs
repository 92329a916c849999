//! Measurement of an operation beside its floor: its calls, its cold start, and CPU time in turns.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::binaries::{Binaries, megabytes};
use super::canned::Canned;
use super::driver::{Function, Launch};
use super::figures::Figures;
use super::multiple::{Multiple, alone};
use super::operations::Operation;
use super::recipe::{Call, RECIPE, Recipe};
use super::rsa::Rsa;
use super::runner::{Cold, Load, Runner};
use super::world::World;
use super::{Fault, now, parts};

/// Pairs of fresh processes: how memory happens to be laid out stays with a process and moves its figures.
pub(crate) const PAIRS: usize = 9;
/// Turns of each process of a pair.
pub(crate) const TURNS: usize = 4;
/// Invocations before the peak memory is read.
const MANY: u32 = 1000;

/// Setup shared by all measurements.
pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) canned: Canned,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) binaries: Binaries,
    /// RSA operations in this process, on a key of the size that everybody has.
    pub(crate) rsa: Rsa,
    /// Folder for recipes and logs.
    pub(crate) folder: PathBuf,
}

/// Result of an operation.
pub(crate) struct Measured {
    pub(crate) operation: &'static Operation,
    pub(crate) calls: Vec<Call>,
    pub(crate) ours: Load,
    pub(crate) floor: Load,
    /// Ours over floor, a figure per turn.
    pub(crate) ratio: Figures,
    /// Ours and its RSA operations alone.
    pub(crate) multiple: Multiple,
    pub(crate) cold: Cold,
    pub(crate) peak_mib: f64,
    pub(crate) megabytes: f64,
    /// Bytes of the body of an answer.
    pub(crate) bytes: usize,
    /// Calls of many invocations, each kind with how many of it an invocation makes on average.
    pub(crate) each: Vec<(Call, f64)>,
}

impl Bench {
    fn launch<'a>(&'a self, program: &'a Path, log: Option<&'a Path>) -> Launch<'a> {
        Launch { program, environment: &self.environment, log }
    }

    /// Sees that the operation succeeds and what it calls, then measures it in turns with its floor.
    pub(crate) async fn measure(&self, operation: &'static Operation) -> Result<Measured, Fault> {
        let program = self.binaries.function(operation.function);
        let (calls, answer) = self.probe(operation, &program).await.map_err(|fault| {
            format!("{}: {fault}; the log is in {}", operation.name, self.log(operation).display())
        })?;
        let key = self.world.signing_key.clone();
        let bytes = answer["body"].as_str().map_or(0, str::len);
        let recipe = Recipe { key, rsa: operation.rsa, calls: calls.clone(), answer };
        let event = (operation.event)(&self.world, now())?;
        let mut measured = Measured {
            operation,
            calls,
            ours: Load::default(),
            floor: Load::default(),
            ratio: Figures::default(),
            multiple: Multiple::default(),
            cold: Cold::measure(&self.launch(&program, None), &event).await?,
            peak_mib: 0.0,
            megabytes: megabytes(&program)?,
            bytes,
            each: Vec::new(),
        };
        for _ in 0..PAIRS {
            let mut floor = self.floor(operation.name, &recipe).await?;
            let mut ours = Runner::start(&self.launch(&program, None)).await?;
            self.turns(&mut measured, &mut ours, &mut floor).await?;
        }
        let mut ours = Runner::start(&self.launch(&program, None)).await?;
        let event = (operation.event)(&self.world, now())?;
        // The first invocation reads what the others keep.
        ours.warm(&event, 1).await?;
        self.canned.watch();
        ours.warm(&event, MANY).await?;
        measured.each = parts::averages(self.canned.seen(), MANY);
        measured.peak_mib = ours.peak_mib()?;
        Ok(measured)
    }

    async fn turns(
        &self,
        measured: &mut Measured,
        ours: &mut Runner,
        floor: &mut Runner,
    ) -> Result<(), Fault> {
        // Tokens of this moment: they end.
        let event = (measured.operation.event)(&self.world, now())?;
        for _ in 0..TURNS {
            let one = ours.turn(&event, &mut measured.ours).await?;
            let other = floor.turn(&event, &mut measured.floor).await?;
            measured.ratio.push(one / other);
            measured.multiple.push(one, alone(&self.rsa, measured.operation.rsa)?);
        }
        Ok(())
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

    /// A floor with this recipe.
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
        Ok((Cold::measure(&self.launch(program, None), &event).await?, megabytes(program)?))
    }
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}
