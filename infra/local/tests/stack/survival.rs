//! Test of a stack after `kill -9`: its rows are there, none of its processes is.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use ponte_local::control::client;
use serde_json::Value;

use crate::stack::{Caller, Small};

const FOLDER: &str = "STACK_FOLDER";

/// A stack until it is killed: prints its control URL and its AWS endpoint.
pub(crate) fn run() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let small = Small::up_in(Path::new(&folder)).await;
        println!("up {} {}", small.control(), small.stack.cloud().endpoint_url());
        std::future::pending::<()>().await;
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_under_way_end_when_the_stack_stops_and_no_new_ones_begin() {
    for http2 in [false, true] {
        let small = Small::up().await;
        let host = small.host("public");
        let calling = tokio::spawn({
            let host = host.clone();
            async move { Caller { http2, ..Caller::default() }.get(&host, "/do/nap").await }
        });
        small.noted("napping").await;
        small.stack.stop().await;
        let (status, _, body) = calling.await.unwrap().unwrap();
        assert_eq!((status, body.as_str()), (200, "rested"));
        assert!(Caller::default().get(&host, "/do/nap").await.is_err(), "nobody listens");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_survive_kill_9_and_functions_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut stack = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--nocapture", "--exact", "stack_process"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(stack.stdout.take().unwrap()).lines();
    let up = lines.find_map(|line| line.unwrap().strip_prefix("up ").map(str::to_owned)).unwrap();
    let (control, endpoint) = up.split_once(' ').unwrap();
    let ticked = client::post(&format!("{control}/tick/tick"), "").await.unwrap();
    let pid = serde_json::from_str::<Value>(&ticked.body).unwrap()["answer"]["pid"].as_u64().unwrap();
    let dynamodb = ponte_local::aws::connect(endpoint).dynamodb;
    for number in 0..50 {
        let put = dynamodb.put_item().table_name("ponte-RowsTable");
        put.item("pk", AttributeValue::S(format!("row-{number}"))).send().await.unwrap();
    }
    // SIGKILL.
    stack.kill().unwrap();
    stack.wait().unwrap();

    let process = format!("/proc/{pid}/stat");
    let mut gone = false;
    for _ in 0..500 {
        // A zombie has nobody left to collect it here but is no process any more.
        gone = std::fs::read_to_string(&process).map_or(true, |stat| stat.contains(") Z "));
        if gone {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(gone, "the function {pid} outlived its stack");
    let again = Small::up_in(folder.path()).await;
    let rows =
        again.stack.cloud().clients().dynamodb.scan().table_name("ponte-RowsTable").send().await.unwrap();
    assert_eq!(rows.count(), 50);
}
