//! CPU time and memory of a process, read from outside through `/proc`.

use std::fs;
use std::io;

/// CPU time of all tasks of process `pid` so far, in nanoseconds. Exact only while its tasks sleep.
pub(crate) fn cpu_nanos(pid: u32) -> io::Result<u64> {
    let mut sum = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        // A thread may end between the listing and the reading.
        if let Ok(line) = fs::read_to_string(task?.path().join("schedstat")) {
            sum += first_number(&line).unwrap_or(0);
        }
    }
    Ok(sum)
}

/// CPU time of the calling thread so far, in nanoseconds. The kernel books it when the thread leaves the processor, so
/// the thread sleeps first.
pub(crate) fn own_cpu_nanos() -> io::Result<u64> {
    std::thread::sleep(std::time::Duration::from_millis(1));
    let line = fs::read_to_string("/proc/thread-self/schedstat")?;
    first_number(&line).ok_or_else(|| io::Error::other("schedstat without a number"))
}

/// Largest resident set so far, in MiB.
pub(crate) fn peak_mib(pid: u32) -> io::Result<f64> {
    peak_of(&fs::read_to_string(format!("/proc/{pid}/status"))?).ok_or_else(|| io::Error::other("no VmHWM"))
}

pub(crate) fn first_number(line: &str) -> Option<u64> {
    line.split_whitespace().next()?.parse().ok()
}

pub(crate) fn peak_of(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
}

/// Nanoseconds as microseconds.
#[expect(clippy::cast_precision_loss, reason = "the nanoseconds of a bench fit 52 bits")]
pub(crate) fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1e3
}
