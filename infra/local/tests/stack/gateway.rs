//! Tests of the hosts, through real TLS handshakes.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use rustls::pki_types::ServerName;
use rustls::version::{TLS12, TLS13};
use rustls::{HandshakeKind, SupportedProtocolVersion};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::certificates::papers;
use crate::stack::{Caller, Small};

fn with_certificate() -> Caller<'static> {
    Caller { certificate: Some(&papers().client), ..Caller::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn s72_the_mtls_host_tells_the_function_who_calls_and_takes_nobody_else() {
    let small = Small::up().await;
    let host = small.host("mtls");
    let (status, headers, body) = with_certificate().get(&host, "/echo/a?b=c").await.unwrap();
    assert_eq!(status, 200);
    assert_eq!(headers["set-cookie"], "seen=1");
    let event: Value = serde_json::from_str(&body).unwrap();
    let certificate = &event["requestContext"]["authentication"]["clientCert"];
    assert_eq!(
        certificate["clientCertPem"].as_str().unwrap().trim(),
        papers().client.chain_pem.replace('\r', "").trim()
    );
    assert_eq!(certificate["subjectDN"], "C=BR,O=Exemplo\\, Ltda,CN=cliente.exemplo");
    assert_eq!(certificate["issuerDN"], "C=BR,O=Exemplo\\, Ltda,CN=Autoridade de exemplo");
    assert_eq!(certificate["serialNumber"], "a1:02");
    assert_eq!(certificate["validity"]["notBefore"], "Jan  1 00:00:00 1975 GMT");
    assert_eq!(event["requestContext"]["apiId"], "mtlsapi");
    assert_eq!(event["rawQueryString"], "b=c");
    // Nobody without a certificate, nobody with a stranger's.
    assert!(Caller::default().get(&host, "/echo/a").await.is_err());
    let stranger = Caller { certificate: Some(&papers().stranger), ..Caller::default() };
    assert!(stranger.get(&host, "/echo/a").await.is_err());
    let log = std::fs::read_to_string(small.folder.join("logs/MtlsApi.log")).unwrap();
    let line: Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!(
        line,
        json!({"route": "ANY /echo/{proxy+}", "status": "200",
        "subject": "C=BR,O=Exemplo\\, Ltda,CN=cliente.exemplo", "x": "-"})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_host_takes_the_callers_of_its_own_truststore_alone() {
    let small = Small::up().await;
    let (mtls, management) = (small.host("mtls"), small.host("management"));
    let system = Caller { certificate: Some(&papers().system), ..Caller::default() };
    let (status, _, body) = system.get(&management, "/managed/a").await.unwrap();
    assert_eq!(status, 200);
    let event: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(event["requestContext"]["apiId"], "managementapi");
    assert!(event["requestContext"]["authentication"]["clientCert"].is_object());
    // Each is good at the other host: the handshake ends here.
    assert!(with_certificate().get(&management, "/managed/a").await.is_err());
    assert!(system.get(&mtls, "/echo/a").await.is_err());
    assert!(Caller::default().get(&management, "/managed/a").await.is_err());
    // Routes belong to one host.
    assert_eq!(with_certificate().get(&mtls, "/managed/a").await.unwrap().0, 404);
    assert_eq!(Caller::default().get(&small.host("public"), "/managed/a").await.unwrap().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_host_wants_no_certificate_and_speaks_http2() {
    let small = Small::up().await;
    let host = small.host("public");
    let caller = Caller { http2: true, ..Caller::default() };
    let (status, headers, body) = caller.get(&host, "/echo/%C3%A1").await.unwrap();
    assert_eq!(status, 200);
    assert!(headers.contains_key("apigw-requestid"));
    let event: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(event["headers"]["host"], host.trim_start_matches("https://"));
    assert_eq!(event["rawPath"], "/echo/á");
    assert!(event["requestContext"].get("authentication").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_answers_in_api_gateways_words() {
    let small = Small::up().await;
    let host = small.host("public");
    let caller = Caller::default();
    let get = async |path: &str| {
        let (status, headers, body) = caller.get(&host, path).await.unwrap();
        assert_eq!(headers["content-type"], "application/json");
        (status, body)
    };
    assert_eq!(get("/nowhere").await, (404, r#"{"message":"Not Found"}"#.to_owned()));
    let failed = (502, r#"{"message":"Internal Server Error"}"#.to_owned());
    for path in ["/do/exit", "/do/fail", "/do/nonsense"] {
        assert_eq!(get(path).await, failed, "{path}");
    }
    // After the crash another process serves.
    let (status, headers, body) = caller.get(&host, "/do/jwt").await.unwrap();
    assert_eq!((status, body.as_str()), (200, "a.b.c"));
    assert_eq!(headers["content-type"], "application/jwt");
    // The wrong method on a route with a method.
    let post = Request::post("/do/jwt").header("host", "localhost").body(Full::default()).unwrap();
    assert_eq!(caller.call(&host, post).await.unwrap().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_above_10_mb_is_too_large() {
    let small = Small::up().await;
    // Just above, and far above: the caller sees the answer even while it is still sending.
    for (length, http2) in
        [(10 * 1024 * 1024 + 1, false), (30 * 1024 * 1024, false), (30 * 1024 * 1024, true)]
    {
        let caller = Caller { http2, ..Caller::default() };
        let host = small.host("public");
        let uri = if http2 { format!("{host}/echo/a") } else { "/echo/a".to_owned() };
        let mut request = Request::post(uri);
        if !http2 {
            request = request.header("host", "localhost");
        }
        let request = request.body(Full::new(Bytes::from(vec![b'x'; length]))).unwrap();
        let (status, _, body) = caller.call(&host, request).await.unwrap();
        assert_eq!((status, body.as_str()), (413, r#"{"message":"Request Entity Too Large"}"#));
    }
    // Within the gateway's limit, but as an event above Lambda's 6 MB.
    let request =
        Request::post("/echo/a").header("host", "localhost").body(Full::new(vec![b'x'; 6_000_000].into()));
    let (status, ..) = Caller::default().call(&small.host("public"), request.unwrap()).await.unwrap();
    assert_eq!(status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn s70_only_the_cipher_suites_of_the_rule_are_spoken() {
    let small = Small::up().await;
    let offers: [(&'static SupportedProtocolVersion, u16); 6] = [
        (&TLS12, 0xc02f),
        (&TLS12, 0xc030),
        (&TLS12, 0xcca8),
        (&TLS13, 0x1301),
        (&TLS13, 0x1302),
        (&TLS13, 0x1303),
    ];
    for (host, certificate) in
        [("public", None), ("mtls", Some(&papers().client)), ("management", Some(&papers().system))]
    {
        let mut spoken = Vec::new();
        for (version, suite) in offers {
            let caller =
                Caller { version: Some(version), suite: Some(suite), certificate, ..Caller::default() };
            if caller.connect(&small.host(host)).await.is_ok() {
                spoken.push(suite);
            }
        }
        assert_eq!(spoken, [0xc02f, 0xc030, 0x1301, 0x1302], "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s71_no_session_is_resumed() {
    let small = Small::up().await;
    let port: u16 = small.host("public").rsplit(':').next().unwrap().parse().unwrap();
    for version in [&TLS12, &TLS13] {
        let caller = Caller { version: Some(version), ..Caller::default() };
        // One configuration remembers sessions between its connections.
        let connector = TlsConnector::from(Arc::new(caller.tls()));
        for _ in 0..2 {
            let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let name = ServerName::try_from("localhost").unwrap();
            let mut stream = connector.connect(name, stream).await.unwrap();
            let request = b"GET /echo/a HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
            stream.write_all(request).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 200"));
            assert_eq!(stream.get_ref().1.handshake_kind(), Some(HandshakeKind::Full));
        }
    }
}
