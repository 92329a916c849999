//! T41: which certificates count, whom that costs a question, and who learns of it.

mod alarm;
mod table;
mod together;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ponte_authorization::revocation::{CLAIM, RevocationCheck};
use ponte_fapi::binding::Thumbprint;
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::revocation::CertificateId;
use ponte_fapi::revocation::CertificateStatus::{self, Good};
use ponte_kit::certificates::{RuledResponders, StatusesInMemory};
use ponte_kit::clock::ManualClock;
use ponte_kit::revocation::{
    AnswerSigner, AnsweredStatus, Issued, OcspAnswer, RevocationAuthority, RevocationList,
};
use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};
use ponte_values::Moment;
use rcgen::KeyPair;

use super::{RevocationFault, RevocationPorts, Revocations};

const OCSP: &str = "http://ocsp.example/";
const SECOND_OCSP: &str = "http://ocsp-2.example/";
const LIST: &str = "http://lcr.example/ac.crl";
const SERIAL: u64 = 77;
const MINUTE: Duration = Duration::from_mins(1);

fn now() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap()
}

/// An authority, one of its certificates, and what all functions know.
struct Scene {
    authority: Arc<RevocationAuthority>,
    pem: String,
    responders: Arc<RuledResponders>,
    statuses: Arc<StatusesInMemory>,
    bundle: String,
    issued: Issued<'static>,
}

impl Scene {
    fn new() -> Self {
        Self::naming(&[OCSP, SECOND_OCSP], &[LIST])
    }

    /// A certificate with these addresses.
    fn naming(responders: &[&str], lists: &[&str]) -> Self {
        Self::of(RevocationAuthority::named("Autoridade emissora"), responders, lists)
    }

    /// The same of this authority.
    fn of(authority: RevocationAuthority, responders: &[&str], lists: &[&str]) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        let texts = |addresses: &[&str]| addresses.iter().map(|address| (*address).to_owned()).collect();
        let issued = Issued {
            serial: SERIAL,
            responders: texts(responders),
            lists: texts(lists),
            ..Issued::default()
        };
        let pem = authority.issue(&key, &issued);
        let bundle = authority.pem();
        let (responders, statuses) = (RuledResponders::by(|_, _| None), StatusesInMemory::default());
        let (responders, statuses, authority) =
            (Arc::new(responders), Arc::new(statuses), Arc::new(authority));
        Self { authority, pem, responders, statuses, bundle, issued }
    }

    /// A further certificate of the authority, under this number and with a key of its own.
    fn another(&self, serial: u64) -> (Thumbprint, String) {
        let key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        let pem = self.authority.issue(&key, &Issued { serial, ..self.issued.clone() });
        (*ClientCertificate::from_pem(&pem).unwrap().thumbprint(), pem)
    }

    /// One environment of a function.
    async fn environment(&self, check: RevocationCheck) -> Revocations {
        Revocations::start(check, self.ports(), now()).await.unwrap()
    }

    fn ports(&self) -> RevocationPorts {
        RevocationPorts {
            issuers: issuers(&self.bundle),
            alarms: Arc::new(AlarmsInMemory::default()),
            responders: self.responders.clone(),
            statuses: self.statuses.clone(),
            ids: Arc::new(ManualClock::at(now())),
        }
    }

    async fn check(&self, environment: &Revocations, at: Moment) -> Result<(), RevocationFault> {
        self.check_of(environment, &self.pem, at).await
    }

    /// The same of another certificate.
    async fn check_of(
        &self,
        environment: &Revocations,
        pem: &str,
        at: Moment,
    ) -> Result<(), RevocationFault> {
        let certificate = ClientCertificate::from_pem(pem).unwrap();
        environment.check(pem, certificate.thumbprint(), at).await
    }

    /// What a fresh environment of each kind says, and whether it raised an alarm.
    async fn verdicts(&self) -> [Result<(), RevocationFault>; 2] {
        let soft = self.environment(RevocationCheck::Soft).await;
        let hard = self.environment(RevocationCheck::Hard).await;
        [self.check(&soft, now()).await, self.check(&hard, now()).await]
    }

    /// From now on every responder gives this answer, and there is no list.
    fn answer(&self, answer: OcspAnswer) {
        let authority = self.authority.clone();
        self.responders.change(move |_, question| Some(authority.answer(question?, &answer)));
    }

    fn asked(&self) -> usize {
        self.responders.asked().len()
    }
}

/// `IssuersSecret`.
fn issuers(bundle: &str) -> Arc<SecretInMemory> {
    let secret = Arc::<SecretInMemory>::default();
    secret.put(bundle, now());
    secret
}

fn good(at: Moment) -> OcspAnswer {
    OcspAnswer::at(at, AnsweredStatus::Good)
}

fn revoked(at: Moment) -> OcspAnswer {
    OcspAnswer::at(at, AnsweredStatus::Revoked)
}

const COUNTS: [Result<(), RevocationFault>; 2] = [Ok(()), Ok(())];
const REVOKED: [Result<(), RevocationFault>; 2] =
    [Err(RevocationFault::Revoked), Err(RevocationFault::Revoked)];
/// Soft serves, hard does not.
const NOT_KNOWN: [Result<(), RevocationFault>; 2] = [Ok(()), Err(RevocationFault::NotKnown)];

#[tokio::test]
async fn t41_matrix_of_what_authorities_say() {
    let wrong = |change: fn(&mut OcspAnswer)| {
        let mut answer = good(now());
        change(&mut answer);
        answer
    };
    for (what, answer, expected) in [
        ("good", good(now()), COUNTS),
        ("revoked", revoked(now()), REVOKED),
        ("by a responder of the authority's own", wrong(|a| a.signer = AnswerSigner::Delegate), COUNTS),
        (
            "by a delegate without the purpose",
            wrong(|a| a.signer = AnswerSigner::DelegateWithoutPurpose),
            NOT_KNOWN,
        ),
        ("by a stranger", wrong(|a| a.signer = AnswerSigner::Stranger), NOT_KNOWN),
        ("expired", wrong(|a| a.next_update = Some(now())), NOT_KNOWN),
        ("to another question", wrong(|a| a.nonce = Some(b"another".to_vec())), NOT_KNOWN),
        ("unknown", wrong(|a| a.status = AnsweredStatus::Unknown), NOT_KNOWN),
    ] {
        let scene = Scene::new();
        scene.answer(answer);
        assert_eq!(scene.verdicts().await, expected, "{what}");
    }
    let scene = Scene::new();
    assert_eq!(scene.verdicts().await, NOT_KNOWN, "nobody answers");
    assert_eq!(scene.responders.asked(), [OCSP, SECOND_OCSP, LIST], "and nobody is asked twice");
}

#[tokio::test]
async fn t41_a_list_says_it_where_no_responder_does() {
    for (serials, expected) in [(&[1, 2][..], COUNTS), (&[1, SERIAL], REVOKED)] {
        let scene = Scene::new();
        let (authority, list) = (scene.authority.clone(), RevocationList::at(now(), serials));
        scene.responders.change(move |address, _| (address == LIST).then(|| authority.list(&list)));
        assert_eq!(scene.verdicts().await, expected);
        assert_eq!(scene.asked(), 3, "the second environment reads what the first one learnt");
    }
    let scene = Scene::new();
    let other = RevocationAuthority::named("Outra autoridade");
    let list = RevocationList::at(now(), &[SERIAL]);
    scene.responders.change(move |_, question| question.is_none().then(|| other.list(&list)));
    assert_eq!(scene.verdicts().await, NOT_KNOWN, "a list of another authority");
}

#[tokio::test]
async fn t41_only_certificates_of_the_bundle_name_addresses() {
    let mut scene = Scene::new();
    scene.answer(good(now()));
    for bundle in [RevocationAuthority::named("Autoridade emissora").pem(), "none\n".to_owned()] {
        scene.bundle = bundle;
        assert_eq!(scene.verdicts().await, NOT_KNOWN);
    }
    assert_eq!(scene.asked(), 0);
    let scene = Scene::naming(&[], &[]);
    assert_eq!(scene.verdicts().await, NOT_KNOWN, "it names nobody");
}

#[tokio::test]
async fn t41_off_asks_nobody() {
    let scene = Scene::new();
    scene.answer(revoked(now()));
    let off = scene.environment(RevocationCheck::Off).await;
    assert_eq!(scene.check(&off, now()).await, Ok(()));
    assert_eq!(scene.check(&Revocations::default(), now()).await, Ok(()));
    assert_eq!(scene.asked(), 0);
}

#[tokio::test]
async fn t41_an_authority_is_asked_once_in_a_quarter_of_an_hour_for_all_environments() {
    let scene = Scene::new();
    scene.answer(good(now()));
    let (one, other) =
        (scene.environment(RevocationCheck::Hard).await, scene.environment(RevocationCheck::Hard).await);
    for second in 0..900 {
        let at = now().plus(Duration::from_secs(second));
        assert_eq!((scene.check(&one, at).await, scene.check(&other, at).await), (Ok(()), Ok(())));
    }
    assert_eq!(scene.asked(), 1);
    scene.answer(good(now().plus(15 * MINUTE)));
    for second in 900..960 {
        let at = now().plus(Duration::from_secs(second));
        assert_eq!((scene.check(&one, at).await, scene.check(&other, at).await), (Ok(()), Ok(())));
    }
    assert_eq!(scene.asked(), 2);
}

#[tokio::test]
async fn t41_a_revocation_that_one_environment_learns_counts_at_the_others_45_seconds_later() {
    let scene = Scene::new();
    scene.answer(good(now()));
    let data = scene.environment(RevocationCheck::Soft).await;
    assert_eq!(scene.check(&data, now().plus(14 * MINUTE)).await, Ok(()));
    let later = now().plus(29 * MINUTE);
    scene.answer(revoked(later));
    let token = scene.environment(RevocationCheck::Soft).await;
    assert_eq!(scene.check(&token, later).await, Err(RevocationFault::Revoked));
    let asked = scene.asked();
    let seen = scene.check(&data, later.plus(Duration::from_secs(45))).await;
    assert_eq!(seen, Err(RevocationFault::Revoked));
    assert_eq!(scene.asked(), asked, "by the table, not by the authority");
}

#[tokio::test]
async fn t41_a_replayed_answer_does_not_undo_a_revocation() {
    let scene = Scene::new();
    scene.answer(revoked(now()));
    let environment = scene.environment(RevocationCheck::Soft).await;
    assert_eq!(scene.check(&environment, now()).await, Err(RevocationFault::Revoked));
    // Signed an hour before the revocation and still current by itself.
    scene.answer(good(now().minus(60 * MINUTE)));
    let later = now().plus(16 * MINUTE);
    for second in 0..50 {
        let at = later.plus(Duration::from_secs(second));
        assert_eq!(scene.check(&environment, at).await, Err(RevocationFault::Revoked));
    }
    assert_eq!(scene.asked(), 2, "at the first call of the fifty");
    // The authority lifts a hold.
    scene.answer(good(now().plus(20 * MINUTE)));
    let much_later = now().plus(32 * MINUTE);
    assert_eq!(scene.check(&environment, much_later).await, Ok(()));
}

#[tokio::test]
async fn t41_the_last_statement_serves_on_while_nobody_answers() {
    let scene = Scene::new();
    let answer = OcspAnswer { next_update: Some(now().plus(60 * MINUTE)), ..good(now()) };
    scene.answer(answer);
    let hard = scene.environment(RevocationCheck::Hard).await;
    assert_eq!(scene.check(&hard, now()).await, Ok(()));
    scene.responders.change(|_, _| None);
    assert_eq!(scene.check(&hard, now().plus(59 * MINUTE)).await, Ok(()));
    let over = now().plus(60 * MINUTE);
    assert_eq!(scene.check(&hard, over).await, Err(RevocationFault::NotKnown));
    let soft = scene.environment(RevocationCheck::Soft).await;
    assert_eq!(scene.check(&soft, over.plus(MINUTE)).await, Ok(()));
}

#[tokio::test]
async fn t41_a_silent_authority_is_asked_once_a_minute() {
    let scene = Scene::new();
    let soft = scene.environment(RevocationCheck::Soft).await;
    for second in 0..120 {
        assert_eq!(scene.check(&soft, now().plus(Duration::from_secs(second))).await, Ok(()));
    }
    // At 0 s and at 60 s, three addresses each.
    assert_eq!(scene.asked(), 6);
}

#[tokio::test]
async fn t41_a_table_that_fails_leaves_the_question_to_the_authority() {
    let scene = Scene::new();
    scene.statuses.fail();
    scene.answer(revoked(now()));
    assert_eq!(scene.verdicts().await, REVOKED);
    let environment = scene.environment(RevocationCheck::Hard).await;
    scene.answer(good(now()));
    assert_eq!(scene.check(&environment, now()).await, Ok(()));
    scene.responders.change(|_, _| None);
    let later = now().plus(MINUTE);
    assert_eq!(scene.check(&environment, later).await, Ok(()), "what it remembers is fresh");
}

#[tokio::test]
async fn t41_an_unreadable_bundle_does_not_start() {
    let mut scene = Scene::new();
    scene.bundle = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    assert!(Revocations::start(RevocationCheck::Soft, scene.ports(), now()).await.is_err());
}

#[tokio::test]
async fn t41_while_one_environment_asks_the_others_go_on_with_the_last_statement() {
    let scene = Scene::new();
    let id = CertificateId::of(&scene.pem).unwrap();
    let hard = scene.environment(RevocationCheck::Hard).await;
    let later = now().plus(15 * MINUTE);
    // What the table says to others during the first question, and during the second one.
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (authority, statuses, during) = (scene.authority.clone(), scene.statuses.clone(), seen.clone());
    scene.responders.change(move |_, question| {
        let record = statuses.stored(id.as_str()).expect("the question is taken before it is asked");
        during.lock().unwrap().push((record.asking_until, record.usable(later)));
        Some(authority.answer(question?, &good(now())))
    });
    assert_eq!(scene.check(&hard, now()).await, Ok(()));
    assert_eq!(scene.check(&hard, later).await, Ok(()));
    let (first, second) = ((Some(now().plus(CLAIM)), None), (Some(later.plus(CLAIM)), Some(Good)));
    assert_eq!(*seen.lock().unwrap(), [first, second]);
}
