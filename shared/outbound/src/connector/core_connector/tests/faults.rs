//! Faults of the core: it executes and hangs, it is down, it floods.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::example::{errors, told};
use super::*;

const LONG: Duration = Duration::from_secs(10);
const MB: usize = 1024 * 1024;
/// What a flood may add to the peak of memory: the largest answer, once more while its buffer grows, and the client.
const MOST: usize = 24 * MB;
const CHILD: &str = "PONTE_TEST_CORE_FLOODS";
const FIGURE: &str = "PONTE_TEST_CORE_FIGURE";

#[tokio::test]
async fn t07_a_core_that_executes_and_hangs_gets_it_once_and_is_asked_by_the_key() {
    let executed: Arc<Mutex<Vec<Value>>> = Arc::default();
    let books = Arc::clone(&executed);
    let stub = core(move |request| {
        let mut books = books.lock().unwrap();
        if request["aud"].as_str().unwrap().ends_with("/payments") {
            books.push(request["idempotencyKey"].clone());
            return stub::Reply::Hang;
        }
        if books.contains(&request["idempotencyKey"]) {
            answer(request, 200, &told(request, "ACSC"))
        } else {
            answer(request, 404, &errors("PAGAMENTO_NAO_ENCONTRADO"))
        }
    })
    .await;
    let Example { consent, payment } = example();
    let mut connector = connector(&stub);
    assert_eq!(connector.find(&consent, &payment, context()).await.unwrap(), Found::Unknown, "before");
    connector.patience = Some(Duration::from_millis(300));
    assert_eq!(ended(&pay(&connector, LONG).await), "unknown");
    connector.patience = None;
    let found = connector.find(&consent, &payment, context()).await.unwrap();
    assert!(matches!(found, Found::Known(CoreReport { status: CoreStatus::Settled, .. })), "{found:?}");
    assert_eq!(*executed.lock().unwrap(), [json!(payment.id.as_str())], "executed once");
}

#[tokio::test]
async fn t08_while_the_core_is_down_nothing_counts_as_sent_and_the_first_call_after_it_pays() {
    let (down, arrived) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
    let (is_down, arrivals) = (Arc::clone(&down), Arc::clone(&arrived));
    let stub = core(move |request| {
        arrivals.fetch_add(1, Ordering::Relaxed);
        if is_down.load(Ordering::Relaxed) {
            return answer(request, 503, &errors("NAO_EXECUTADO"));
        }
        answer(request, 201, &told(request, "ACSC"))
    })
    .await;
    let connector = connector(&stub);
    for _ in 0..30 {
        assert_eq!(ended(&pay(&connector, LONG).await), "not sent");
    }
    assert_eq!(arrived.load(Ordering::Relaxed), 30, "an answer keeps the breaker shut");
    down.store(false, Ordering::Relaxed);
    assert_eq!(pay(&connector, LONG).await.unwrap().status, CoreStatus::Settled);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = connector_at(format!("http://{port}"));
    for _ in 0..30 {
        assert_eq!(ended(&pay(&gone, LONG).await), "not sent", "nobody is there");
    }
}

/// The highest resident memory of this process so far, in bytes.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1024)
}

/// Runs in a process of its own, which the test below starts for each flood.
#[tokio::test]
async fn a_process_that_the_core_floods() {
    let (Ok(url), Ok(figure)) = (std::env::var(CHILD), std::env::var(FIGURE)) else { return };
    let connector = connector_at(url.clone());
    let (Example { consent, payment }, before) = (example(), peak().unwrap());
    for _ in 0..3 {
        assert_eq!(ended(&pay(&connector, LONG).await), "unknown", "{url}");
        assert_eq!(ended(&connector.find(&consent, &payment, context()).await), "unknown", "{url}");
    }
    std::fs::write(figure, (peak().unwrap() - before).to_string()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_megabytes_of_the_core_cost_no_memory_and_say_nothing_of_the_money() {
    if peak().is_none() {
        return;
    }
    let flood = vec![b'a'; 50 * MB];
    let stub = Stub::start(move |_, request| {
        let status = if request.head.starts_with("POST /late") { 422 } else { 200 };
        let known = if request.head.starts_with("POST /said") { "content-length: 52428800\r\n" } else { "" };
        let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{known}\r\n");
        stub::Reply::Raw([head.as_bytes(), &flood].concat())
    })
    .await;
    for name in ["said", "unsaid", "late"] {
        let told = std::env::temp_dir().join(format!("ponte-core-flood-{name}-{}", std::process::id()));
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "connector::core_connector::tests::faults::a_process_that_the_core_floods"])
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
