//! Tests of the whole project: source rules, template rules and journeys in `it/`, the bench in `benches/`.
//!
//! This library is empty; a package needs one to hold tests and benches. One more subject: a module in `it/main.rs`.
//! One more journey: a file in `it/journeys/`. One more measured operation: see `benches/functions/main.rs`.
