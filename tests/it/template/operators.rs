//! The parameter that names commands for two operators takes every command that changes something, and no other word.

use std::collections::BTreeSet;

use super::read::{self, Template};
use crate::checkout;

/// Commands that only look, or whose answer holds a secret, so that no queue takes them.
const NOT_BY_TWO: [&str; 9] = [
    "api-key.issue",
    "api-key.list",
    "api-key.rotate",
    "audit.compare",
    "audit.prove",
    "pcm.check",
    "pcm.parked",
    "pcm.status",
    "ops.approve",
];

/// The names that a pattern like `((a\.(b|c)|d\.e)(,(?=.)|$))*` takes.
fn names(pattern: &str) -> BTreeSet<String> {
    let inner = pattern.strip_prefix("((").and_then(|rest| rest.strip_suffix(")(,(?=.)|$))*"));
    let mut rest = inner.expect("a list of names, separated by commas");
    let mut found = BTreeSet::new();
    while let Some((subject, verbs)) = rest.split_once("\\.") {
        let (verbs, after) = match verbs.strip_prefix('(') {
            Some(group) => group.split_once(')').expect("a group ends"),
            None => verbs.split_once('|').map_or((verbs, ""), |(verb, _)| (verb, &verbs[verb.len()..])),
        };
        found.extend(verbs.split('|').map(|verb| format!("{subject}.{verb}")));
        rest = after.strip_prefix('|').unwrap_or(after);
    }
    found
}

#[test]
fn t47_commands_for_two_operators_are_those_that_change_something() {
    let template = Template::read(&read::text());
    let pattern = template.parameter("TwoOperatorCommands")["AllowedPattern"].as_str().expect("a pattern");
    let files = checkout::files();
    let commands = files
        .iter()
        .filter(|file| file.path.starts_with("functions/") && file.path.ends_with("/src/commands.rs"));
    let renamed = commands.flat_map(|file| file.text.split("#[serde(rename = \"").skip(1));
    let named = renamed.filter_map(|rest| rest.split('"').next()).filter(|name| name.contains('.'));
    let changing =
        named.filter(|name| !NOT_BY_TWO.contains(name)).map(str::to_owned).collect::<BTreeSet<_>>();
    let taken = names(pattern);
    let missing = changing.difference(&taken).collect::<Vec<_>>();
    assert!(missing.is_empty(), "TwoOperatorCommands cannot name {missing:?}");
    assert!(changing.len() >= 10, "{changing:?}");
    assert!(NOT_BY_TWO.iter().all(|name| !taken.contains(*name)), "{taken:?}");
}
