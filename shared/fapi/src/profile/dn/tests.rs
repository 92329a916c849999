//! Spellings of one name, and names that are not the same.

use proptest::prelude::*;
use rcgen::{CertificateParams, DistinguishedName as RcgenName, DnType, DnValue, KeyPair};

use super::attribute::AttributeType;
use super::rdn::Rdn;
use super::value::Value;
use super::*;

/// A name as `tls_client_auth_subject_dn` has it: RFC 4514 names readable, the others hexadecimal (S98).
const STANDARD: &str = "CN=receptora.example,UID=10120340-3318-4baf-99e2-0b56729c4ab2,\
    2.5.4.97=#0c2a4f464242522d37346539323964392d333362362d346438352d386261372d633134366338363761383137,\
    L=Sao Paulo,ST=SP,O=Instituicao Inventada SA,C=BR,2.5.4.5=#130e3131323232333333303030313831,\
    1.3.6.1.4.1.311.60.2.1.3=#13024252,2.5.4.15=#0c1450726976617465204f7267616e697a6174696f6e";

fn name(text: &str) -> DistinguishedName {
    DistinguishedName::parse(text).unwrap()
}

fn same(one: &str, other: &str) -> bool {
    let (one, other) = (name(one), name(other));
    assert_eq!(one.matches(&other), other.matches(&one));
    one.matches(&other)
}

fn utf8(text: &str) -> DnValue {
    DnValue::Utf8String(text.to_owned())
}

fn printable(text: &str) -> DnValue {
    DnValue::PrintableString(text.try_into().unwrap())
}

/// A certificate with the subject of [`STANDARD`], in the order of the certificate standard.
fn certificate(common_name: DnValue) -> String {
    let kind = |oid: &[u64]| DnType::CustomDnType(oid.to_vec());
    let mut name = RcgenName::new();
    name.push(kind(&[2, 5, 4, 15]), utf8("Private Organization"));
    name.push(kind(&[1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 3]), printable("BR"));
    name.push(kind(&[2, 5, 4, 5]), printable("11222333000181"));
    name.push(DnType::CountryName, printable("BR"));
    name.push(DnType::OrganizationName, utf8("Instituicao Inventada SA"));
    name.push(DnType::StateOrProvinceName, utf8("SP"));
    name.push(DnType::LocalityName, utf8("Sao Paulo"));
    name.push(kind(&[2, 5, 4, 97]), utf8("OFBBR-74e929d9-33b6-4d85-8ba7-c146c867a817"));
    name.push(kind(&[0, 9, 2342, 19_200_300, 100, 1, 1]), utf8("10120340-3318-4baf-99e2-0b56729c4ab2"));
    name.push(DnType::CommonName, common_name);
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

#[test]
fn s98_hexadecimal_values_are_those_of_the_certificate() {
    let subject = DistinguishedName::of_certificate(&certificate(utf8("receptora.example"))).unwrap();
    assert_eq!(subject.to_string(), STANDARD);
    assert!(subject.matches(&name(STANDARD)));
    // The other encoding of S98 says the same: UTF8String (#0c) for PrintableString (#13) and the reverse.
    let swapped =
        STANDARD.replace("#130e", "#0c0e").replace("#0c14", "#1314").replace("#13024252", "#0c024252");
    assert!(subject.matches(&name(&swapped)));
    assert!(subject.matches(&name(&STANDARD.to_uppercase())));
}

#[test]
fn s84_every_attribute_name_is_understood() {
    let subject = DistinguishedName::of_certificate(&certificate(utf8("receptora.example"))).unwrap();
    let short = "CN=receptora.example, UID=10120340-3318-4baf-99e2-0b56729c4ab2, \
        organizationIdentifier=OFBBR-74e929d9-33b6-4d85-8ba7-c146c867a817, L=Sao Paulo, ST=SP, \
        O=Instituicao Inventada SA, C=BR, serialNumber=11222333000181, jurisdictionC=BR, \
        businessCategory=Private Organization";
    let long = "commonName=receptora.example,userId=10120340-3318-4baf-99e2-0b56729c4ab2,\
        ORGANIZATIONIDENTIFIER=OFBBR-74e929d9-33b6-4d85-8ba7-c146c867a817,localityName=Sao Paulo,\
        stateOrProvinceName=SP,organizationName=Instituicao Inventada SA,countryName=BR,\
        SERIALNUMBER=11222333000181,jurisdictionCountryName=BR,BusinessCategory=Private Organization";
    let dotted = "2.5.4.3=receptora.example,oid.0.9.2342.19200300.100.1.1=10120340-3318-4baf-99e2-0b56729c4ab2,\
        OID.2.5.4.97=OFBBR-74e929d9-33b6-4d85-8ba7-c146c867a817,2.5.4.7=Sao Paulo,2.5.4.8=SP,\
        2.5.4.10=Instituicao Inventada SA,2.5.4.6=BR,2.5.4.5=11222333000181,\
        1.3.6.1.4.1.311.60.2.1.3=BR,OID.2.5.4.15=Private Organization";
    for spelling in [short, long, dotted] {
        assert!(subject.matches(&name(spelling)), "{spelling}");
    }
    assert!(same(
        "OU=a,S=SP,STREET=b,DC=c",
        "organizationalUnitName=a,2.5.4.8=sp,streetAddress=b,domainComponent=c"
    ));
    assert!(same("E=a@example.com", "emailAddress=a@example.com"));
}

#[test]
fn s84_values_match_without_case_and_insignificant_blanks() {
    for (one, other) in [
        ("CN=Receptora Exemplo", "CN=RECEPTORA   exemplo"),
        ("CN=a", "CN=\\ a\\ "),
        ("CN=a b", "CN=a\\09b"),
        ("CN=Instituição", "CN=INSTITUI\\C3\\87\\C3\\83O"),
        ("CN=a\\2cb", "CN=A\\,B"),
        ("CN=#0c0161", "CN=A"),
        ("CN=#1e0400610062", "CN=ab"),
        ("CN=#020101", "CN=#020101"),
        ("CN=#1c0400000061", "CN=a"),
        ("CN=", "CN=\\20"),
        // RFC 4518 section 2.2: mapped to nothing.
        ("CN=ab", "CN=a\u{ad}b\u{200d}"),
        ("CN=ab", "CN=a\\01b"),
        ("CN=#0c0161 , C=BR", "CN=a,C=BR"),
        ("CN=#0c0161  + OU=b,C=#13024252  ", "CN=a+OU=b,C=BR"),
    ] {
        assert!(same(one, other), "{one} {other}");
    }
    for (one, other) in [
        ("CN=ab", "CN=a b"),
        ("CN=a", "OU=a"),
        ("CN=a", "CN=a,C=BR"),
        ("CN=a,C=BR", "C=BR,CN=a"),
        ("CN=#0c0161", "CN=#020161"),
        ("CN=#020101", "CN=#020102"),
        // A tag of an application is no UTF8String.
        ("CN=#4c0161", "CN=a"),
        ("CN=#1401e7", "CN=\\E7\\A3\\BF"),
    ] {
        assert!(!same(one, other), "{one} {other}");
    }
}

#[test]
fn attributes_of_one_rdn_have_no_order_rfc4514() {
    assert!(same("OU=a+CN=b,C=BR", "CN=B + OU=A,C=BR"));
    assert!(!same("OU=a+CN=b,C=BR", "OU=a,CN=b,C=BR"));
    assert!(!same("OU=a+OU=a", "OU=a+OU=b"));
    assert!(!same("OU=a+OU=b", "OU=a"));
}

#[test]
fn another_certificate_has_another_name_s84() {
    for other in ["outra.example", "receptora.example.com"] {
        let subject = DistinguishedName::of_certificate(&certificate(utf8(other))).unwrap();
        assert!(!subject.matches(&name(STANDARD)), "{other}");
    }
    let wide = certificate(DnValue::BmpString("Receptora.example".try_into().unwrap()));
    assert!(DistinguishedName::of_certificate(&wide).unwrap().matches(&name(STANDARD)));
}

#[test]
fn texts_that_are_no_name_are_refused_rfc4514() {
    for bad in [
        "",
        " ",
        "CN",
        "CN=a,",
        ",CN=a",
        "CN=a++C=BR",
        "CN=a\"b",
        "CN=a;C=BR",
        "CN=<a>",
        "CN=a\\",
        "CN=a\\2",
        "CN=a\\zz",
        "CN=#",
        "CN=#0",
        "CN=#0c",
        "CN=#0c0261",
        "CN=#0c016161",
        "CN=#0c01zz",
        "CN=#0c 0161",
        "CN=\\ff",
        "=a",
        "C N=a",
        "CN=a\0",
        "CN=#3080",
        "\u{e7}=a",
    ] {
        assert_eq!(DistinguishedName::parse(bad).err(), Some(DnFault::Malformed), "{bad:?}");
    }
    for unknown in ["FOO=a", "2=a", "2.5.4.=a", "2.05.4=a", "oid.CN=a", "2..5=a"] {
        assert_eq!(DistinguishedName::parse(unknown).err(), Some(DnFault::UnknownAttribute), "{unknown}");
    }
    for longest in [format!("CN={}", "a".repeat(4_093)), ["C=BR"; 32].join(","), ["C=BR"; 8].join("+")] {
        assert!(DistinguishedName::parse(&longest).is_ok());
    }
    let deep = ["C=BR"; 33].join(",");
    let wide = ["C=BR"; 9].join("+");
    for long in [format!("CN={}", "a".repeat(4_094)), deep, wide] {
        assert_eq!(DistinguishedName::parse(&long).err(), Some(DnFault::TooLong));
    }
    assert_eq!(DistinguishedName::of_certificate("CN=a").err(), Some(DnFault::Certificate));
    let empty = CertificateParams::default();
    let mut nobody = empty.clone();
    nobody.distinguished_name = RcgenName::new();
    let pem = nobody.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    assert_eq!(DistinguishedName::of_certificate(&pem).err(), Some(DnFault::Malformed));
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9 ,+\"\\\\<>;=#\\x00-\\x1f]{0,12}", "\\PC{0,8}"]
}

fn kind() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["CN", "uid", "2.5.4.97", "serialNumber", "OID.2.5.4.15", "OU", "1.2.3.4"])
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}", pieces in "[CN=#0-9a-f+,\\\\ .]{0,40}") {
        let _ = DistinguishedName::parse(&text);
        let _ = DistinguishedName::parse(&pieces);
    }

    #[test]
    fn what_is_written_is_read_as_the_same_name(
        parts in prop::collection::vec(prop::collection::vec((kind(), value()), 1..4), 1..6)
    ) {
        let mut rdns = Vec::new();
        for attributes in parts {
            let mut rdn = Rdn::default();
            for (kind, text) in attributes {
                rdn.add(AttributeType::parse(kind).unwrap(), Value::of_text(text)).unwrap();
            }
            rdns.push(rdn);
        }
        let original = DistinguishedName(rdns);
        let text = original.to_string();
        let read = DistinguishedName::parse(&text).unwrap();
        prop_assert!(read.matches(&original), "{text}");
        prop_assert_eq!(read.to_string(), text);
    }
}
