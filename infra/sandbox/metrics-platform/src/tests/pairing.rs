//! Tests of the manual's scenarios, of pairing, and of the reports that the parties see.

use super::*;

#[tokio::test]
async fn m21_scenario_1_paired() {
    let bench = Bench::new();
    assert_eq!(bench.report_one(&bench.report("CLIENT")).await["status"], "ACCEPTED");
    assert_eq!(bench.statuses().await, json!({ "UNPAIRED": 1 }));
    bench.report_one(&bench.report("SERVER")).await;
    assert_eq!(bench.statuses().await, json!({ "PAIRED": 2 }));
    let (status, found) = bench.told(&bench.server).await;
    assert_eq!((status, found.as_array().unwrap().len()), (200, 2));
    assert_eq!(found[0]["pairedReportId"], found[1]["reportId"]);
    assert_eq!(found[0]["additionalInfo"]["consentId"], "urn:x:1");
}

#[tokio::test]
async fn m21_scenario_2_paired_inconsistent_for_each_field_and_corrected_by_another_post() {
    for (field, other) in [
        ("statusCode", json!(201)),
        ("httpMethod", json!("POST")),
        ("endpoint", json!("/open-banking/resources/v3/resources")),
    ] {
        let bench = Bench::new();
        bench.report_one(&bench.report("CLIENT")).await;
        let mut server = with(bench.report("SERVER"), field, other);
        if field == "httpMethod" {
            server["endpoint"] = "/open-banking/consents/v3/consents".into();
        }
        bench.report_one(&server).await;
        assert_eq!(bench.statuses().await, json!({ "PAIRED_INCONSISTENT": 2 }), "{field}");
        bench.report_one(&bench.report("SERVER")).await;
        assert_eq!(bench.statuses().await, json!({ "PAIRED": 2, "DISCARDED": 1 }), "{field}");
    }
}

#[tokio::test]
async fn m20_scenario_3_single_without_an_interaction_id() {
    let bench = Bench::new();
    for (status, endpoint, method, expected) in [
        (408, "/open-banking/accounts/v2/accounts", "GET", "ACCEPTED"),
        (503, "/open-banking/accounts/v2/accounts", "GET", "ACCEPTED"),
        (200, "/token", "POST", "ACCEPTED"),
        (200, "/open-banking/accounts/v2/accounts", "GET", "DISCARDED"),
    ] {
        let mut item = with(bench.report("CLIENT"), "fapiInteractionId", Value::Null);
        item["statusCode"] = status.into();
        item["endpoint"] = endpoint.into();
        item["httpMethod"] = method.into();
        assert_eq!(bench.report_one(&item).await["status"], expected, "{status} {endpoint}");
    }
    assert_eq!(bench.statuses().await, json!({ "SINGLE": 3, "DISCARDED": 1 }));
}

/// Scenarios 4 to 6: status 400 with the reason, and who may look at what was discarded.
#[tokio::test]
async fn m20_scenarios_4_to_6_a_discarded_report_and_who_may_see_it() {
    for (changed, message, seen_by_server) in [
        (&["httpMethod"][..], "Missing property: 'httpMethod'", true),
        (&["endpoint"], "Unlisted endpoint: /open-banking/x/v1/y", true),
        (&["clientOrgId", "serverOrgId"], "Missing property: 'clientOrgId', 'serverOrgId'", false),
    ] {
        let bench = Bench::new();
        let mut item = bench.report("CLIENT");
        for field in changed {
            let value = if *field == "endpoint" { json!("/open-banking/x/v1/y") } else { Value::Null };
            item = with(item, field, value);
        }
        let (status, verdicts) = bench.send(&bench.client, PRIVATE, &json!([item])).await;
        assert_eq!((status, &verdicts[0]["status"]), (400, &json!("DISCARDED")), "{verdicts}");
        assert_eq!(verdicts[0]["message"], message);
        let (status, found) = bench.told(&bench.client).await;
        assert_eq!(
            (status, &found[0]["status"], &found[0]["message"]),
            (200, &json!("DISCARDED"), &json!(message))
        );
        assert_eq!(bench.told(&bench.server).await.0, if seen_by_server { 200 } else { 404 }, "{changed:?}");
    }
}

#[tokio::test]
async fn m20_a_third_organisation_is_told_nothing() {
    let bench = Bench::new();
    bench.report_one(&bench.report("CLIENT")).await;
    assert_eq!(bench.told(&bench.server).await.0, 200);
    assert_eq!(bench.told(&bench.third).await.0, 404);
    // The directory has lost this one: its token is good, and nothing is its business.
    let stranger = member();
    assert_eq!(bench.told(&stranger).await, (403, json!({ "message": "Forbidden" })));
}

#[tokio::test]
async fn a_batch_sent_again_counts_once() {
    let bench = Bench::new();
    let item = bench.report("CLIENT");
    let (first, second) = (bench.report_one(&item).await, bench.report_one(&item).await);
    assert_eq!(first["reportId"], second["reportId"]);
    // Twice in one batch is once too.
    let (status, verdicts) = bench.send(&bench.client, PRIVATE, &json!([item, item])).await;
    assert_eq!(
        (status, &verdicts[0]["reportId"], &verdicts[1]["reportId"]),
        (200, &first["reportId"], &first["reportId"])
    );
    let summary = bench.summary().await;
    assert_eq!((&summary["private"]["received"], &summary["private"]["repeated"]), (&json!(1), &json!(3)));
}

#[tokio::test]
async fn a_restart_pairs_again_even_after_half_a_line() {
    use std::io::Write as _;
    let bench = Bench::new();
    bench.report_one(&bench.report("CLIENT")).await;
    let mut file =
        std::fs::OpenOptions::new().append(true).open(bench.folder.path().join("reports.jsonl")).unwrap();
    file.write_all(br#"{"kind":"private","repor"#).unwrap();
    let bench = bench.restarted();
    assert_eq!(bench.statuses().await, json!({ "UNPAIRED": 1 }));
    bench.report_one(&bench.report("SERVER")).await;
    let bench = bench.restarted();
    assert_eq!(bench.statuses().await, json!({ "PAIRED": 2 }));
}

#[tokio::test]
async fn a_report_over_several_lines_is_one_line_of_the_file() {
    let bench = Bench::new();
    let pretty = serde_json::to_string_pretty(&json!([bench.report("CLIENT")])).unwrap();
    let headers = bench.headers(&bench.client);
    assert_eq!(bench.raw(Method::POST, PRIVATE, headers, pretty).await.0, 200);
    assert_eq!(bench.restarted().statuses().await, json!({ "UNPAIRED": 1 }));
}
