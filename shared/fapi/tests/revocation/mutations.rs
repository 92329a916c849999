//! Answers and lists with something wrong in their bytes, thousands of them and always the same ones: none makes us panic, and none
//! says good of a certificate. What is left of a signed statement says what it said, or nothing.

use ponte_fapi::revocation::{CertificateStatus, IssuedCertificate, Statement, StatementFault, list, ocsp};
use ponte_kit::revocation::{AnswerSigner, AnsweredStatus, OcspAnswer, RevocationList};

use crate::{ISSUER, SERIAL, certificate, now};

const NONCE: &[u8] = b"0123456789abcdef0123456789abcdef";
const HERE: &str = "http://listas.example/emissora.crl";

type Judged = Result<Statement, StatementFault>;

/// A generator of numbers that is the same at every run (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.next(256)).unwrap_or(0)
    }
}

/// A byte of a length that says more, less or absurdly much.
const LENGTHS: [&[u8]; 8] = [
    &[0x00],
    &[0x7f],
    &[0x80],
    &[0x81, 0xff],
    &[0x82, 0xff, 0xff],
    &[0x84, 0xff, 0xff, 0xff, 0xff],
    &[0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0xff],
];

/// `bytes` with something wrong.
fn mutated(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=numbers.next(3) {
        let at = numbers.next(bytes.len());
        match numbers.next(6) {
            0 => bytes.truncate(at),
            1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << numbers.next(8);
                }
            }
            2 => {
                // A length where one may stand: after a byte that can be a tag.
                let length = LENGTHS[numbers.next(LENGTHS.len())];
                let end = (at + 1).min(bytes.len());
                bytes.splice(at..end, length.iter().copied());
            }
            3 => {
                let (end, byte) = ((at + numbers.next(40)).min(bytes.len()), numbers.byte());
                bytes[at..end].fill(byte);
            }
            4 => {
                let end = (at + numbers.next(200)).min(bytes.len());
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            _ => {
                let end = (at + numbers.next(200)).min(bytes.len());
                bytes.drain(at..end);
            }
        }
    }
    bytes
}

/// Judges `count` mutations of what says `whole`. A mutation may say the same, where it leaves what is signed as it was.
fn try_out(bytes: &[u8], whole: Judged, count: u64, judge: impl Fn(&[u8]) -> Judged) {
    assert_eq!(judge(bytes), whole, "as it is");
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for number in 0..count {
        let changed = mutated(bytes, &mut numbers);
        let judged = judge(&changed);
        assert!(judged.is_err() || judged == whole, "mutation {number}: {judged:?}");
        let good = judged.is_ok_and(|statement| statement.status == CertificateStatus::Good);
        let said_good = whole.is_ok_and(|statement| statement.status == CertificateStatus::Good);
        assert!(!good || said_good, "mutation {number} says good");
    }
}

fn subject() -> IssuedCertificate {
    certificate(&ISSUER, SERIAL)
}

#[test]
fn t46_t41_no_mutation_of_an_answer_says_good() {
    let subject = subject();
    let judge = |bytes: &[u8]| ocsp::judge(&subject, bytes, NONCE, now().seconds());
    for (status, signer) in [
        (AnsweredStatus::Good, AnswerSigner::Issuer),
        (AnsweredStatus::Good, AnswerSigner::Delegate),
        (AnsweredStatus::Revoked, AnswerSigner::Issuer),
        (AnsweredStatus::Revoked, AnswerSigner::Delegate),
        (AnsweredStatus::Unknown, AnswerSigner::Issuer),
    ] {
        let answer = OcspAnswer { signer, nonce: Some(NONCE.to_vec()), ..OcspAnswer::at(now(), status) };
        let bytes = ISSUER.answer(&ocsp::question(&subject, NONCE), &answer);
        try_out(&bytes, judge(&bytes), 4_000, judge);
    }
}

#[test]
fn t46_t41_no_mutation_of_a_list_says_good_of_a_revoked_certificate() {
    let subject = subject();
    let judge = |bytes: &[u8]| list::judge(&subject, bytes, HERE, now().seconds());
    for serials in [&[1, SERIAL, 2][..], &[1, 2], &[]] {
        let bytes = ISSUER.list(&RevocationList::at(now(), serials));
        try_out(&bytes, judge(&bytes), 4_000, judge);
        for length in 0..bytes.len() {
            assert!(judge(&bytes[..length]).is_err(), "cut off after {length}");
        }
        for position in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[position / 8] ^= 1 << (position % 8);
            let judged = judge(&changed);
            assert!(judged.is_err() || judged == judge(&bytes), "bit {position}: {judged:?}");
        }
    }
}

#[test]
fn t46_t41_bytes_of_nothing_say_nothing() {
    let (subject, mut numbers) = (subject(), Numbers(1));
    for _ in 0..4_000 {
        let mut bytes: Vec<u8> = (0..numbers.next(300)).map(|_| numbers.byte()).collect();
        if let (Some(first), true) = (bytes.first_mut(), numbers.next(2) == 0) {
            *first = 0x30;
        }
        assert!(ocsp::judge(&subject, &bytes, NONCE, now().seconds()).is_err());
        assert!(list::judge(&subject, &bytes, HERE, now().seconds()).is_err());
    }
    // Elements in elements, as deep as an answer may be long.
    let deep = [0x30, 0x80].repeat(ocsp::ANSWER_MAX / 2);
    assert!(ocsp::judge(&subject, &deep, NONCE, now().seconds()).is_err());
    assert!(list::judge(&subject, &deep, HERE, now().seconds()).is_err());
}
