//! What a flood of the layer costs: the peak memory of a process that asks and nothing else (T61).

use std::process::Command;

use super::*;

const CHILD: &str = "PONTE_TEST_FLOODED_BY";
const FIGURE: &str = "PONTE_TEST_FIGURE";
const MB: usize = 1024 * 1024;
/// What may be added to the peak: the largest answer that is read, once more while its buffer grows, and the client.
const MOST: usize = 24 * MB;

/// What floods: their names and their heads.
const FLOODS: [(&str, &str); 4] = [
    ("announced", "content-length: 52428800\r\n"),
    ("unannounced", ""),
    ("bomb", "content-encoding: gzip\r\n"),
    ("error", ""),
];

/// The highest resident memory of this process so far, in bytes.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1024)
}

/// Runs in a process of its own, which the test below starts for each flood.
#[tokio::test]
async fn a_process_that_is_flooded() {
    let (Ok(url), Ok(told)) = (std::env::var(CHILD), std::env::var(FIGURE)) else { return };
    let (way, body) = (way(url.clone()), Bytes::from_static(b"{}"));
    let before = peak().unwrap();
    for _ in 0..3 {
        match asked(&way, &body, Duration::from_mins(1)).await {
            Ok(reply) => assert!(url.ends_with("/error") && reply.status == 500),
            Err(error) => assert!(error.is_unusable(), "{url}: {error:?}"),
        }
    }
    std::fs::write(told, (peak().unwrap() - before).to_string()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_megabytes_of_the_layer_and_a_bomb_of_them_cost_no_memory() {
    if peak().is_none() {
        return;
    }
    let bomb = http::compressed(&vec![b' '; 50 * MB]);
    let flood = vec![b' '; 50 * MB];
    let stub = Stub::start(move |_, request| {
        let asked = FLOODS.iter().find(|(name, _)| request.head.starts_with(&format!("POST /{name}/")));
        let (name, head) = asked.unwrap();
        let status = if *name == "error" { 500 } else { 200 };
        let body = if *name == "bomb" { &bomb } else { &flood };
        let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{head}\r\n");
        stub::Reply::Raw([head.as_bytes(), body].concat())
    })
    .await;
    for (name, _) in FLOODS {
        let told = std::env::temp_dir().join(format!("ponte-flood-{name}-{}", std::process::id()));
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "institution::over_http::tests::memory::a_process_that_is_flooded"])
            .env(CHILD, format!("{}/{name}", stub.url()))
            .env(FIGURE, &told)
            .output()
            .unwrap();
        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
        let bytes: usize = std::fs::read_to_string(&told).unwrap().parse().unwrap();
        std::fs::remove_file(&told).unwrap();
        let figure = format!("{name}: {} kB of memory", bytes / 1024);
        std::io::Write::write_all(&mut std::io::stderr(), format!("{figure}\n").as_bytes()).unwrap();
        assert!(bytes < MOST, "{figure}");
    }
}
