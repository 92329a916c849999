//! Tests of keys and certificates.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::OnceLock;
use std::time::Duration;

use ponte_fapi::revocation::{CertificateStatus, Issuers, StatementFault, list, ocsp};
use ponte_values::Moment;
use x509_parser::der_parser::asn1_rs::Tag;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::*;

const NOW: Moment = Moment::from_seconds(1_772_452_800);

/// One of two keys that all tests of the process share: making one costs a tenth of a second, reading it nothing.
fn key(number: usize) -> RsaKey {
    static PEMS: OnceLock<[String; 2]> = OnceLock::new();
    let pems = PEMS.get_or_init(|| [(), ()].map(|()| RsaKey::generate().unwrap().private_pem().to_owned()));
    RsaKey::from_pem(&pems[number]).unwrap()
}

fn subject() -> TransportSubject {
    TransportSubject {
        cnpj: "11222333000181".into(),
        organisation_name: "Receptora Exemplo".into(),
        organisation_id: "6c2b5a0e-6f0f-4c7c-9d4f-0f4b7b1f2a11".into(),
        software_statement_id: "f2a1c6de-7b55-4d5d-8f5a-2f1d4a7c9b22".into(),
        common_name: "receptora.example".into(),
    }
}

fn authority() -> Authority {
    Authority::new("Autoridade de teste", &key(0), key(1), NOW).unwrap()
}

/// Tag and text of each DN attribute, by dotted OID.
fn attribute(certificate: &X509Certificate<'_>, oid: &str) -> (Tag, String) {
    let found = certificate
        .subject()
        .iter_attributes()
        .find(|attribute| attribute.attr_type().to_id_string() == oid)
        .unwrap_or_else(|| panic!("no {oid}"));
    (found.attr_value().tag(), String::from_utf8(found.attr_value().data.to_vec()).unwrap())
}

#[test]
fn s96_s98_brcac_has_the_fields_and_their_encodings() {
    let (authority, key) = (authority(), key(0));
    let pem = authority.issue(&Profile::Transport(&subject()), &key, NOW, 396).unwrap();
    let chain = certificates(&pem).unwrap();
    assert_eq!(chain.len(), 2, "the intermediate is part of the chain");
    let (_, certificate) = X509Certificate::from_der(&chain[0]).unwrap();

    let utf8 = |text: &str| (Tag::Utf8String, text.to_owned());
    let printable = |text: &str| (Tag::PrintableString, text.to_owned());
    for (oid, expected) in [
        ("2.5.4.15", utf8("Private Organization")),
        ("1.3.6.1.4.1.311.60.2.1.3", printable("BR")),
        ("2.5.4.5", printable("11222333000181")),
        ("2.5.4.6", printable("BR")),
        ("2.5.4.10", utf8("Receptora Exemplo")),
        ("2.5.4.8", utf8("SP")),
        ("2.5.4.7", utf8("São Paulo")),
        ("2.5.4.97", utf8("OFBBR-6c2b5a0e-6f0f-4c7c-9d4f-0f4b7b1f2a11")),
        ("0.9.2342.19200300.100.1.1", utf8("f2a1c6de-7b55-4d5d-8f5a-2f1d4a7c9b22")),
        ("2.5.4.3", utf8("receptora.example")),
    ] {
        assert_eq!(attribute(&certificate, oid), expected, "{oid}");
    }
    let usage = certificate.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && usage.key_encipherment() && !usage.non_repudiation());
    let extended = certificate.extended_key_usage().unwrap().unwrap().value;
    assert!(extended.client_auth && !extended.server_auth);
}

#[test]
fn s95_rsa_2048_and_sha_256() {
    let (authority, key) = (authority(), key(0));
    let pem = authority.issue(&Profile::Server, &key, NOW, 396).unwrap();
    let chain = certificates(&pem).unwrap();
    let (_, certificate) = X509Certificate::from_der(&chain[0]).unwrap();
    assert_eq!(certificate.signature_algorithm.algorithm.to_id_string(), "1.2.840.113549.1.1.11");
    assert_eq!(certificate.public_key().parsed().unwrap().key_size(), 2048);
    assert!(certificate.extended_key_usage().unwrap().unwrap().value.server_auth);
}

#[test]
fn s97_brseal_signs_and_does_not_authenticate_clients() {
    let (authority, key) = (authority(), key(0));
    let seal = SealSubject {
        cnpj: subject().cnpj,
        organisation_name: subject().organisation_name,
        organisation_id: subject().organisation_id,
    };
    let pem = authority.issue(&Profile::Seal(&seal), &key, NOW, 396).unwrap();
    let chain = certificates(&pem).unwrap();
    let (_, certificate) = X509Certificate::from_der(&chain[0]).unwrap();
    assert_eq!(attribute(&certificate, "0.9.2342.19200300.100.1.1").1, subject().organisation_id);
    assert_eq!(attribute(&certificate, "2.5.4.10").1, "ICP-Brasil");
    let usage = certificate.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && usage.non_repudiation() && !usage.key_encipherment());
    assert!(certificate.extended_key_usage().unwrap().is_none());
    let mut names: Vec<String> = Vec::new();
    for extension in certificate.extensions() {
        if let ParsedExtension::SubjectAlternativeName(alternative) = extension.parsed_extension() {
            for name in &alternative.general_names {
                if let GeneralName::OtherName(oid, _) = name {
                    names.push(oid.to_id_string());
                }
            }
        }
    }
    assert_eq!(names, ["2.16.76.1.3.2", "2.16.76.1.3.3", "2.16.76.1.3.4", "2.16.76.1.3.7"]);
}

#[test]
fn flaws_of_chain_and_dates_do_not_pass_tls() {
    use rustls::server::WebPkiClientVerifier;
    use rustls_pki_types::UnixTime;
    let authority = authority();
    let mut roots = rustls::RootCertStore::empty();
    for certificate in certificates(&authority.bundle_pem()).unwrap() {
        roots.add(certificate).unwrap();
    }
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().unwrap();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(NOW.seconds().unsigned_abs()));
    let verdict = |chain_pem: &str| {
        let chain = certificates(chain_pem).unwrap();
        verifier.verify_client_cert(&chain[0], &chain[1..], at).is_ok()
    };
    let good = authority.issue(&Profile::Transport(&subject()), &key(0), NOW, 396).unwrap();
    assert!(verdict(&good));
    // A BRSEAL has no extended key usage at all, which TLS lets pass: refusing it is the business of whoever reads it,
    // as it is to notice whose certificate it is.
    for flaw in Flaw::ALL {
        let identity = flawed(&authority, &subject(), flaw, NOW).unwrap();
        assert_eq!(verdict(&identity.chain_pem), !flaw.stops_tls(), "{flaw:?}");
    }
}

#[test]
fn s84_s98_spellings_differ_and_name_the_same_holder() {
    use ponte_fapi::certificate::ClientCertificate;
    let (authority, subject) = (authority(), subject());
    let tag_of = |pem: &str, oid: &str| {
        let chain = certificates(pem).unwrap();
        let (_, certificate) = X509Certificate::from_der(&chain[0]).unwrap();
        attribute(&certificate, oid).0
    };
    for spelling in Spelling::ALL {
        let pem = respelled(&authority, &subject, spelling, NOW).unwrap().chain_pem;
        let read = ClientCertificate::from_pem(&pem).unwrap();
        assert_eq!(read.organisation_id(), Some(subject.organisation_id.as_str()), "{spelling:?}");
        assert_eq!(read.software_statement_id(), Some(subject.software_statement_id.as_str()));
        match spelling {
            Spelling::Utf8 => assert_eq!(tag_of(&pem, "2.5.4.5"), Tag::Utf8String),
            Spelling::Printable => assert_eq!(tag_of(&pem, "2.5.4.97"), Tag::PrintableString),
            Spelling::OrganisationalUnit => assert_eq!(tag_of(&pem, "2.5.4.11"), Tag::Utf8String),
            Spelling::Current => assert_eq!(tag_of(&pem, "2.5.4.97"), Tag::Utf8String),
        }
    }
    let nobody = flawed(&authority, &subject, Flaw::NoOrganisation, NOW).unwrap();
    assert_eq!(ClientCertificate::from_pem(&nobody.chain_pem).unwrap().organisation_id(), None);
}

#[test]
fn a_restart_finds_the_same_keys_and_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = ["root.key", "issuing.key", "x.key"].map(String::from).to_vec();
    let start = |now: Moment| {
        let mut keys = KeyStore::open(folder.path(), &names).unwrap();
        let mut take = |name: &str| keys.take(&folder.path().join(name)).unwrap();
        let (root, issuing, leaf) = (take("root.key"), take("issuing.key"), take("x.key"));
        let authority = Authority::open(WORLD, folder.path(), &root, issuing, now).unwrap();
        let identity =
            authority.identity(folder.path(), "x", &Profile::Transport(&subject()), leaf, now).unwrap();
        (authority.bundle_pem(), identity.chain_pem, identity.key.kid().to_owned())
    };
    let first = start(NOW);
    assert_eq!(first, start(NOW.plus(Duration::from_hours(1))));
    // Two years later the authority and the key are the same, the certificate is a new one.
    let later = start(NOW.plus(Duration::from_hours(2 * 365 * 24)));
    assert_eq!((&first.0, &first.2), (&later.0, &later.2));
    assert_ne!(first.1, later.1);

    let mode = std::fs::metadata(folder.path().join("x.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_damaged_authority_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Authority::open(WORLD, folder.path(), &key(0), key(1), NOW).map(|_| ());
    open().unwrap();
    for file in ["root.pem", "issuing.pem"] {
        let path = folder.path().join(file);
        let good = std::fs::read_to_string(&path).unwrap();
        for bad in ["garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&path, bad).unwrap();
            let fault = open().unwrap_err().to_string();
            assert!(fault.contains(file) && fault.contains("is damaged"), "{fault}");
        }
        std::fs::write(&path, good).unwrap();
    }
    open().unwrap();
}

#[test]
fn rfc7638_kid_is_the_thumbprint_and_survives_pem() {
    let key = key(0);
    let again = RsaKey::from_pem(key.private_pem()).unwrap();
    assert_eq!(key.kid(), again.kid());
    assert_eq!(key.kid().len(), 43);
    let jwk = key.signature_jwk();
    assert_eq!(jwk["n"].as_str().unwrap().len(), 342, "256 bytes, no leading zero");
    assert_eq!(jwk["e"], "AQAB");
}

#[test]
fn t41_the_responder_of_an_authority_says_what_it_revoked_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let address = "http://127.0.0.1:1/authority";
    Authority::answers_at(folder.path(), address).unwrap();
    let open = || Authority::open(WORLD, folder.path(), &key(0), key(1), NOW).unwrap();
    let (authority, issue) = (open(), || {
        let chain = open().issue(&Profile::Transport(&subject()), &key(0), NOW, 396).unwrap();
        let issued = Issuers::parse(&open().bundle_pem()).unwrap().of(&chain, NOW.seconds()).unwrap();
        (chain, issued)
    });
    let ((revoked_pem, revoked), (_, good)) = (issue(), issue());
    assert_eq!(
        (revoked.responders(), revoked.lists()),
        (&[address.to_owned()][..], &[format!("{address}/lista.crl")][..])
    );
    authority.responder(folder.path()).unwrap().revoke(&revoked_pem).unwrap();
    // The next start.
    let responder = open().responder(folder.path()).unwrap();
    assert_eq!(responder.count(), 1);
    for (certificate, status) in [(&revoked, CertificateStatus::Revoked), (&good, CertificateStatus::Good)] {
        let answer = responder.answer(&ocsp::question(certificate, b"nonce"), NOW).unwrap();
        assert_eq!(ocsp::judge(certificate, &answer, b"nonce", NOW.seconds()).unwrap().status, status);
        assert!(ocsp::judge(certificate, &answer, b"other", NOW.seconds()).is_err(), "the nonce comes back");
        let list = responder.list(NOW).unwrap();
        let judged = list::judge(certificate, &list, &certificate.lists()[0], NOW.seconds()).unwrap();
        assert_eq!(judged.status, status);
    }
    let foreign = Authority::new("Outra autoridade", &key(1), key(0), NOW).unwrap();
    let chain = foreign.issue(&Profile::Transport(&subject()), &key(0), NOW, 396).unwrap();
    let other = Issuers::parse(&foreign.bundle_pem()).unwrap().of(&chain, NOW.seconds()).unwrap();
    assert!(other.responders().is_empty(), "an authority without a responder names none");
    let answer = responder.answer(&ocsp::question(&other, b"nonce"), NOW).unwrap();
    assert_eq!(ocsp::judge(&other, &answer, b"nonce", NOW.seconds()), Err(StatementFault::Refused));
    assert_eq!(responder.answer(b"no question", NOW).unwrap(), [0x30, 3, 0x0a, 1, 1]);
    responder.live(Duration::from_secs(1));
    let answer = responder.answer(&ocsp::question(&good, b"nonce"), NOW).unwrap();
    assert!(ocsp::judge(&good, &answer, b"nonce", NOW.seconds() + 1).is_err(), "its life is over");
}

#[test]
fn t41_a_certificate_that_names_another_responder_is_issued_anew() {
    let folder = tempfile::tempdir().unwrap();
    let identity = |address: &str| {
        Authority::answers_at(folder.path(), address).unwrap();
        let authority = Authority::open(WORLD, folder.path(), &key(0), key(1), NOW).unwrap();
        authority
            .identity(folder.path(), "x", &Profile::Transport(&subject()), key(0), NOW)
            .unwrap()
            .chain_pem
    };
    let first = identity("http://127.0.0.1:1/authority");
    assert_eq!(identity("http://127.0.0.1:1/authority"), first);
    assert_ne!(identity("http://127.0.0.1:2/authority"), first);
}
