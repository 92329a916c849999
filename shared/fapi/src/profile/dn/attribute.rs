//! Attribute types and the names they go by: RFC 4514 section 3, X.520, the certificate standard (S84, S96).

use x509_parser::asn1_rs::Oid;

/// Longest object identifier read, in characters.
const OID_MAX: usize = 128;

/// Every name of an attribute, behind its object identifier. The first one is a descriptor of RFC 4514 section 3 where
/// that has one, which the flag tells.
const NAMED: &[(&str, bool, &[&str])] = &[
    ("2.5.4.3", true, &["CN", "commonName"]),
    ("2.5.4.7", true, &["L", "localityName"]),
    ("2.5.4.8", true, &["ST", "stateOrProvinceName", "stateOrProvince", "S"]),
    ("2.5.4.10", true, &["O", "organizationName"]),
    ("2.5.4.11", true, &["OU", "organizationalUnitName"]),
    ("2.5.4.6", true, &["C", "countryName"]),
    ("2.5.4.9", true, &["STREET", "streetAddress"]),
    ("0.9.2342.19200300.100.1.25", true, &["DC", "domainComponent"]),
    ("0.9.2342.19200300.100.1.1", true, &["UID", "userId"]),
    ("2.5.4.4", false, &["SN", "surname"]),
    ("2.5.4.5", false, &["serialNumber"]),
    ("2.5.4.12", false, &["T", "title"]),
    ("2.5.4.13", false, &["description"]),
    ("2.5.4.15", false, &["businessCategory"]),
    ("2.5.4.17", false, &["postalCode"]),
    ("2.5.4.42", false, &["GN", "givenName"]),
    ("2.5.4.46", false, &["dnQualifier"]),
    ("2.5.4.97", false, &["organizationIdentifier"]),
    ("1.2.840.113549.1.9.1", false, &["emailAddress", "E", "email"]),
    (
        "1.3.6.1.4.1.311.60.2.1.1",
        false,
        &["jurisdictionLocalityName", "jurisdictionL", "jurisdictionOfIncorporationLocalityName"],
    ),
    (
        "1.3.6.1.4.1.311.60.2.1.2",
        false,
        &[
            "jurisdictionStateOrProvinceName",
            "jurisdictionST",
            "jurisdictionOfIncorporationStateOrProvinceName",
        ],
    ),
    (
        "1.3.6.1.4.1.311.60.2.1.3",
        false,
        &[
            "jurisdictionCountryName",
            "jurisdictionC",
            "jurisdictionCountry",
            "jurisdictionOfIncorporationCountryName",
        ],
    ),
];

/// An attribute type, known by its object identifier in dotted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributeType(String);

impl AttributeType {
    /// By a name in any case, or by object identifier, `OID.` in front or not.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let dotted = match text.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("oid.") => text.get(4..)?,
            _ => text,
        };
        if is_oid(dotted) {
            return Some(Self(dotted.to_owned()));
        }
        let named =
            |(_, _, names): &&(&str, bool, &[&str])| names.iter().any(|name| name.eq_ignore_ascii_case(text));
        NAMED.iter().find(named).map(|(oid, ..)| Self((*oid).to_owned()))
    }

    /// Of a certificate; `None` for an identifier with arcs beyond 64 bits.
    pub(super) fn of_oid(oid: &Oid<'_>) -> Option<Self> {
        let dotted = oid.to_id_string();
        is_oid(&dotted).then_some(Self(dotted))
    }

    /// The object identifier.
    pub(super) fn oid(&self) -> &str {
        &self.0
    }

    /// The descriptor of RFC 4514 section 3, for the nine attributes that have one.
    pub(super) fn descriptor(&self) -> Option<&'static str> {
        let known = NAMED.iter().find(|(oid, descriptor, _)| *descriptor && *oid == self.0);
        known.and_then(|(_, _, names)| names.first().copied())
    }
}

/// `numericoid` of RFC 4512: two arcs or more, none with a zero in front.
fn is_oid(text: &str) -> bool {
    let arc = |arc: &str| {
        let digits = !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit());
        digits && (arc == "0" || !arc.starts_with('0'))
    };
    text.len() <= OID_MAX && text.contains('.') && text.split('.').all(arc)
}
