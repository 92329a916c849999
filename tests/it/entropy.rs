//! The first random number of a process is cheap: aws-lc is built without its CPU-jitter entropy (performance.md).

use std::process::Command;
use std::time::Duration;

use crate::checkout::root;

/// With jitter entropy the first call costs over 20 ms of CPU, without it 0.04 ms.
const LIMIT_NANOSECONDS: u64 = 2_000_000;
const CHILD: &str = "entropy::cost_of_the_first_random_number";
const LABEL: &str = "first random number, CPU nanoseconds: ";

/// CPU time of the calling thread, in nanoseconds. Only Linux tells it without unsafe code.
fn thread_cpu() -> Option<u64> {
    // The kernel brings the figure up to date when the thread leaves the CPU.
    std::thread::sleep(Duration::from_millis(1));
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// Run by the test below in a process of its own, because "first" happens once per process.
#[test]
#[ignore = "child process of first_random_number_is_cheap"]
fn cost_of_the_first_random_number() {
    let Some(before) = thread_cpu() else { return };
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).expect("random numbers can be had");
    let after = thread_cpu().expect("CPU time could be read before");
    assert_ne!(bytes, [0; 32]);
    println!("{LABEL}{}", after - before);
}

#[test]
fn first_random_number_is_cheap() {
    if thread_cpu().is_none() {
        println!("skipped: this system does not tell the CPU time of a thread");
        return;
    }
    // The best of three: an interrupt may be charged to one of them.
    let cost = (0..3)
        .map(|_| {
            let output = Command::new(std::env::current_exe().expect("this test knows its own path"))
                .args([CHILD, "--exact", "--ignored", "--nocapture"])
                .output()
                .expect("the child runs");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let number =
                text.lines().find_map(|line| Some(line.split_once(LABEL)?.1.trim().parse::<u64>().ok()));
            number.flatten().unwrap_or_else(|| panic!("the child printed no figure: {text}"))
        })
        .min();
    assert!(cost.is_some_and(|cost| cost > 0 && cost < LIMIT_NANOSECONDS), "{cost:?} ns");
}

#[test]
fn jitter_entropy_is_left_out_of_every_build() {
    let text =
        std::fs::read_to_string(root().join(".cargo/config.toml")).expect("the configuration can be read");
    assert!(text.lines().any(|line| line.trim() == "AWS_LC_SYS_NO_JITTER_ENTROPY = \"1\""));
}
