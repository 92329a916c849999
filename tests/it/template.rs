//! Rules of our own over `infra/template.yaml`; the numbers are those of reliability.md, section 7.5; 62 is T62 there.
//!
//! One more rule: a function from template to findings in the file of its subject, a line in `RULES`, a line in
//! `mutants.rs` that proves it can fail. A finding that we keep is waived, with the reason, in `infra/waivers.yaml`.

mod alarms;
mod functions;
mod gateways;
mod mutants;
mod operators;
mod patterns;
mod permissions;
mod queues;
mod read;
mod stores;
mod throttles;
mod variables;
mod waivers;

use read::Template;

/// Something a rule does not like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// Number in reliability.md, section 7.5.
    rule: u8,
    /// Logical id.
    resource: String,
    /// The fault there.
    text: String,
}

/// Collects the findings of one rule.
struct Findings {
    rule: u8,
    found: Vec<Finding>,
}

impl Findings {
    fn of(rule: u8) -> Self {
        Self { rule, found: Vec::new() }
    }

    /// Notes a finding unless `holds`.
    fn want(&mut self, holds: bool, resource: &str, text: impl Into<String>) {
        if !holds {
            self.found.push(Finding { rule: self.rule, resource: resource.to_owned(), text: text.into() });
        }
    }
}

type Rule = fn(&Template) -> Findings;

const RULES: &[Rule] = &[
    gateways::execute_api_is_off,
    gateways::truststore_is_pinned,
    gateways::management_is_apart,
    gateways::tls_is_1_2_and_regional,
    gateways::routes_have_an_authorizer,
    gateways::access_log_carries_no_token,
    permissions::no_wildcards,
    permissions::permitted_is_what_the_environment_names,
    permissions::audit_is_append_only,
    permissions::the_institution_alone_is_invoked,
    permissions::seals_are_written_by_one,
    permissions::api_keys_are_written_by_one,
    permissions::the_block_list_is_written_by_one,
    permissions::payments_are_one_function_s_alone,
    stores::everything_is_encrypted_with_our_key,
    stores::tables_can_be_recovered,
    stores::secrets_outlive_the_stack,
    queues::dead_letters_are_kept,
    queues::queues_speak_tls_only,
    queues::mappings_survive_a_bad_message,
    queues::workers_know_their_dead_letters,
    functions::answer_before_the_gateway_gives_up,
    functions::schedules_have_dead_letters,
    functions::events_are_no_older_than_clocks_allow,
    functions::environment_holds_no_secret,
    functions::nothing_else_invokes,
    functions::logs_expire,
    functions::runtime_is_the_measured_one,
    queues::alarms_watch_queues_and_hosts,
    queues::alarms_watch_the_field_alarm,
    queues::alarms_watch_unreadable_rows,
    queues::alarms_watch_schedules,
    alarms::alarms_reach_a_topic,
    alarms::alarms_watch_certificates,
    alarms::alarms_watch_the_outbox,
    alarms::alarms_watch_key_sets,
    alarms::alarms_watch_lost_reports,
    alarms::alarms_watch_the_audit,
    alarms::alarms_watch_the_block_list,
    alarms::alarms_watch_the_limits,
    throttles::routes_are_throttled_above_the_floors,
    throttles::public_families_are_throttled_apart,
    throttles::environments_are_reserved_by_parameter,
    throttles::alarms_watch_throttles_and_environments,
];

fn findings(template: &Template) -> Vec<Finding> {
    let mut found: Vec<Finding> = RULES.iter().flat_map(|rule| rule(template).found).collect();
    found.sort();
    found
}

#[test]
fn template_has_no_finding_beyond_the_waivers() {
    let template = Template::read(&read::text());
    let waivers = waivers::read();
    let found = findings(&template);
    let open: Vec<&Finding> =
        found.iter().filter(|finding| !waivers.iter().any(|w| w.covers(finding))).collect();
    assert_eq!(open, Vec::<&Finding>::new(), "mend the template or waive with a reason");
    let idle: Vec<_> =
        waivers.iter().filter(|waiver| !found.iter().any(|finding| waiver.covers(finding))).collect();
    assert!(idle.is_empty(), "nothing needs these waivers any more: {idle:?}");
    println!("{} rules, {} findings waived by {} waivers", RULES.len(), found.len(), waivers.len());
}
