//! The ratio targets of the performance notes (section 9) beside what was measured.

use serde::Serialize;

use super::report::{ComparedRow, Hello, Row};

/// One target.
#[derive(Serialize)]
pub(crate) struct Target {
    /// Name of the limited quantity.
    pub(crate) name: String,
    /// Largest value.
    pub(crate) limit: f64,
    /// The measured value.
    pub(crate) measured: f64,
}

impl Target {
    fn new(name: impl Into<String>, limit: f64, measured: f64) -> Self {
        Self { name: name.into(), limit, measured }
    }

    /// Whether it holds, at the precision it is printed with.
    pub(crate) fn met(&self) -> bool {
        self.measured < self.limit + 0.005
    }
}

/// Every target these measurements say something about.
pub(crate) fn targets(
    rows: &[Row],
    hello: &Hello,
    (jose, gate): (&[ComparedRow], &[ComparedRow]),
    first_random_ms: f64,
) -> Vec<Target> {
    let mut targets: Vec<Target> = jose
        .iter()
        .map(|row| Target::new(format!("{} / the bare RSA operation", row.name), row.limit, row.ratio))
        .collect();
    targets.extend(
        rows.iter().map(|row| Target::new(format!("{}: CPU / its floor", row.name), row.limit, row.ratio)),
    );
    targets.extend(gate.iter().map(|row| Target::new(row.name, row.limit, row.ratio)));
    let started = hello.init_ms.median + hello.first_ms.median;
    let worst = |of: &dyn Fn(&Row) -> f64| {
        let worst = rows.iter().max_by(|one, other| of(one).total_cmp(&of(other)));
        worst.map_or((String::new(), f64::NAN), |row| (row.name.to_owned(), of(row)))
    };
    let mut highest = |name: &str, limit: f64, of: &dyn Fn(&Row) -> f64| {
        let (operation, measured) = worst(of);
        targets.push(Target::new(format!("{name} (highest: {operation})"), limit, measured));
    };
    highest("init CPU / empty handler's", 1.6, &|row| row.init_ms.median / hello.init_ms.median);
    highest("init + first call CPU / empty handler's", 3.5, &|row| {
        (row.init_ms.median + row.first_ms.median) / started
    });
    highest("init + first call CPU, ms", 6.0, &|row| row.init_ms.median + row.first_ms.median);
    highest("binary / empty handler's", 5.0, &|row| row.binary_mb / hello.binary_mb);
    highest("binary, MB", 8.0, &|row| row.binary_mb);
    highest("peak memory after 1,000 invocations, MiB", 16.0, &|row| row.peak_mib);
    highest("p99 / p50 wall", 2.0, &|row| row.p99_us / row.p50_us);
    targets.push(Target::new("first random number of a process, ms", 2.0, first_random_ms));
    targets
}
