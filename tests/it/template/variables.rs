//! The variables that the template gives to functions are those that the house reads.

use std::collections::BTreeSet;

use super::read::{self, Template};
use crate::checkout;

/// Names of the public constants of type `Var` in a source text.
fn constants(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let (name, kind) = line.strip_prefix("pub const ")?.split_once(": ")?;
        kind.starts_with("Var<").then_some(name)
    })
}

#[test]
fn the_template_and_the_constants_name_the_same_variables() {
    let template = Template::read(&read::text());
    let named = template.functions().flat_map(|function| function.environment().map(|(name, _)| name));
    let files = checkout::files();
    let shared = files.iter().filter(|file| file.path.starts_with("shared/") && file.is_rust());
    let read = shared.flat_map(|file| constants(&file.text));
    assert_eq!(named.collect::<BTreeSet<_>>(), read.collect::<BTreeSet<_>>());
}
