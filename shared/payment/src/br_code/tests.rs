//! Codes as the cases have them, made codes read back, and spoiled ones.

use proptest::prelude::*;

use super::*;

pub(crate) const KEY: &str = "cea24d72-0b41-5f88-97fc-6115dcd3db3a";
const A01: &str = "00020126580014br.gov.bcb.pix0136cea24d72-0b41-5f88-97fc-6115dcd3db3a520400005303986540510.005802BR5912LOJA EXEMPLO6008BRASILIA62140510PEDIDO018563040C00";

fn tlv(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.chars().count())
}

/// A code of these objects with its checksum.
fn sealed(body: &str) -> String {
    let body = format!("{body}6304");
    let crc = checksum(body.as_bytes());
    format!("{body}{crc:04X}")
}

fn code(template: &str, amount: Option<&str>, txid: &str) -> String {
    let amount = amount.map(|amount| tlv("54", amount)).unwrap_or_default();
    let reference = tlv("62", &tlv("05", txid));
    sealed(&format!(
        "000201{}520400005303986{amount}5802BR5912LOJA EXEMPLO6008BRASILIA{reference}",
        tlv("26", template)
    ))
}

/// A code whose checksum is made right again.
pub(crate) fn resealed(code: &str) -> String {
    sealed(&code[..code.len() - 8])
}

/// A static code.
pub(crate) fn fixed(key: &str, amount: Option<&str>, txid: &str) -> String {
    code(&format!("{}{}", tlv("00", PIX), tlv("01", key)), amount, txid)
}

/// A dynamic code.
pub(crate) fn dynamic(url: &str) -> String {
    code(&format!("{}{}", tlv("00", PIX), tlv("25", url)), None, NO_TXID)
}

#[test]
fn pb_a01_a_checksum_keeps_its_zeros() {
    let read = BrCode::read(A01).unwrap();
    assert_eq!(read.target, Target::Key(KEY));
    assert_eq!((read.amount, read.txid), (Some(Amount::from_cents(1_000)), Some("PEDIDO0185")));
    let cut = A01.strip_suffix("63040C00").unwrap();
    assert_eq!(BrCode::read(&format!("{cut}6304C00")), Err(BrCodeFault::Form));
    assert_eq!(BrCode::read(&format!("{cut}6303C00")), Err(BrCodeFault::Form));
    assert!(BrCode::read(&format!("{cut}63040c00")).is_ok(), "a hexadecimal digit is one in any case");
    for wrong in ["63040C01", "6304+C00", "6304 C00"] {
        assert_eq!(BrCode::read(&format!("{cut}{wrong}")), Err(BrCodeFault::Checksum), "{wrong}");
    }
}

#[test]
fn pb_a02_the_name_of_the_scheme_is_read_in_any_case() {
    for (scheme, crc) in [("BR.GOV.BCB.PIX", "EB91"), ("br.gov.bcb.pix", "021F"), ("Br.Gov.Bcb.Pix", "501D")]
    {
        let text = code(&format!("{}{}", tlv("00", scheme), tlv("01", KEY)), Some("10.00"), "***");
        assert!(text.ends_with(crc), "{text}");
        let read = BrCode::read(&text).unwrap();
        assert_eq!((read.target, read.txid), (Target::Key(KEY), None));
    }
}

#[test]
fn pb_a03_amounts_without_cents_are_whole() {
    for (text, crc, cents) in
        [("10", "0052", 1_000), ("10.", "F928", 1_000), ("10.0", "5E71", 1_000), ("198", "E4F4", 19_800)]
    {
        let code = fixed(KEY, Some(text), "***");
        assert!(code.ends_with(crc), "{code}");
        assert_eq!(BrCode::read(&code).unwrap().amount, Some(Amount::from_cents(cents)), "{text}");
    }
    for wrong in ["10.000", ".5", ".", "1,00", "1e2", "-1.00", "12345678901.000", "1.0.0"] {
        assert_eq!(BrCode::read(&fixed(KEY, Some(wrong), "***")), Err(BrCodeFault::Amount), "{wrong}");
    }
}

#[test]
fn pb_d03_zero_leaves_the_amount_open() {
    let code = fixed(KEY, Some("0.00"), "***");
    assert!(code.ends_with("79CD"), "{code}");
    assert_eq!(BrCode::read(&code).unwrap().amount, None);
}

#[test]
fn p50_static_and_dynamic_codes_are_told_apart() {
    let due = dynamic("pix.example.com/qr/v2/cobv/9d36b84fc70b478fb95c12729b90ca25");
    let read = BrCode::read(&due).unwrap();
    assert!(matches!(read.target, Target::Charge(_)) && read.is_due_charge());
    let now = dynamic("pix.example.com/qr/v2/9d36b84fc70b478fb95c12729b90ca25");
    assert!(!BrCode::read(&now).unwrap().is_due_charge());
    assert!(!BrCode::read(A01).unwrap().is_due_charge());
}

#[test]
fn p50_what_could_be_read_in_two_ways_is_no_code() {
    let pix = tlv("00", PIX);
    let key = tlv("01", KEY);
    let tail = "5204000053039865802BR5912LOJA EXEMPLO6008BRASILIA62070503***";
    let one = tlv("26", &format!("{pix}{key}"));
    let two = tlv("27", &format!("{pix}{key}"));
    let both = tlv("26", &format!("{pix}{}{}", tlv("01", "a"), tlv("25", "b")));
    let neither = tlv("26", &pix);
    let twice = tlv("26", &format!("{pix}{}{}", tlv("01", "a"), tlv("01", "b")));
    let other = tlv("26", &tlv("00", "com.example"));
    for (head, fault) in [
        (format!("000201{one}"), None),
        (format!("000201{other}{two}"), None),
        (format!("000201010212{one}"), None),
        (format!("000201{one}{two}"), Some(BrCodeFault::NotPix)),
        (format!("000201{both}"), Some(BrCodeFault::NotPix)),
        (format!("000201{neither}"), Some(BrCodeFault::NotPix)),
        (format!("000201{other}"), Some(BrCodeFault::NotPix)),
        (format!("000201{twice}"), Some(BrCodeFault::Form)),
        (format!("000201{one}{one}"), Some(BrCodeFault::Form)),
        (one.clone(), Some(BrCodeFault::Form)),
        (format!("{one}000201"), Some(BrCodeFault::Form)),
        (format!("000202{one}"), Some(BrCodeFault::Form)),
        (format!("000201010213{one}"), Some(BrCodeFault::Form)),
        (format!("0002012600{one}"), Some(BrCodeFault::Form)),
        (format!("000201{one}6304ABCD"), Some(BrCodeFault::Form)),
    ] {
        let read = BrCode::read(&sealed(&format!("{head}{tail}"))).err();
        assert_eq!(read, fault, "{head}");
    }
    for (spoiled, fault) in [
        (tail.replace("5303986", "5303840"), BrCodeFault::Amount),
        (tail.replace("5802BR", "5802AR"), BrCodeFault::Form),
        (tail.replace("5802BR", ""), BrCodeFault::Form),
        (tail.replace("52040000", ""), BrCodeFault::Form),
        (tail.replace("52040000", "5204000A"), BrCodeFault::Form),
        (tail.replace("5912LOJA EXEMPLO", ""), BrCodeFault::Form),
        (tail.replace("6008BRASILIA", ""), BrCodeFault::Form),
        (tail.replace("0503***", "0504***"), BrCodeFault::Form),
    ] {
        assert_eq!(BrCode::read(&sealed(&format!("000201{one}{spoiled}"))), Err(fault), "{spoiled}");
    }
}

#[test]
fn p50_a_code_has_512_characters_at_most_and_a_length_counts_characters() {
    let name = "LOJA SÃO JOÃO";
    let filler = |more: usize| {
        let mut body =
            format!("000201{}520400005303986", tlv("26", &format!("{}{}", tlv("00", PIX), tlv("01", KEY))));
        body += "5802BR";
        body += &tlv("59", name);
        body += "6008BRASILIA";
        for id in ["80", "81", "82"] {
            body += &tlv(id, &"x".repeat(99));
        }
        let left = LONGEST + more - 8 - 4 - body.chars().count();
        body += &tlv("83", &"x".repeat(left));
        sealed(&body)
    };
    assert!(BrCode::read(&filler(0)).is_ok());
    assert_eq!(BrCode::read(&filler(1)), Err(BrCodeFault::TooLong));
    let mut long = "0".repeat(1_000_000);
    assert_eq!(BrCode::read(&long), Err(BrCodeFault::TooLong));
    long.truncate(7);
    assert_eq!(BrCode::read(&long), Err(BrCodeFault::Form));
    assert_eq!(BrCode::read(""), Err(BrCodeFault::Form));
}

#[test]
fn p50_a_character_that_changes_is_noticed_at_every_place() {
    let mut spoiled = 0;
    for (place, was) in A01.char_indices() {
        for now in ['0', '9', 'A', 'f', ' ', 'é'] {
            if now.eq_ignore_ascii_case(&was) {
                continue;
            }
            let text = format!("{}{now}{}", &A01[..place], &A01[place + 1..]);
            assert!(BrCode::read(&text).is_err(), "{text}");
            spoiled += 1;
        }
    }
    assert!(spoiled > 800);
}

proptest! {
    #[test]
    fn p50_a_code_says_what_it_was_made_of(
        key in "[a-z0-9@.+-]{1,77}",
        cents in 1_u64..=99_999_999,
        txid in "[a-zA-Z0-9]{1,25}",
    ) {
        prop_assume!(key.len() + PIX.len() + 8 <= 99);
        let amount = Amount::from_cents(cents);
        let code = fixed(&key, Some(&amount.to_string()), &txid);
        let read = BrCode { target: Target::Key(&key), amount: Some(amount), txid: Some(&txid) };
        prop_assert_eq!(BrCode::read(&code), Ok(read));
    }

    #[test]
    fn p50_no_text_makes_the_reader_fall(text in "\\PC{0,200}") {
        // With its checksum made right the reader goes as deep as it can.
        prop_assert!(BrCode::read(&text).is_err());
        prop_assert!(BrCode::read(&sealed(&text)).is_err());
    }

    #[test]
    fn p50_a_mutated_code_is_read_or_refused_and_nothing_else(
        places in prop::collection::vec((0_usize..200, any::<char>(), 0_u8..3), 1..6),
    ) {
        let mut text: Vec<char> = A01[..A01.len() - 8].chars().collect();
        for (place, letter, what) in places {
            let place = place % text.len();
            match what {
                0 => text[place] = letter,
                1 => text.insert(place, letter),
                _ => drop(text.remove(place)),
            }
        }
        let text = sealed(&text.into_iter().collect::<String>());
        if let Ok(read) = BrCode::read(&text) {
            let inside = match read.target {
                Target::Key(part) | Target::Charge(part) => part,
            };
            prop_assert!(text.contains(inside));
        }
    }
}
