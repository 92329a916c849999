//! T41: what the log tells of certificates about which nobody says anything.

use super::*;
use crate::captured_log::Log;

/// The one line about the silence of authorities that a check writes.
async fn told(scene: &Scene, environment: &Revocations, at: Moment) -> String {
    let log = Log::capture();
    // The verdict has tests of its own.
    let _ = scene.check(environment, at).await;
    let text = log.text();
    let lines: Vec<_> =
        text.lines().filter(|line| line.contains("no statement about a certificate")).collect();
    let [line] = lines[..] else { panic!("one line: {text}") };
    line.to_owned()
}

#[tokio::test]
async fn t41_silence_about_a_certificate_is_an_alarm_where_nothing_is_known_of_it() {
    for (check, end) in [(RevocationCheck::Soft, "it is served"), (RevocationCheck::Hard, "it is refused")] {
        let scene = Scene::new();
        let environment = scene.environment(check).await;
        let line = told(&scene, &environment, now()).await;
        for said in ["ERROR", r#"alarm="revocation""#, end, OCSP, SECOND_OCSP, LIST] {
            assert!(line.contains(said), "{said}: {line}");
        }
        scene.answer(good(now()));
        let later = now().plus(MINUTE);
        assert_eq!(scene.check(&environment, later).await, Ok(()));
        scene.responders.change(|_, _| None);
        let line = told(&scene, &environment, later.plus(15 * MINUTE)).await;
        assert!(line.contains("WARN") && line.contains("serves on") && !line.contains("alarm"), "{line}");
    }
}
