//! Processes of a stack's functions, found as children of the stack's process, to kill them and to read their CPU time.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::stack::Stack;

/// Clock ticks of `/proc/PID/stat` a second.
const TICKS: u64 = 100;

/// kill -9 of every environment of a function; how many there were.
pub(crate) fn kill_functions(stack: &Stack, function: &str) -> usize {
    let found = of_function(stack, function);
    for process in &found {
        let killed = Command::new("kill").args(["-9", &process.to_string()]).status();
        assert!(killed.expect("kill starts").success(), "{process} could not be killed");
    }
    found.len()
}

/// User and system time of every environment of a function that lives.
pub(crate) fn cpu_of_functions(stack: &Stack, function: &str) -> Duration {
    let ticks: u64 = of_function(stack, function).into_iter().filter_map(cpu).sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}

fn of_function(stack: &Stack, function: &str) -> Vec<u32> {
    let all = fs::read_dir("/proc").expect("there is /proc");
    let numbers = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let ours = |process: &u32| parent(*process) == Some(stack.process()) && works_for(*process, function);
    numbers.filter(ours).collect()
}

/// `ponte function NAME`.
fn works_for(process: u32, function: &str) -> bool {
    let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    let mut words = line.split(|byte| *byte == 0).filter(|word| !word.is_empty()).rev();
    words.next() == Some(function.as_bytes()) && words.next() == Some(b"function")
}

fn parent(process: u32) -> Option<u32> {
    stat(process)?.split(' ').nth(1)?.parse().ok()
}

fn cpu(process: u32) -> Option<u64> {
    let stat = stat(process)?;
    let mut fields = stat.split(' ').skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

/// The fields behind the name of the program, which may hold anything: state, parent, ..
fn stat(process: u32) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    text.rsplit_once(") ").map(|(_, rest)| rest.to_owned())
}
