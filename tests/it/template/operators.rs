//! The parameter that names commands for two operators takes every command that changes something, and no other word.

use std::collections::BTreeSet;

use super::read::{self, Template, list, target};
use crate::checkout;

/// Commands that only look, or whose answer holds a secret, so that no queue takes them.
const NOT_BY_TWO: [&str; 10] = [
    "api-key.issue",
    "api-key.list",
    "api-key.rotate",
    "audit.compare",
    "audit.prove",
    "pcm.check",
    "pcm.parked",
    "pcm.quality",
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

/// A message of an operator queue is proven by its receipt: the function can ask the queue for it, and nobody else gets one.
#[test]
fn t47_the_receipts_of_an_operator_queue_are_its_function_s_alone() {
    let template = Template::read(&read::text());
    let queues = template.queues().filter(|queue| queue.id.ends_with("OperatorQueue")).collect::<Vec<_>>();
    assert_eq!(queues.len(), 6);
    for queue in queues {
        let function = format!("{}Function", queue.id.trim_end_matches("OperatorQueue"));
        let role = format!("role/*-{function}Role-*");
        let closed = template.of_type("AWS::SQS::QueuePolicy").any(|policy| {
            list(policy.get("/PolicyDocument/Statement")).iter().any(|statement| {
                let but = &statement["Condition"]["ArnNotLike"]["aws:PrincipalArn"]["Fn::Sub"];
                statement["Effect"] == "Deny"
                    && statement["Principal"] == "*"
                    && statement["Action"] == "sqs:ReceiveMessage"
                    && target(&statement["Resource"]) == Some(queue.id)
                    && but.as_str().is_some_and(|but| but.ends_with(&role))
            })
        });
        assert!(closed, "{}: somebody else may receive its messages", queue.id);
        for one in template.functions() {
            let statements = list(one.get("/Policies")).iter().flat_map(|policy| list(&policy["Statement"]));
            let asks = statements.filter(|statement| {
                list(&statement["Action"]).iter().any(|action| action == "sqs:ChangeMessageVisibility")
                    && list(&statement["Resource"]).iter().any(|on| target(on) == Some(queue.id))
            });
            assert_eq!(asks.count(), usize::from(one.id == function), "{} at {}", one.id, queue.id);
        }
    }
}

/// Lambda ends what it takes for a loop after 16 turns: functions whose commands go on part by part, or whose worker looks at the same
/// thing again, say that they mean it.
#[test]
fn t23_functions_whose_commands_go_on_may_come_back_by_their_own_queue() {
    let template = Template::read(&read::text());
    let files = checkout::files();
    let hands_on = |function: &str| {
        let sources = format!("functions/{}/src/", function.trim_end_matches("Function").to_lowercase());
        let again = |text: &str| text.contains(".going_on()") || text.contains(".queue.send(");
        files.iter().any(|file| file.path.starts_with(&sources) && again(&file.text))
    };
    let said = template.functions().filter(|one| one.get("/RecursiveLoop") == "Allow").map(|one| one.id);
    let wanted = template.functions().map(|one| one.id).filter(|id| hands_on(id)).collect::<BTreeSet<_>>();
    assert_eq!(said.collect::<BTreeSet<_>>(), wanted);
    assert!(wanted.len() >= 3, "{wanted:?}");
}
