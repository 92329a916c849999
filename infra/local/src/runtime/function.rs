//! A function: its execution environments and its tally.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Semaphore;

use super::environment::Environment;
use super::invocation::Invocation;
use super::outcome::Outcome;
use super::settings::Settings;

/// Counters of one function since the stack started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Processes that wait for work.
    pub idle: usize,
    /// Invocations that run now.
    pub running: usize,
    /// Invocations that ended.
    pub invocations: u64,
    /// Those that ended in an error, crashes included.
    pub failures: u64,
}

/// A function that can be invoked.
pub struct Function {
    settings: Settings,
    idle: Mutex<Vec<Environment>>,
    slots: Semaphore,
    running: AtomicUsize,
    invocations: AtomicU64,
    failures: AtomicU64,
}

impl Function {
    /// A function without a process yet.
    #[must_use]
    pub fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            slots: Semaphore::new(usize::from(settings.launcher.environments)),
            settings,
            idle: Mutex::new(Vec::new()),
            running: AtomicUsize::new(0),
            invocations: AtomicU64::new(0),
            failures: AtomicU64::new(0),
        })
    }

    /// Settings of its process.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Starts the first process and waits until it asks for work.
    pub async fn warm(&self) -> Result<(), String> {
        let mut environment = Environment::start(&self.settings).await.map_err(|error| error.to_string())?;
        environment.ready().await?;
        self.put_back(environment);
        Ok(())
    }

    /// Runs one invocation to its end. It goes on when the caller stops waiting, as it would on Lambda.
    pub async fn invoke(self: &Arc<Self>, invocation: impl Into<Invocation>) -> Outcome {
        let (function, invocation) = (Arc::clone(self), invocation.into());
        let running = tokio::spawn(async move { function.run(invocation).await });
        running.await.unwrap_or_else(|error| Outcome::NotStarted(error.to_string()))
    }

    async fn run(&self, invocation: Invocation) -> Outcome {
        let Ok(_slot) = self.slots.acquire().await else {
            return Outcome::NotStarted("the stack is stopping".to_owned());
        };
        self.running.fetch_add(1, Ordering::Relaxed);
        let outcome = match self.take().await {
            Ok(mut environment) => {
                let outcome = environment.run(invocation).await;
                environment.settle().await;
                self.put_back(environment);
                outcome
            }
            Err(error) => Outcome::NotStarted(error.to_string()),
        };
        self.running.fetch_sub(1, Ordering::Relaxed);
        self.invocations.fetch_add(1, Ordering::Relaxed);
        if !matches!(outcome, Outcome::Answered(_)) {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }

    /// The most recently used process, as Lambda does, or a new one.
    async fn take(&self) -> std::io::Result<Environment> {
        let idle = {
            let mut idle = self.idle();
            idle.retain(Environment::is_alive);
            idle.pop()
        };
        match idle {
            Some(environment) => Ok(environment),
            None => Environment::start(&self.settings).await,
        }
    }

    fn put_back(&self, environment: Environment) {
        if environment.is_alive() && !self.slots.is_closed() {
            self.idle().push(environment);
        }
    }

    /// Lets running invocations end for at most `grace`, then ends every process.
    pub async fn stop(&self, grace: Duration) {
        let all = u32::from(self.settings.launcher.environments);
        // Whoever is still at work after the grace is cut off with the process.
        let _ = tokio::time::timeout(grace, self.slots.acquire_many(all)).await;
        self.slots.close();
        self.idle().clear();
    }

    /// Ids of the processes that wait for work.
    pub fn processes(&self) -> Vec<u32> {
        self.idle()
            .iter()
            .filter(|environment| environment.is_alive())
            .filter_map(Environment::process)
            .collect()
    }

    /// Counters since the start.
    pub fn tally(&self) -> Tally {
        Tally {
            idle: self.idle().iter().filter(|environment| environment.is_alive()).count(),
            running: self.running.load(Ordering::Relaxed),
            invocations: self.invocations.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every function of the stack by name.
#[derive(Clone, Default)]
pub struct Functions(Arc<BTreeMap<String, Arc<Function>>>);

impl Functions {
    /// Puts functions under their names.
    pub fn new(functions: impl IntoIterator<Item = Arc<Function>>) -> Self {
        Self(Arc::new(
            functions.into_iter().map(|function| (function.settings.name.clone(), function)).collect(),
        ))
    }

    /// The function called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Function>> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Function>> {
        self.0.values()
    }

    /// Starts one process of each; the faults name function and log.
    pub async fn warm(&self) -> Result<(), String> {
        let mut starting = tokio::task::JoinSet::new();
        for function in self.iter() {
            let function = Arc::clone(function);
            starting.spawn(async move {
                function.warm().await.map_err(|fault| {
                    let Settings { name, log, .. } = function.settings();
                    format!("function {name} did not start: {fault}; its output is in {}", log.display())
                })
            });
        }
        let mut faults = Vec::new();
        while let Some(started) = starting.join_next().await {
            faults.extend(started.map_err(|error| error.to_string()).and_then(|result| result).err());
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }

    /// Stops every function, all at the same time.
    pub async fn stop(&self, grace: Duration) {
        let mut stopping = tokio::task::JoinSet::new();
        for function in self.iter() {
            let function = Arc::clone(function);
            stopping.spawn(async move { function.stop(grace).await });
        }
        while stopping.join_next().await.is_some() {}
    }
}
