//! Statements and certificates of an authority with one element bent.

use std::sync::LazyLock;

use ponte_fapi::revocation::{CertificateStatus, Issuers, IssuersFault, StatementFault, list, ocsp};
use ponte_kit::ocsp_question::asked;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_RSA_SHA256,
};

use crate::forge::{
    Answer, Forge, GOOD, NONCE, NONCE_ID, REVOKED, UNKNOWN_ID, by_key, element, extension, id, judged,
    sequence, single, time,
};
use crate::{key, now};

const SERIAL: &[u8] = &[1, 0x23, 0x45, 0x67];
const NEIGHBOUR: &[u8] = &[1, 0x23, 0x45, 0x68];

static FORGE: LazyLock<Forge> = LazyLock::new(Forge::new);

fn answered(singles: Vec<Vec<u8>>) -> Result<CertificateStatus, StatementFault> {
    let subject = FORGE.certificate(Vec::new());
    judged(&subject, &FORGE.answer(&Answer::of(FORGE.by_name(), singles)))
}

fn about(serial: &[u8], status: &[u8]) -> Vec<u8> {
    single(&id(&FORGE.certificate(Vec::new()), serial), status, &[])
}

#[test]
fn t41_of_two_statements_about_one_certificate_revoked_outweighs_good() {
    let (good, revoked, other) = (about(SERIAL, GOOD), about(SERIAL, REVOKED), about(NEIGHBOUR, REVOKED));
    for (singles, expected) in [
        (vec![good.clone(), good.clone()], Ok(CertificateStatus::Good)),
        (vec![good.clone(), revoked.clone()], Ok(CertificateStatus::Revoked)),
        (vec![revoked.clone(), good.clone()], Ok(CertificateStatus::Revoked)),
        (vec![other.clone(), good.clone()], Ok(CertificateStatus::Good)),
        (vec![good, other.clone()], Ok(CertificateStatus::Good)),
        (vec![other], Err(StatementFault::OtherCertificate)),
        (Vec::new(), Err(StatementFault::OtherCertificate)),
    ] {
        assert_eq!(answered(singles), expected);
    }
}

#[test]
fn t41_each_part_of_a_certid_counts_and_zeros_in_front_of_a_serial_do_not() {
    assert_eq!(answered(vec![about(&[0, 0, 1, 0x23, 0x45, 0x67], GOOD)]), Ok(CertificateStatus::Good));
    let right = id(&FORGE.certificate(Vec::new()), SERIAL);
    // Algorithm, hash of the name, hash of the key, serial number.
    for position in [8, 20, 40, right.len() - 1] {
        let mut wrong = right.clone();
        wrong[position] ^= 1;
        let verdict = answered(vec![single(&wrong, GOOD, &[])]);
        assert_eq!(verdict, Err(StatementFault::OtherCertificate), "{position}");
    }
}

#[test]
fn t41_extensions_of_an_answer_are_understood_or_not_critical() {
    let octets = |bytes: &[u8]| element(4, bytes);
    let (own, foreign) = (octets(NONCE), octets(b"another"));
    for (id, critical, value, expected) in [
        (NONCE_ID, None, &own, Ok(CertificateStatus::Good)),
        (NONCE_ID, Some(0xff), &own, Ok(CertificateStatus::Good)),
        (NONCE_ID, None, &foreign, Err(StatementFault::Nonce)),
        (UNKNOWN_ID, None, &foreign, Ok(CertificateStatus::Good)),
        (UNKNOWN_ID, Some(0), &foreign, Ok(CertificateStatus::Good)),
        (UNKNOWN_ID, Some(0xff), &foreign, Err(StatementFault::Extension)),
    ] {
        let subject = FORGE.certificate(Vec::new());
        let answer = Answer {
            extensions: vec![extension(id, critical, value)],
            ..Answer::of(FORGE.by_name(), vec![about(SERIAL, GOOD)])
        };
        assert_eq!(judged(&subject, &FORGE.answer(&answer)), expected, "{id:?} {critical:?}");
        // Of a single statement there is none to understand.
        let expected =
            if critical == Some(0xff) { Err(StatementFault::Extension) } else { Ok(CertificateStatus::Good) };
        let of_one = single(&super::forge::id(&subject, SERIAL), GOOD, &[extension(id, critical, value)]);
        assert_eq!(answered(vec![of_one]), expected, "{id:?} {critical:?}");
    }
}

#[test]
fn t41_an_answer_of_another_shape_is_none() {
    let subject = FORGE.certificate(Vec::new());
    let answer = Answer::of(FORGE.by_name(), vec![about(SERIAL, GOOD)]);
    let with = |change: fn(&mut Answer)| {
        let mut changed = answer.clone();
        change(&mut changed);
        judged(&subject, &FORGE.answer(&changed))
    };
    assert_eq!(with(|_| {}), Ok(CertificateStatus::Good));
    assert_eq!(with(|answer| answer.status = 1), Err(StatementFault::Refused));
    for change in [
        // Another type of answer, a responder that is not named or twice, an extension without a value.
        (|answer| answer.kind = UNKNOWN_ID.to_vec()) as fn(&mut Answer),
        |answer| answer.responder.clear(),
        |answer| answer.responder.extend(by_key(key())),
        |answer| answer.responder[0] = 0xa3,
        |answer| answer.extensions = vec![sequence(&[&element(6, UNKNOWN_ID), &[5, 0]])],
        // The elements of a statement in a set, and its time as UTCTime.
        |answer| answer.singles[0][0] = 0x31,
        |answer| {
            let utc = element(23, &time(now())[4..]);
            let id = id(&FORGE.certificate(Vec::new()), SERIAL);
            answer.singles = vec![sequence(&[&id, GOOD, &utc])];
        },
    ] {
        assert_eq!(with(change), Err(StatementFault::Malformed));
    }
}

#[test]
fn t41_a_responder_is_the_one_that_is_named_with_a_certificate_of_the_issuer() {
    let subject = FORGE.certificate(Vec::new());
    let responder = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let other = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let by = |named: &KeyPair, certificates: Vec<Vec<u8>>| {
        let answer = Answer::of(by_key(named), vec![about(SERIAL, GOOD)]);
        judged(&subject, &Answer { certificates, ..answer }.signed_by(&responder))
    };
    let (own, foreign) = (FORGE.delegate(&responder), FORGE.delegate(&other));
    assert_eq!(by(&responder, vec![own.clone()]), Ok(CertificateStatus::Good));
    assert_eq!(by(&responder, vec![foreign.clone(), own.clone()]), Ok(CertificateStatus::Good));
    for (named, certificates, why) in [
        (&responder, Vec::new(), "no certificate"),
        (&responder, vec![foreign.clone()], "the certificate of another responder"),
        (&other, vec![own.clone()], "another responder is named"),
        (&other, vec![foreign.clone()], "another responder signed"),
        (&responder, vec![Forge::delegate_of_an_impostor(&responder)], "made by somebody of the same name"),
        (&responder, vec![foreign.clone(), foreign.clone(), foreign.clone(), foreign, own], "too many"),
    ] {
        assert_eq!(by(named, certificates), Err(StatementFault::Signer), "{why}");
    }
}

#[test]
fn t41_an_entry_of_a_list_has_no_critical_extension_that_is_not_understood() {
    let subject = FORGE.certificate(Vec::new());
    let (reason_code, key_compromise) = (&[0x55, 0x1d, 0x15][..], &[10, 1, 1][..]);
    for (id, critical, expected) in [
        (reason_code, None, Ok(CertificateStatus::Revoked)),
        (reason_code, Some(0xff), Ok(CertificateStatus::Revoked)),
        (UNKNOWN_ID, None, Ok(CertificateStatus::Revoked)),
        (UNKNOWN_ID, Some(0xff), Err(StatementFault::Extension)),
    ] {
        let extensions = sequence(&[&extension(id, critical, key_compromise)]);
        let entry = |serial: &[u8]| sequence(&[&element(2, serial), &time(now()), &extensions]);
        let list = FORGE.list(&[entry(NEIGHBOUR), entry(SERIAL)]);
        let judged = list::judge(&subject, &list, "http://a.example", now().seconds());
        assert_eq!(judged.map(|statement| statement.status), expected, "{id:?} {critical:?}");
    }
}

#[test]
fn t41_addresses_are_those_of_whole_lists_of_the_issuer_itself() {
    let full = |uri: &[u8]| element(0xa0, &element(0xa0, &element(0x86, uri)));
    let relative = element(0xa0, &element(0xa1, &FORGE.name[4..]));
    let (some_reasons, by_another) = (&[0x81, 2, 1, 6][..], &element(0xa2, &element(0xa4, &FORGE.name))[..]);
    let points = sequence(&[
        &sequence(&[&full(b"http://reasons.example"), some_reasons]),
        &sequence(&[&full(b"http://another.example"), by_another]),
        &sequence(&[&full(b"http://both.example"), some_reasons, by_another]),
        &sequence(&[&relative]),
        &sequence(&[&full(b"http://whole.example")]),
    ]);
    let subject = FORGE.certificate(vec![CustomExtension::from_oid_content(&[2, 5, 29, 31], points)]);
    assert_eq!(subject.lists(), ["http://whole.example"]);
    // `caIssuers` beside `ocsp` (RFC 5280 section 4.2.2.1).
    let access = |arc: u8, uri: &[u8]| {
        sequence(&[&element(6, &[0x2b, 6, 1, 5, 5, 7, 0x30, arc]), &element(0x86, uri)])
    };
    let access = sequence(&[&access(2, b"http://certificates.example"), &access(1, b"http://ocsp.example")]);
    let extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], access);
    assert_eq!(FORGE.certificate(vec![extension]).responders(), ["http://ocsp.example"]);
}

#[test]
fn t41_an_authority_may_sign_certificates() {
    let authority = |is_ca: IsCa, usages: &[KeyUsagePurpose]| {
        let mut params = CertificateParams::default();
        params.is_ca = is_ca;
        params.key_usages = usages.to_vec();
        Issuers::parse(&params.self_signed(key()).expect("a certificate").pem()).map(|_| ())
    };
    let ca = || IsCa::Ca(BasicConstraints::Unconstrained);
    let signs = [KeyUsagePurpose::KeyCertSign];
    assert_eq!(authority(ca(), &signs), Ok(()));
    assert_eq!(authority(ca(), &[]), Ok(()), "without the extension a key may be used for anything");
    for (is_ca, usages) in [(ca(), &[KeyUsagePurpose::CrlSign]), (IsCa::ExplicitNoCa, &signs)] {
        assert_eq!(authority(is_ca, usages), Err(IssuersFault::NotAuthority), "{usages:?}");
    }
}

#[test]
fn t41_an_authority_is_known_by_its_name_and_its_key() {
    // Two names with one key, as after a merger.
    let authority = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    };
    let (one, two) = (authority("Uma"), authority("Outra"));
    let pem = |params: &CertificateParams| params.self_signed(key()).expect("a certificate").pem();
    let client = CertificateParams::default().signed_by(key(), &Issuer::from_params(&two, key()));
    let client = client.expect("a certificate").pem();
    let found = |bundle: &str| {
        let certificate = Issuers::parse(bundle).expect("a bundle").of(&client, now().seconds())?;
        Some(asked(&ocsp::question(&certificate, NONCE)))
    };
    assert!(found(&pem(&one)).is_none());
    assert_eq!(found(&format!("{}{}", pem(&one), pem(&two))), found(&pem(&two)));
    assert!(found(&pem(&two)).is_some());
}
