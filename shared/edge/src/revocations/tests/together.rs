//! T41: many calls and environments at once, hosts that are silent, and the authorities above a certificate.

use std::pin::pin;

use futures_util::future;
use ponte_authorization::ports::CertificateStatuses as _;
use ponte_authorization::revocation::{Source, StatusRecord};
use ponte_fapi::revocation::Statement;

use super::*;

const SECOND_LIST: &str = "http://lcr-2.example/ac.crl";
const ROOT_LIST: &str = "http://lcr.example/raiz.crl";

#[tokio::test]
async fn t41_an_authority_is_asked_by_one_of_a_hundred_calls_at_once() {
    for (answers, expected) in [(false, NOT_KNOWN), (true, COUNTS)] {
        let scene = Scene::new();
        if answers {
            scene.answer(good(now()));
        }
        let mut environments = Vec::new();
        for number in 0..100 {
            let kind = if number % 2 == 0 { RevocationCheck::Soft } else { RevocationCheck::Hard };
            environments.push(scene.environment(kind).await);
        }
        scene.responders.hold(true);
        let mut calls = pin!(future::join_all(environments.iter().map(|one| scene.check(one, now()))));
        tokio::select! {
            biased;
            _ = &mut calls => panic!("the authority was not asked"),
            () = scene.responders.arrived() => scene.responders.hold(false),
        }
        for (number, verdict) in calls.await.into_iter().enumerate() {
            assert_eq!(verdict, expected[number % 2], "call {number}");
        }
        assert_eq!(scene.asked(), if answers { 1 } else { 3 }, "by one call, each address once");
    }
}

#[tokio::test]
async fn t41_the_others_wait_a_moment_for_a_first_answer_and_then_take_the_verdict_of_silence() {
    let scene = Scene::new();
    let id = CertificateId::of(&scene.pem).unwrap();
    let claim = StatusRecord::claimed(None, now());
    assert!(scene.statuses.replace(id.as_str(), &claim).await.unwrap());
    assert_eq!(scene.verdicts().await, NOT_KNOWN);
    assert_eq!(scene.asked(), 0, "another environment asks");
    let reads = scene.statuses.reads();
    assert!((4..=16).contains(&reads), "{reads} looks of two calls");
    // That environment died: whoever comes after its time asks.
    let later = now().plus(CLAIM);
    scene.answer(revoked(later));
    let soft = scene.environment(RevocationCheck::Soft).await;
    assert_eq!(scene.check(&soft, later).await, Err(RevocationFault::Revoked));
}

#[tokio::test]
async fn t41_a_silent_host_is_left_alone_by_every_certificate_for_a_minute() {
    let scene = Scene::naming(&[OCSP], &[LIST]);
    let hard = scene.environment(RevocationCheck::Hard).await;
    assert_eq!(scene.check(&hard, now()).await, Err(RevocationFault::NotKnown));
    assert_eq!(scene.asked(), 2);
    // Another participant of the same authority, at another environment: nobody waits for the silence again.
    let (_, other) = scene.another(SERIAL + 1);
    let further = scene.environment(RevocationCheck::Hard).await;
    for second in [1, 2, 30, 54] {
        let at = now().plus(Duration::from_secs(second));
        let verdict = scene.check_of(&further, &other, at).await;
        assert_eq!(verdict, Err(RevocationFault::NotKnown));
    }
    assert_eq!(scene.asked(), 2);
    // After it one call finds out for all of them that it answers again.
    let later = now().plus(MINUTE);
    scene.answer(good(later));
    assert_eq!(scene.check_of(&further, &other, later).await, Ok(()));
    assert_eq!(scene.check(&hard, later).await, Ok(()));
    assert_eq!(scene.asked(), 4);
}

#[tokio::test]
async fn t41_the_last_address_is_asked_although_those_before_it_take_all_the_time() {
    let scene = Scene::naming(&[OCSP], &[LIST, SECOND_LIST]);
    let (authority, list) = (scene.authority.clone(), RevocationList::at(now(), &[SERIAL]));
    scene.responders.change(move |address, _| (address == SECOND_LIST).then(|| authority.list(&list)));
    // The responder is silent for all of its time, the first list until that of the call is over.
    scene.responders.hang(LIST);
    let (total, hard) = (Duration::from_millis(500), RevocationCheck::Hard);
    let short = Revocations::start_within(total, hard, scene.ports(), now()).await.unwrap();
    assert_eq!(scene.check(&short, now()).await, Err(RevocationFault::NotKnown));
    assert_eq!(scene.responders.asked(), [OCSP, LIST]);
    assert!(scene.statuses.stored("http://ocsp.example").is_some_and(|host| !host.answered));
    assert!(scene.statuses.stored("http://lcr.example").is_none(), "it did not have its own time");
    // Not a minute later: the responder is left alone, and there is time for the others.
    let soon = now().plus(CLAIM);
    scene.responders.hang("nobody");
    let other = scene.environment(hard).await;
    assert_eq!(
        scene.check(&other, soon.minus(Duration::from_millis(1))).await,
        Err(RevocationFault::NotKnown)
    );
    assert_eq!(scene.asked(), 2);
    let further = scene.environment(hard).await;
    assert_eq!(scene.check(&further, soon).await, Err(RevocationFault::Revoked));
    assert_eq!(scene.responders.asked(), [OCSP, LIST, LIST, SECOND_LIST]);
}

#[tokio::test]
async fn t41_an_address_that_was_not_reached_for_want_of_time_is_asked_soon() {
    let scene = Scene::naming(&[OCSP], &[LIST]);
    let (authority, list) = (scene.authority.clone(), RevocationList::at(now(), &[SERIAL]));
    scene.responders.change(move |address, _| (address == LIST).then(|| authority.list(&list)));
    let none = Duration::ZERO;
    let late = Revocations::start_within(none, RevocationCheck::Hard, scene.ports(), now()).await.unwrap();
    assert_eq!(scene.check(&late, now()).await, Err(RevocationFault::NotKnown));
    assert_eq!(scene.asked(), 0);
    let further = scene.environment(RevocationCheck::Hard).await;
    assert_eq!(scene.check(&further, now().plus(CLAIM)).await, Err(RevocationFault::Revoked));
}

#[tokio::test]
async fn t41_while_one_call_finds_out_whether_a_host_answers_again_the_others_leave_it_alone() {
    let scene = Scene::naming(&[OCSP], &[]);
    let hard = scene.environment(RevocationCheck::Hard).await;
    assert_eq!(scene.check(&hard, now()).await, Err(RevocationFault::NotKnown));
    let host = scene.statuses.stored("http://ocsp.example").expect("the host is known as silent");
    let later = now().plus(MINUTE);
    assert!(
        scene
            .statuses
            .replace("http://ocsp.example", &StatusRecord::claimed(Some(&host), later))
            .await
            .unwrap()
    );
    scene.answer(good(later));
    assert_eq!(scene.check(&hard, later).await, Err(RevocationFault::NotKnown));
    assert_eq!(scene.asked(), 1, "left alone");
    // Nobody was asked, so that the next call may ask soon and not in a minute.
    let soon = later.plus(CLAIM);
    assert_eq!(scene.check(&hard, soon).await, Ok(()));
}

#[tokio::test]
async fn t41_a_certificate_in_another_spelling_is_the_same_certificate() {
    let scene = Scene::new();
    scene.answer(revoked(now()));
    let hard = scene.environment(RevocationCheck::Hard).await;
    assert_eq!(scene.check(&hard, now()).await, Err(RevocationFault::Revoked));
    assert_eq!(scene.asked(), 1);
    // Issued anew by the same authority under the same number: another thumbprint, and nothing is asked.
    let (thumbprint, twin) = scene.another(SERIAL);
    assert!(!thumbprint.is(ClientCertificate::from_pem(&scene.pem).unwrap().thumbprint()));
    scene.responders.change(|_, _| None);
    assert_eq!(scene.check_of(&hard, &twin, now()).await, Err(RevocationFault::Revoked));
    assert_eq!(scene.asked(), 1);
}

#[tokio::test]
async fn t41_what_others_learnt_meanwhile_is_not_lost() {
    let scene = Scene::new();
    let id = CertificateId::of(&scene.pem).unwrap();
    let (authority, statuses) = (scene.authority.clone(), scene.statuses.clone());
    // While the answer is on its way another environment, whose claim came after ours, learns of a revocation.
    let told = |status, at: Moment| Statement { status, this_update: at.seconds(), next_update: None };
    scene.responders.change(move |_, question| {
        let claim = statuses.stored(id.as_str());
        let newer = told(CertificateStatus::Revoked, now());
        let record = StatusRecord::after(claim.as_ref(), Some((newer, Source::List)), now());
        statuses.put(id.as_str(), record);
        Some(authority.answer(question?, &good(now().minus(MINUTE))))
    });
    let soft = scene.environment(RevocationCheck::Soft).await;
    assert_eq!(scene.check(&soft, now()).await, Err(RevocationFault::Revoked));
}

#[tokio::test]
async fn t41_an_authority_that_was_revoked_takes_its_participants_with_it() {
    let root = Arc::new(RevocationAuthority::named("Raiz"));
    let own = Issued { serial: 5, lists: vec![ROOT_LIST.to_owned()], ..Issued::default() };
    let scene = Scene::of(root.below("Autoridade emissora", &own), &[OCSP], &[]);
    let bundle = format!("{}{}", scene.bundle, root.pem());
    let scene = Scene { bundle, ..scene };
    let rule = |serials: &[u64]| {
        let (authority, root) = (scene.authority.clone(), root.clone());
        let list = RevocationList {
            point: Some((ROOT_LIST.to_owned(), Some(2))),
            ..RevocationList::at(now(), serials)
        };
        move |address: &str, question: Option<&[u8]>| match address {
            ROOT_LIST => Some(root.list(&list)),
            _ => Some(authority.answer(question?, &good(now()))),
        }
    };
    scene.responders.change(rule(&[4, 6]));
    let hard = scene.environment(RevocationCheck::Hard).await;
    assert_eq!(scene.check(&hard, now()).await, Ok(()));
    // A second participant under it: the authority is not asked about again.
    let (_, other) = scene.another(SERIAL + 1);
    assert_eq!(scene.check_of(&hard, &other, now()).await, Ok(()));
    assert_eq!(scene.responders.asked(), [OCSP, ROOT_LIST, OCSP]);
    let later = now().plus(60 * MINUTE);
    scene.responders.change(rule(&[5]));
    let soft = scene.environment(RevocationCheck::Soft).await;
    // Whoever holds a list of the same second as the clean one: revoked outweighs good.
    assert_eq!(scene.check(&soft, later).await, Err(RevocationFault::Revoked));
    assert_eq!(scene.check_of(&soft, &other, later).await, Err(RevocationFault::Revoked));
}

#[tokio::test]
async fn t41_without_its_root_in_the_bundle_an_authority_is_not_asked_about() {
    let root = RevocationAuthority::named("Raiz");
    let own = Issued { serial: 5, lists: vec![ROOT_LIST.to_owned()], ..Issued::default() };
    let scene = Scene::of(root.below("Autoridade emissora", &own), &[OCSP], &[]);
    scene.answer(good(now()));
    assert_eq!(scene.verdicts().await, COUNTS);
    assert_eq!(scene.responders.asked(), [OCSP]);
}
