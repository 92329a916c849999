//! Dependencies that must not come in, directly or through another one. Our own list: the advisory database needs a network.

use crate::checkout;

/// Crates that no build of ours contains: RUSTSEC-2023-0071 (rsa), one crypto library only (ring, OpenSSL).
const BANNED: [&str; 7] = ["rsa", "ring", "openssl", "openssl-sys", "native-tls", "webpki", "josekit"];

/// Oldest version that is let in: CVE-2026-25537 (jsonwebtoken), RUSTSEC-2026-0044 to 0048 (aws-lc-sys).
const OLDEST: [(&str, Version); 2] = [("jsonwebtoken", [10, 3, 0]), ("aws-lc-sys", [0, 41, 0])];

/// Major, minor, patch.
type Version = [u64; 3];

/// `v1.2.3`, whatever follows it.
fn version(text: &str) -> Option<Version> {
    let numbers = text.trim_start_matches('v').split(['-', '+']).next()?;
    let numbers: Vec<u64> = numbers.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// Faults of a list of `name vVERSION` lines.
fn faults(packages: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for line in packages.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(found)) = (words.next(), words.next()) else { continue };
        if BANNED.contains(&name) {
            faults.push(format!("{name} is built"));
        }
        for (limited, oldest) in &OLDEST {
            if name == *limited && version(found).is_none_or(|found| found < *oldest) {
                faults.push(format!("{name} {found} is older than {oldest:?}"));
            }
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

#[test]
fn banned_dependencies_are_not_built() {
    // `cargo tree` shows what is built; Cargo.lock also lists optional crates that no feature turns on.
    let packages =
        checkout::cargo(&["tree", "--workspace", "--prefix", "none", "--edges", "normal,build,dev"]);
    assert!(
        packages.lines().any(|line| line.starts_with("aws-lc-sys v")),
        "cargo tree lists the dependencies"
    );
    assert_eq!(faults(&packages), Vec::<String>::new());
}

#[test]
fn versions_in_the_lock_file_are_new_enough() {
    let lock = std::fs::read_to_string(checkout::root().join("Cargo.lock")).expect("Cargo.lock can be read");
    let quoted = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
    let packages: String = lock
        .split("[[package]]")
        .skip(1)
        .filter_map(|package| {
            let field = |name: &str| package.lines().find(|line| line.starts_with(name)).map(quoted);
            Some(format!("{} v{}\n", field("name = ")?, field("version = ")?))
        })
        // Weak features leave ring in the lock file although nothing builds it; the test above holds that.
        .filter(|line| !line.starts_with("ring "))
        .collect();
    assert!(packages.lines().count() > 100, "the lock file was read");
    assert_eq!(faults(&packages), Vec::<String>::new());
}

#[test]
fn ban_list_finds_each_fault() {
    assert_eq!(faults("serde v1.0.0\njsonwebtoken v10.3.0\naws-lc-sys v0.41.0"), Vec::<String>::new());
    assert_eq!(faults("jsonwebtoken v10.2.9\naws-lc-sys v0.40.0").len(), 2);
    for name in BANNED {
        assert_eq!(faults(&format!("{name} v9.9.9")), [format!("{name} is built")]);
    }
}
