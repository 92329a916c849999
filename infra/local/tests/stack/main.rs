//! A small stack, whole: real TLS, real processes, real queues. Its one function is this test binary again.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

mod certificates;
mod echo;
mod front;
mod gateway;
mod refusals;
mod sources;
mod stack;
mod survival;

/// Not a test: the function of the stacks below, started by them as a process. Its name is the function's.
#[test]
#[ignore = "a function started by other tests"]
fn echo() {
    echo::run();
}

/// Not a test: a stack in a process of its own, started and killed by a test in `survival`.
#[test]
#[ignore = "a stack started by another test"]
fn stack_process() {
    survival::run();
}
