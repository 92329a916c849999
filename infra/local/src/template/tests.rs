//! Tests of the template reader: the real template is understood whole, anything unknown is refused with its place.

use std::time::Duration;

use time::macros::datetime;

use super::*;

fn scope() -> Scope {
    let mut parameters = BTreeMap::new();
    let document: Yaml = serde_yaml_ng::from_str(TEXT).unwrap();
    for (name, declaration) in document.get("Parameters").unwrap().as_mapping().unwrap() {
        if declaration.get("Default").is_none() {
            parameters.insert(name.as_str().unwrap().to_owned(), format!("the-{}", name.as_str().unwrap()));
        }
    }
    parameters.insert("InstitutionUrl".to_owned(), "https://layer.example".to_owned());
    Scope { parameters, endpoint: "http://127.0.0.1:4000".to_owned() }
}

/// The same with payments, whose connector has a URL.
fn with_payments() -> Scope {
    let mut scope = scope();
    let given = [
        ("Payments", "enabled"),
        ("PaymentConnectorUrl", "https://core.example"),
        ("PaymentConnectorKeys", "{\"keys\":[]}"),
    ];
    scope.parameters.extend(given.map(|(name, value)| (name.to_owned(), value.to_owned())));
    scope
}

fn fault(text: &str) -> TemplateError {
    Template::read(text, &Scope::default()).unwrap_err()
}

#[test]
fn the_real_template_is_understood_whole() {
    let template = Template::read(TEXT, &scope()).unwrap();
    let oauth = template.functions.iter().find(|function| function.name == "oauth").unwrap();
    assert_eq!(oauth.environment["INSTITUTION"], "the-Institution");
    assert_eq!(oauth.environment["PUBLIC_URL"], "https://the-PublicDomainName");
    assert_eq!(oauth.environment["CONSENTS_TABLE"], "ponte-ConsentsTable");
    assert_eq!(
        oauth.environment["SIGNING_KEY_SECRET"],
        "arn:aws:secretsmanager:sa-east-1:000000000000:secret:ponte-SigningKeySecret"
    );
    assert_eq!(oauth.timeout, Duration::from_secs(28));
    assert_eq!(oauth.memory, 256);
    let api = |domain: &str| template.apis.iter().find(|api| api.domain == domain).unwrap();
    let (mtls, open) = (api("the-MtlsDomainName"), api("the-PublicDomainName"));
    assert!(oauth.routes.iter().any(|route| route.api == mtls.name && route.path == "/auth/{proxy+}"));
    let authorize = template.functions.iter().find(|function| function.name == "authorize").unwrap();
    assert!(authorize.routes.iter().all(|route| route.api == open.name && route.method == "ANY"));
    let management = api("the-ManagementDomainName");
    assert_eq!(open.truststore, None);
    assert_eq!(mtls.truststore.as_deref(), Some("the-TruststoreUri"));
    assert_eq!(management.truststore.as_deref(), Some("the-ManagementTruststoreUri"));
    let managed = template.functions.iter().flat_map(|function| &function.routes);
    let managed: Vec<_> = managed.filter(|route| route.path.starts_with("/open-banking/oob-")).collect();
    assert!(!managed.is_empty() && managed.iter().all(|route| route.api == management.name), "{managed:?}");
}

#[test]
fn queues_mappings_and_schedules_of_the_real_template() {
    let template = Template::read(TEXT, &scope()).unwrap();
    let pcm = template.functions.iter().find(|function| function.name == "pcm").unwrap();
    assert_eq!(pcm.environment["PCM_QUEUE_URL"], "http://127.0.0.1:4000/000000000000/ponte-PcmQueue");
    let of_queue =
        |id: &'static str| move |mapping: &&Mapping| mapping.queue_arn.ends_with(&format!("-{id}"));
    let mapping = pcm.mappings.iter().find(of_queue("PcmQueue")).unwrap();
    let queue = template.queue_by_arn(&mapping.queue_arn).unwrap();
    assert_eq!((mapping.batch_size, mapping.partial_failures, mapping.max_concurrency), (1, true, 5));
    assert_eq!(queue.id, "PcmQueue");
    let orders = pcm.mappings.iter().find(of_queue("PcmOperatorQueue")).unwrap();
    assert_eq!((orders.batch_size, orders.partial_failures, orders.max_concurrency), (1, true, 2));
    assert!(queue.attributes.contains(&("VisibilityTimeout", "168".to_owned())));
    let redrive = queue.redrive.as_ref().unwrap();
    assert_eq!(redrive.max_receive_count, 5);
    assert_eq!(template.queue_by_arn(&redrive.target_arn).unwrap().id, "PcmDeadLetters");
    let mut names: Vec<&str> = template.schedules().map(|(_, schedule)| schedule.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["check", "expiry", "prove", "seal", "stock", "sweep"]);
    let (_, sweep) = template.schedules().find(|(_, schedule)| schedule.name == "sweep").unwrap();
    assert_eq!(sweep.arn, "arn:aws:scheduler:sa-east-1:000000000000:schedule/default/ponte-sweep");
    assert_eq!(sweep.rhythm, Rhythm::Rate(Duration::from_mins(1)));
}

#[test]
fn m50_the_stock_is_taken_ten_minutes_after_midnight_in_brasilia() {
    let template = Template::read(TEXT, &scope()).unwrap();
    let (function, stock) = template.schedules().find(|(_, schedule)| schedule.name == "stock").unwrap();
    let now = datetime!(2026-03-01 03:10:00 UTC);
    assert_eq!(stock.rhythm.next(now), Some(datetime!(2026-03-02 00:10 -3)));
    assert_eq!((function.name.as_str(), function.memory), ("stock", 512));
    assert_eq!(function.timeout, Duration::from_mins(15));
    assert!(function.routes.is_empty());
}

#[test]
fn tables_and_secrets_of_the_real_template() {
    let template = Template::read(TEXT, &scope()).unwrap();
    let grants = template.tables.iter().find(|table| table.id == "GrantsTable").unwrap();
    assert_eq!(grants.time_to_live.as_deref(), Some("expires_at"));
    assert_eq!(grants.key, [("pk".into(), "HASH".into()), ("sk".into(), "RANGE".into())]);
    let pseudonym = template.secrets.iter().find(|secret| secret.id == "PseudonymKeySecret").unwrap();
    assert_eq!(pseudonym.generate.as_ref().unwrap()["PasswordLength"], 64);
}

#[test]
fn payments_are_there_only_where_they_are_enabled() {
    let (without, with) =
        (Template::read(TEXT, &scope()).unwrap(), Template::read(TEXT, &with_payments()).unwrap());
    let names = |template: &Template| {
        let functions = template.functions.iter().map(|function| function.name.clone());
        let queues = template.queues.iter().map(|queue| queue.id.clone());
        let tables = template.tables.iter().map(|table| table.id.clone());
        let secrets = template.secrets.iter().map(|secret| secret.id.clone());
        let all = functions.chain(queues).chain(tables).chain(secrets);
        all.chain(template.outputs.keys().cloned()).collect::<std::collections::BTreeSet<_>>()
    };
    let added: Vec<String> = names(&with).difference(&names(&without)).cloned().collect();
    let wanted = [
        "MessageKeySecret",
        "PaymentConnectorTlsSecret",
        "PaymentConsentsTable",
        "PaymentRepliesDeadLetters",
        "PaymentRepliesQueue",
        "PaymentRepliesQueueUrl",
        "PaymentsDeadLetters",
        "PaymentsFunctionName",
        "PaymentsOperatorDeadLetters",
        "PaymentsOperatorQueue",
        "PaymentsOperatorQueueUrl",
        "PaymentsQueue",
        "PaymentsTable",
        "payments",
    ];
    assert_eq!(added, wanted);
    assert!(names(&with).is_superset(&names(&without)));
    let variable = |template: &Template, function: &str, name: &str| {
        let function = template.functions.iter().find(|one| one.name == function).unwrap();
        function.environment[name].clone()
    };
    for function in ["oauth", "authorize", "channel"] {
        assert_eq!(variable(&without, function, "PAYMENT_CONSENTS_TABLE"), "", "{function}");
        let table = variable(&with, function, "PAYMENT_CONSENTS_TABLE");
        assert_eq!(table, "ponte-PaymentConsentsTable", "{function}");
    }
    for name in ["MESSAGE_KEY_SECRET", "PAYMENT_CONNECTOR_TLS_SECRET", "PAYMENT_CONNECTOR_REPLY_QUEUE_URL"] {
        assert_eq!(variable(&without, "channel", name), "", "{name}");
        assert_ne!(variable(&with, "channel", name), "", "{name}");
    }
    let schedules: Vec<&str> = with.schedules().map(|(_, schedule)| schedule.name.as_str()).collect();
    assert!(["payments", "payment-books"].iter().all(|name| schedules.contains(name)), "{schedules:?}");
}

#[test]
fn the_queue_of_payments_gives_up_after_three_and_works_one_at_a_time() {
    let mut scope = with_payments();
    scope.parameters.insert("PaymentWorkers".to_owned(), "7".to_owned());
    let template = Template::read(TEXT, &scope).unwrap();
    let payments = template.functions.iter().find(|function| function.name == "payments").unwrap();
    let mapping = payments.mappings.iter().find(|one| one.queue_arn.ends_with("-PaymentsQueue")).unwrap();
    assert_eq!((mapping.batch_size, mapping.partial_failures, mapping.max_concurrency), (1, true, 7));
    let queue = template.queue_by_arn(&mapping.queue_arn).unwrap();
    assert!(queue.attributes.contains(&("VisibilityTimeout", "168".to_owned())));
    let redrive = queue.redrive.as_ref().unwrap();
    assert_eq!(redrive.max_receive_count, 3);
    assert_eq!(template.queue_by_arn(&redrive.target_arn).unwrap().id, "PaymentsDeadLetters");
    assert_eq!(
        payments.environment["PAYMENTS_DEAD_LETTERS_URL"].rsplit('/').next(),
        Some("ponte-PaymentsDeadLetters")
    );
}

#[test]
fn routes_of_payments_win_over_those_of_consents_where_payments_are_served() {
    let of = |scope: &Scope, path: &str| {
        let template = Template::read(TEXT, scope).unwrap();
        let routes = template.functions.iter().flat_map(|function| &function.routes);
        let api = if path.contains("/oob-") { "managementapi" } else { "mtlsapi" };
        let routes = crate::gateway::Routes::of(api, routes);
        routes.find("POST", path).map(|matched| matched.route.function.clone())
    };
    let consent = "/open-banking/oob-consents/consents/v1/consents/urn:bank:payment:1";
    for path in [
        "/open-banking/oob-consents/v1/payment-status-notification",
        "/open-banking/oob-consents/payments/v1/consents/urn:bank:payment:1",
        "/open-banking/oob-consents/v1/payments/consents/urn:bank:payment:1/authorisation",
        "/open-banking/oob-consents/v1/tpps/payment-legacy-ids",
        &format!("{consent}/payments"),
    ] {
        assert_eq!(of(&with_payments(), path).as_deref(), Some("payments"), "{path}");
        assert_eq!(of(&scope(), path).as_deref(), Some("consents"), "{path}");
    }
    for path in [
        "/open-banking/oob-consents/v1/consents",
        "/open-banking/oob-consents/v1/consents/urn:bank:payment:1",
        "/open-banking/oob-consents/v1/payments",
        "/open-banking/oob-consents/v1/tpps/others",
        consent,
        &format!("{consent}/payments/1"),
    ] {
        assert_eq!(of(&with_payments(), path).as_deref(), Some("consents"), "{path}");
    }
    let managed = "/open-banking/oob-payments/v2/pix/payments/1";
    assert_eq!(of(&with_payments(), managed).as_deref(), Some("payments"));
    assert_eq!(of(&scope(), managed), None);
    let regulatory = "/open-banking/payments/v5/consents";
    assert_eq!(of(&with_payments(), regulatory).as_deref(), Some("payments"));
    assert_eq!(of(&scope(), regulatory).as_deref(), Some("data"), "which knows no such row");
}

#[test]
fn a_stack_with_payments_has_one_payment_connector() {
    let function = "arn:aws:lambda:sa-east-1:000000000000:function:core";
    let (queue, arn) = ("https://sqs.example/000000000000/core", "arn:aws:sqs:sa-east-1:000000000000:core");
    let (url, keys) = ("https://core.example", "{\"keys\":[]}");
    for (payments, [url, function, queue, arn, keys], taken) in [
        ("enabled", [url, "", "", "", keys], true),
        ("enabled", ["", function, "", "", keys], true),
        ("enabled", ["", "", queue, arn, keys], true),
        ("enabled", ["", "", "", "", keys], false),
        ("enabled", [url, function, "", "", keys], false),
        ("enabled", [url, "", queue, arn, keys], false),
        ("enabled", [url, function, queue, arn, keys], false),
        ("enabled", ["", "", queue, "", keys], false),
        ("enabled", [url, "", "", arn, keys], false),
        ("enabled", [url, "", "", "", ""], false),
        ("disabled", ["", "", "", "", ""], true),
        ("disabled", [url, "", "", "", ""], true),
    ] {
        let mut scope = scope();
        let given = [
            ("Payments", payments),
            ("PaymentConnectorUrl", url),
            ("PaymentConnectorFunctionArn", function),
            ("PaymentConnectorRequestQueueUrl", queue),
            ("PaymentConnectorRequestQueueArn", arn),
            ("PaymentConnectorKeys", keys),
        ];
        scope.parameters.extend(given.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let read = Template::read(TEXT, &scope).map(drop);
        assert_eq!(read.is_ok(), taken, "{given:?}");
        assert!(read.err().is_none_or(|error| error.path == "Rules.OnePaymentConnector"), "{given:?}");
    }
}

#[test]
fn an_unknown_resource_type_is_refused_with_its_place() {
    let error = fault("Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n");
    assert_eq!(error.path, "Resources.Bucket");
    assert!(error.fault.contains("AWS::S3::Bucket"));
}

#[test]
fn an_unknown_intrinsic_is_refused_with_its_place() {
    let text = "Resources:\n  Work:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: !Select [0, [1]]\n";
    let error = fault(text);
    assert_eq!(error.path, "Resources.Work.Properties.DelaySeconds");
    assert!(error.fault.contains("Select"));
}

#[test]
fn a_condition_chooses_a_value_or_leaves_a_property_out() {
    let text = "Parameters:\n  Size: {Type: String}\nConditions:\n  Small: !Equals [!Ref Size, small]\n  \
                Large: !Not [!Equals [!Ref Size, small]]\nResources:\n  Work:\n    Type: AWS::SQS::Queue\n    \
                Properties:\n      DelaySeconds: !If [Small, 1, !If [Large, 2, 3]]\n      \
                VisibilityTimeout: {\"Fn::If\": [Large, 9, !Ref \"AWS::NoValue\"]}\n";
    let read = |size: &str| {
        let parameters = [("Size".to_owned(), size.to_owned())].into();
        let scope = Scope { parameters, ..Scope::default() };
        Template::read(text, &scope).unwrap().queues.remove(0).attributes
    };
    let number = |name, value: &str| (name, value.to_owned());
    assert_eq!(read("small"), [number("DelaySeconds", "1")]);
    assert_eq!(read("large"), [number("VisibilityTimeout", "9"), number("DelaySeconds", "2")]);
}

/// A queue with its dead letters and an output, there where `Size` is large.
const CONDITIONAL: &str = "Parameters:\n  Size: {Type: String}\nConditions:\n  Large: !Equals [!Ref Size, large]\n\
    Resources:\n  Dead:\n    Type: AWS::SQS::Queue\n    Condition: Large\n  Work:\n    Type: AWS::SQS::Queue\n    \
    Condition: Large\n    Properties:\n      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}\n  \
    Told:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      Description: !If [Large, !Ref Work, \"\"]\n\
    Outputs:\n  Url:\n    Condition: Large\n    Value: !Ref Work\n";

fn sized(text: &str, size: &str) -> Result<Template, TemplateError> {
    let parameters = [("Size".to_owned(), size.to_owned())].into();
    Template::read(text, &Scope { parameters, ..Scope::default() })
}

#[test]
fn nothing_refers_to_what_is_not_there() {
    for reference in ["!Ref Work", "!GetAtt Work.Arn", "!Sub \"${Work}\"", "!Sub \"${Work.Arn}\""] {
        let text = CONDITIONAL.replace("!If [Large, !Ref Work, \"\"]", reference);
        assert!(sized(&text, "large").is_ok(), "{reference}");
        let error = sized(&text, "small").unwrap_err();
        assert_eq!(error.path, "Resources.Told.Properties.Description");
        assert!(error.fault.contains("Work is not there"), "{error}");
    }
    let error = sized(&CONDITIONAL.replace("    Condition: Large\n", "    Condition: Huge\n"), "large");
    assert!(error.unwrap_err().fault.contains("no condition"));
}

#[test]
fn a_resource_whose_condition_does_not_hold_is_not_there() {
    let large = sized(CONDITIONAL, "large").unwrap();
    assert_eq!(large.queues.len(), 2);
    assert_eq!(large.outputs["Url"], "/000000000000/ponte-Work");
    assert_eq!(large.secrets[0].description.as_deref(), Some("/000000000000/ponte-Work"));
    let small = sized(CONDITIONAL, "small").unwrap();
    assert!(small.queues.is_empty() && small.outputs.is_empty(), "{:?}", small.queues);
    assert_eq!(small.secrets[0].description.as_deref(), Some(""));
}

#[test]
fn a_condition_that_is_not_there_or_not_understood_is_refused_with_its_place() {
    let queue = "Resources:\n  Work:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: !If [A, 1, 2]\n";
    let error = fault(queue);
    assert_eq!(error.path, "Resources.Work.Properties.DelaySeconds");
    assert!(error.fault.contains("no condition"));
    let error = fault(&format!("Conditions:\n  A: !Contains [[a], a]\n{queue}"));
    assert_eq!(error.path, "Conditions.A");
    assert!(error.fault.contains("Contains"));
    let error = fault(&format!("Conditions:\n  A: !Or [!Equals [a, a]]\n{queue}"));
    assert!(error.fault.contains("Or"));
}

#[test]
fn a_stack_has_one_integration_layer() {
    let function = "arn:aws:lambda:sa-east-1:000000000000:function:bank";
    for (url, arn, taken) in [
        ("https://layer.example", "", true),
        ("", function, true),
        ("", "", false),
        ("https://layer.example", function, false),
    ] {
        let mut scope = scope();
        let given = [("InstitutionUrl", url), ("InstitutionFunctionArn", arn)];
        scope.parameters.extend(given.map(|(name, value)| (name.to_owned(), value.to_owned())));
        match Template::read(TEXT, &scope) {
            Ok(_) => assert!(taken, "{given:?}"),
            Err(error) => {
                assert!(!taken, "{error}");
                assert_eq!(error.path, "Rules.OneIntegrationLayer");
                assert!(error.fault.contains("InstitutionUrl and InstitutionFunctionArn"), "{error}");
            }
        }
    }
}

#[test]
fn a_rule_that_is_not_understood_is_refused_with_its_place() {
    let rule = |rule: &str| fault(&format!("Rules:\n  A:\n{rule}Resources: {{}}\n"));
    for (text, told) in [
        ("    Assertions:\n      - Assert: !Equals [a, b]\n", "does not hold"),
        ("    Assertions:\n      - Assert: !And [!Equals [a, a], !Equals [a, b]]\n", "does not hold"),
        ("    Assertions:\n      - Assert: !Contains [[a], a]\n", "Contains"),
        ("    Assertions:\n      - Asserts: !Equals [a, a]\n", "without Assert"),
        ("    RuleCondition: !Equals [a, a]\n    Assertions: []\n", "Assertions alone"),
    ] {
        let error = rule(text);
        assert_eq!(error.path, "Rules.A", "{text}");
        assert!(error.fault.contains(told), "{error}");
    }
}

#[test]
fn an_unknown_property_is_refused_with_its_place() {
    let error = fault("Resources:\n  Work:\n    Type: AWS::SQS::Queue\n    Properties:\n      Speed: 3\n");
    assert_eq!(error.path, "Resources.Work.Properties");
    assert!(error.fault.contains("Speed"));
}

#[test]
fn a_reference_to_nothing_is_refused() {
    let text =
        "Resources:\n  Work:\n    Type: AWS::SQS::Queue\nOutputs:\n  Url:\n    Value: !Sub ${Wrok.Arn}\n";
    let error = fault(text);
    assert_eq!(error.path, "Outputs.Url.Value");
    assert!(error.fault.contains("Wrok"));
}

#[test]
fn parameters_must_be_given_and_declared() {
    let text = "Parameters:\n  Institution:\n    Type: String\nResources: {}\n";
    assert_eq!(fault(text).path, "Parameters.Institution");
    let mut scope = Scope::default();
    scope.parameters.insert("Other".to_owned(), "x".to_owned());
    let error = Template::read("Parameters: {}\nResources: {}\n", &scope).unwrap_err();
    assert_eq!(error.path, "Parameters.Other");
}

#[test]
fn substitution_knows_literals_variables_attributes_and_long_forms() {
    let text = "Resources:\n  Work:\n    Type: AWS::SQS::Queue\n  One:\n    Type: AWS::SecretsManager::Secret\n    \
                Properties:\n      Description: !Sub ['${!x} ${y} ${Work.QueueName} ${AWS::Region}', {y: why}]\n  \
                Two:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      Description:\n        Fn::GetAtt: [Work, Arn]\n";
    let template = Template::read(text, &Scope::default()).unwrap();
    assert_eq!(template.secrets[0].description.as_deref(), Some("${x} why ponte-Work sa-east-1"));
    assert_eq!(
        template.secrets[1].description.as_deref(),
        Some("arn:aws:sqs:sa-east-1:000000000000:ponte-Work")
    );
}

#[test]
fn cron_fires_at_the_minutes_it_names() {
    let next = |fields: &str, now| Cron::parse(fields, time::UtcOffset::UTC).unwrap().next(now);
    let now = datetime!(2026-02-27 23:58:30 UTC);
    assert_eq!(next("0/15 * * * ? *", now), Some(datetime!(2026-02-28 00:00 UTC)));
    assert_eq!(next("30 3 L * ? *", now), Some(datetime!(2026-02-28 03:30 UTC)));
    assert_eq!(next("0 8 ? * MON-FRI *", now), Some(datetime!(2026-03-02 08:00 UTC)));
    assert_eq!(next("0 0 29 2 ? *", now), Some(datetime!(2028-02-29 00:00 UTC)));
    assert_eq!(next("0 0 1 1 ? 2020", now), None);
    let saopaulo = Cron::parse("0 6 * * ? *", time::macros::offset!(-3)).unwrap();
    assert_eq!(saopaulo.next(now), Some(datetime!(2026-02-28 06:00 -3)));
}

#[test]
fn cron_refuses_what_it_does_not_understand() {
    for fields in
        ["* * * * *", "* * * * * *", "60 * * * ? *", "* * 15W * ? *", "* * ? * 2#1 *", "0/0 * * * ? *"]
    {
        assert!(Cron::parse(fields, time::UtcOffset::UTC).is_err(), "{fields}");
    }
}
