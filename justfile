# `just` lists what can be done; every recipe is one command that also works without just.

_default:
    @just --list

# the local cloud, the demo journey, then serve until Ctrl-C
run *ARGS:
    cargo run -- {{ ARGS }}

# one journey through everything; exit code 0 = every step held
demo *ARGS:
    cargo run -- demo {{ ARGS }}

# all tests
test:
    cargo test --workspace

# what CI runs, step by step
check:
    .ci/run

# 20 demos in a row, 4 stacks side by side
long:
    cargo build
    cargo test --workspace --test it -- --ignored --nocapture --test-threads 1 journeys

# CPU, latency, memory and size of the operations, of pages of records and of the reports
bench:
    cargo bench -p ponte-tests

# binaries for `sam deploy`, under target/lambda
package PROFILE="ship":
    .ci/package {{ PROFILE }}

# format everything
format:
    cargo fmt --all
