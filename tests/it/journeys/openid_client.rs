//! A FAPI client of another ecosystem (npm `openid-client`, `FAPI1Client`) goes the whole way over real mTLS.

use super::node;
use crate::stack::Stack;

/// Steps of one journey, in this order.
const JOURNEY: [&str; 9] = [
    "consent",
    "PAR",
    "authorize",
    "decision",
    "resume",
    "callback and code",
    "refresh",
    "userinfo",
    "accounts",
];

/// The steps that `tests/node/flow.mjs` tells of when none is skipped.
fn steps() -> Vec<String> {
    let journey = |round: &'static str| JOURNEY.map(|step| format!("{round}, {step}"));
    let mut steps = ["discovery", "registration", "client_credentials token"].map(str::to_owned).to_vec();
    steps.extend(journey("signed request"));
    let revoked = ["accounts", "introspection", "refresh"].map(|step| format!("revoked consent, {step}"));
    steps.extend(["introspection".to_owned(), "consent revoked".to_owned()].into_iter().chain(revoked));
    steps.extend(journey("encrypted request"));
    steps.push("refresh token revoked".to_owned());
    steps
}

#[test]
fn s01_s04_s14_an_independent_fapi_client_completes_the_flow() {
    let Some(project) = node::project("openid_client") else { return };
    let folder = tempfile::tempdir().expect("a folder can be made");
    let _stack = Stack::up(folder.path());
    let endpoints = folder.path().join("endpoints.json");
    let output = project.run(&["flow.mjs", &endpoints.to_string_lossy()], "");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}:\n{out}{err}", output.status);
    // `ok      name: note`
    let held = out.lines().filter_map(|line| line.strip_prefix("ok "));
    let names: Vec<&str> = held.map(|line| line.split(':').next().unwrap_or(line).trim()).collect();
    assert_eq!(names, steps(), "{out}");
}
