//! T41: what a look costs at the table, and what an environment does that has no table or is never the first there.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use ponte_authorization::ports::{CertificateStatuses, Responders};
use ponte_authorization::revocation::{Source, StatusRecord};
use ponte_fapi::revocation::Statement;
use ponte_ports::PortError;

use super::*;

const OCSP_HOST: &str = "http://ocsp.example";

#[tokio::test]
async fn t41_a_look_reads_the_table_for_the_certificate_and_for_each_host_and_writes_no_host_that_answers() {
    let scene = Scene::new();
    let id = CertificateId::of(&scene.pem).unwrap();
    scene.answer(good(now()));
    let (hard, other) =
        (scene.environment(RevocationCheck::Hard).await, scene.environment(RevocationCheck::Hard).await);
    assert_eq!(scene.check(&hard, now()).await, Ok(()));
    assert_eq!(scene.check(&hard, now()).await, Ok(()));
    assert_eq!((scene.asked(), scene.statuses.reads()), (1, 2));
    assert!(scene.statuses.stored(OCSP_HOST).is_none());
    // Where the last statement serves on, nobody waits for the environment that asks anew.
    let later = now().plus(15 * MINUTE);
    let claim = StatusRecord::claimed(scene.statuses.stored(id.as_str()).as_ref(), later);
    assert!(scene.statuses.replace(id.as_str(), &claim).await.unwrap());
    assert_eq!(scene.check(&other, later).await, Ok(()));
    assert_eq!((scene.asked(), scene.statuses.reads()), (1, 3));
}

#[tokio::test]
async fn t41_without_the_table_an_environment_goes_by_what_it_remembers_of_certificates_and_hosts() {
    let scene = Scene::naming(&[OCSP], &[]);
    scene.statuses.fail();
    scene.answer(good(now()));
    let hard = scene.environment(RevocationCheck::Hard).await;
    assert_eq!(scene.check(&hard, now()).await, Ok(()));
    assert_eq!(scene.check(&hard, now().plus(MINUTE)).await, Ok(()));
    assert_eq!(scene.asked(), 1, "what it was told is fresh");
    scene.responders.change(|_, _| None);
    let later = now().plus(15 * MINUTE);
    assert_eq!(scene.check(&hard, later).await, Ok(()), "it serves on");
    assert_eq!(scene.asked(), 2);
    // Another participant: the silence of the host is remembered for a minute.
    let (_, other) = scene.another(SERIAL + 1);
    let soon = later.plus(Duration::from_secs(1));
    assert_eq!(scene.check_of(&hard, &other, soon).await, Err(RevocationFault::NotKnown));
    assert_eq!(scene.asked(), 2);
    scene.answer(good(later.plus(MINUTE)));
    assert_eq!(scene.check_of(&hard, &other, later.plus(MINUTE)).await, Ok(()));
}

/// Responders that answer at once, and never with a statement.
#[derive(Default)]
struct Refusing(AtomicUsize);

#[async_trait]
impl Responders for Refusing {
    async fn ask(&self, _: &str, _: Vec<u8>) -> Result<Vec<u8>, PortError> {
        self.list("").await
    }

    async fn list(&self, _: &str) -> Result<Vec<u8>, PortError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(PortError::new("responder", "status 503"))
    }
}

#[tokio::test]
async fn t41_a_host_that_answers_with_an_error_is_not_left_alone_as_a_silent_one_is() {
    let scene = Scene::naming(&[OCSP], &[]);
    let refusing = Arc::<Refusing>::default();
    let ports = RevocationPorts { responders: refusing.clone(), ..scene.ports() };
    let hard = Revocations::start(RevocationCheck::Hard, ports, now()).await.unwrap();
    let (_, other) = scene.another(SERIAL + 1);
    // About one certificate it is not asked again at once.
    for (pem, at, asked) in [
        (&scene.pem, now(), 1),
        (&other, now(), 2),
        (&other, now().plus(CLAIM), 2),
        (&other, now().plus(MINUTE), 3),
    ] {
        assert_eq!(scene.check_of(&hard, pem, at).await, Err(RevocationFault::NotKnown));
        assert_eq!(refusing.0.load(Ordering::Relaxed), asked);
    }
    assert!(scene.statuses.stored(OCSP_HOST).is_none());
}

/// A table at which others are faster than this environment, but for its first changes.
struct Contested {
    table: StatusesInMemory,
    firsts: usize,
    changes: AtomicUsize,
    theirs: Option<StatusRecord>,
}

impl Contested {
    fn after(firsts: usize, theirs: Option<StatusRecord>) -> Arc<Self> {
        Arc::new(Self { table: StatusesInMemory::default(), firsts, changes: AtomicUsize::new(0), theirs })
    }
}

#[async_trait]
impl CertificateStatuses for Contested {
    async fn find(&self, id: &str) -> Result<Option<StatusRecord>, PortError> {
        self.table.find(id).await
    }

    async fn replace(&self, id: &str, record: &StatusRecord) -> Result<bool, PortError> {
        if self.changes.fetch_add(1, Ordering::Relaxed) < self.firsts {
            return self.table.replace(id, record).await;
        }
        if let Some(theirs) = &self.theirs {
            self.table.put(id, theirs.clone());
        }
        Ok(false)
    }
}

#[tokio::test]
async fn t41_whoever_comes_second_to_a_question_goes_by_what_the_first_one_learns() {
    let scene = Scene::naming(&[OCSP], &[]);
    let told =
        Statement { status: CertificateStatus::Revoked, this_update: now().seconds(), next_update: None };
    let theirs = StatusRecord::after(None, Some((told, Source::Answer)), now());
    let ports = RevocationPorts { statuses: Contested::after(0, Some(theirs)), ..scene.ports() };
    let soft = Revocations::start(RevocationCheck::Soft, ports, now()).await.unwrap();
    assert_eq!(scene.check(&soft, now()).await, Err(RevocationFault::Revoked));
    assert_eq!(scene.asked(), 0);
}

#[tokio::test]
async fn t41_what_others_never_let_an_environment_keep_counts_for_its_own_call() {
    let scene = Scene::naming(&[OCSP], &[]);
    scene.answer(revoked(now()));
    let table = Contested::after(1, None);
    let ports = RevocationPorts { statuses: table.clone(), ..scene.ports() };
    let soft = Revocations::start(RevocationCheck::Soft, ports, now()).await.unwrap();
    assert_eq!(scene.check(&soft, now()).await, Err(RevocationFault::Revoked));
    assert_eq!(
        table.changes.load(Ordering::Relaxed),
        3,
        "the question is taken, and two tries to keep the answer"
    );
}
