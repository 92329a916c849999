//! OCSP questions, read (RFC 6960 section 4.1.1).

use yasna::{ASN1Result, BERReader, Tag};

/// The nonce of a question, if it has one.
#[must_use]
pub fn nonce_of(question: &[u8]) -> Option<Vec<u8>> {
    yasna::parse_der(question, |reader| {
        reader.read_sequence(|reader| {
            reader.next().read_sequence(|reader| {
                reader.next().read_der()?;
                reader.read_optional(|reader| {
                    reader.read_tagged(Tag::context(2), |reader| {
                        reader.read_sequence(|reader| {
                            reader.next().read_sequence(|reader| {
                                reader.next().read_oid()?;
                                reader.next().read_bytes()
                            })
                        })
                    })
                })
            })
        })
    })
    .unwrap()
    .map(|value| yasna::parse_der(&value, octets).unwrap())
}

/// The CertID of a question, DER.
#[must_use]
pub fn asked(question: &[u8]) -> Vec<u8> {
    yasna::parse_der(question, |reader| {
        reader.read_sequence(|reader| {
            reader.next().read_sequence(|reader| {
                let id = reader
                    .next()
                    .read_sequence(|reader| reader.next().read_sequence(|reader| reader.next().read_der()))?;
                reader.read_optional(element)?;
                Ok(id)
            })
        })
    })
    .unwrap()
}

/// Any element, DER.
fn element(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_der()
}

fn octets(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_bytes()
}
