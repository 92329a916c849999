//! Any bytes as the answer of an institution, at each table.
#![no_main]

#[path = "../body.rs"]
mod body;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    body::judge(input);
});
