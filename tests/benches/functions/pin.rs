//! Pinning of all measured processes to one processor.
//!
//! Two processors of a shared machine seldom run at one pace: a neighbour's work on the same core slows one of them by
//! half. A function and its floor that happen to run on different ones cannot be compared.

use std::process::{Command, Stdio};

use super::Fault;

/// Keeps this process, and every process it starts from now on, on one processor. False where that cannot be had.
pub(crate) fn to_one_processor() -> Result<bool, Fault> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let Some(last) = last_allowed(&status) else { return Ok(false) };
    let pid = std::process::id().to_string();
    let taskset = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", last, &pid])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    Ok(taskset.is_ok_and(|status| status.success()))
}

/// The last processor this process may use.
pub(crate) fn last_allowed(status: &str) -> Option<&str> {
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    list.trim().rsplit([',', '-']).next().filter(|number| !number.is_empty())
}
