//! BR Code: the text of a Pix QR code (EMV merchant-presented mode, with the Central Bank's template).
//!
//! It is read once from left to right: objects of two digits of id, two of length and that many characters, templates 26 to 51 and 62
//! with objects inside, and the checksum at the end. Nothing is guessed: what could be read in two ways is refused.

use ponte_values::Amount;

/// Longest code, in characters, as both files have it.
const LONGEST: usize = 512;

/// The scheme's name in its template, in any case (PB-A02).
const PIX: &str = "br.gov.bcb.pix";

/// The number of the real in ISO 4217.
const REAL: &str = "986";

/// A txid that stands for none.
const NO_TXID: &str = "***";

/// A code of Pix that says what it says, with a checksum that is right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BrCode<'a> {
    /// Where the money goes, or where that is written.
    pub target: Target<'a>,
    /// Amount, of a static code alone; `None` if the payer chooses, for which some write zero (PB-D03).
    pub amount: Option<Amount>,
    /// txid; `None` if there is none, or `***`.
    pub txid: Option<&'a str>,
}

/// Where the money goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target<'a> {
    /// A static code: the creditor's key.
    Key(&'a str),
    /// A dynamic code: the address of its charge, without `https://`.
    Charge(&'a str),
}

/// The reason why a text is no BR Code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BrCodeFault {
    /// More than 512 characters.
    TooLong,
    /// Not the objects that it must have, or the same one twice.
    Form,
    /// The checksum is not that of the text.
    Checksum,
    /// Not of Pix, or of two targets.
    NotPix,
    /// An amount that is none, or a currency that is not the real.
    Amount,
}

impl<'a> BrCode<'a> {
    /// Reads a code.
    ///
    /// # Errors
    /// The first fault from left to right; a wrong checksum before all others but the length.
    pub fn read(text: &'a str) -> Result<Self, BrCodeFault> {
        if text.chars().count() > LONGEST {
            return Err(BrCodeFault::TooLong);
        }
        let body = checked(text)?;
        let mut found = Found::default();
        let mut rest = body;
        while !rest.is_empty() {
            let (id, value);
            (id, value, rest) = object(rest)?;
            found.take(id, value)?;
        }
        found.finish()
    }

    /// Whether the address is that of a charge with a due date (COBV), whose path says so.
    #[must_use]
    pub fn is_due_charge(&self) -> bool {
        matches!(self.target, Target::Charge(url) if url.split('/').any(|part| part.eq_ignore_ascii_case("cobv")))
    }
}

/// What was read so far.
#[derive(Default)]
struct Found<'a> {
    seen: u128,
    target: Option<Target<'a>>,
    amount: Option<&'a str>,
    txid: Option<&'a str>,
}

impl<'a> Found<'a> {
    fn take(&mut self, id: u8, value: &'a str) -> Result<(), BrCodeFault> {
        let first = self.seen == 0;
        once(&mut self.seen, id)?;
        if first != (id == 0) {
            return Err(BrCodeFault::Form);
        }
        match id {
            0 => must(value == "01", BrCodeFault::Form),
            1 => must(matches!(value, "11" | "12"), BrCodeFault::Form),
            26..=51 => self.take_template(value),
            52 => must(value.len() == 4 && digits(value), BrCodeFault::Form),
            53 => must(value == REAL, BrCodeFault::Amount),
            54 => {
                self.amount = Some(value);
                Ok(())
            }
            58 => must(value == "BR", BrCodeFault::Form),
            62 => {
                self.txid = inner(value, 5)?.filter(|txid| *txid != NO_TXID);
                Ok(())
            }
            63 => Err(BrCodeFault::Form),
            _ => Ok(()),
        }
    }

    /// A template of a scheme: of Pix, or of another that is none of ours.
    fn take_template(&mut self, template: &'a str) -> Result<(), BrCodeFault> {
        if !inner(template, 0)?.is_some_and(|scheme| scheme.eq_ignore_ascii_case(PIX)) {
            return Ok(());
        }
        let target = match (inner(template, 1)?, inner(template, 25)?) {
            (Some(key), None) => Target::Key(key),
            (None, Some(url)) => Target::Charge(url),
            _ => return Err(BrCodeFault::NotPix),
        };
        must(self.target.is_none(), BrCodeFault::NotPix)?;
        self.target = Some(target);
        Ok(())
    }

    fn finish(self) -> Result<BrCode<'a>, BrCodeFault> {
        let required = [0, 52, 53, 58, 59, 60];
        must(required.iter().all(|id| self.seen & (1_u128 << id) != 0), BrCodeFault::Form)?;
        let target = self.target.ok_or(BrCodeFault::NotPix)?;
        let amount = self.amount.map(amount).transpose()?;
        let amount = match target {
            Target::Key(_) => amount.filter(|amount| amount.cents() > 0),
            // The charge says it, whatever the code says.
            Target::Charge(_) => None,
        };
        Ok(BrCode { target, amount, txid: self.txid })
    }
}

fn must(holds: bool, fault: BrCodeFault) -> Result<(), BrCodeFault> {
    if holds { Ok(()) } else { Err(fault) }
}

/// Notes an id, which comes once.
fn once(seen: &mut u128, id: u8) -> Result<(), BrCodeFault> {
    let bit = 1_u128 << id;
    must(*seen & bit == 0, BrCodeFault::Form)?;
    *seen |= bit;
    Ok(())
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first object of a text: its id, its value, and what comes after it. A length counts characters.
fn object(text: &str) -> Result<(u8, &str, &str), BrCodeFault> {
    let (id, text) = two_digits(text)?;
    let (length, text) = two_digits(text)?;
    let mut starts = text.char_indices().map(|(start, _)| start).chain([text.len()]);
    let end = starts.nth(usize::from(length)).filter(|_| length > 0).ok_or(BrCodeFault::Form)?;
    let (value, rest) = text.split_at(end);
    Ok((id, value, rest))
}

/// The number of the first two digits, and what comes after them.
fn two_digits(text: &str) -> Result<(u8, &str), BrCodeFault> {
    let (two, rest) = text.split_at_checked(2).filter(|(two, _)| digits(two)).ok_or(BrCodeFault::Form)?;
    two.parse().map(|number| (number, rest)).map_err(|_| BrCodeFault::Form)
}

/// The object `wanted` of a template, all of which must be objects, each id once.
fn inner(template: &str, wanted: u8) -> Result<Option<&str>, BrCodeFault> {
    let (mut seen, mut found, mut rest) = (0, None, template);
    while !rest.is_empty() {
        let (id, value);
        (id, value, rest) = object(rest)?;
        once(&mut seen, id)?;
        if id == wanted {
            found = Some(value);
        }
    }
    Ok(found)
}

/// All before the checksum, which is the last object: four hexadecimal digits, zeros in front included (PB-A01).
fn checked(text: &str) -> Result<&str, BrCodeFault> {
    let start = text.len().checked_sub(8).ok_or(BrCodeFault::Form)?;
    let (body, end) = text.split_at_checked(start).ok_or(BrCodeFault::Form)?;
    let printed = end.strip_prefix("6304").ok_or(BrCodeFault::Form)?;
    must(printed.bytes().all(|byte| byte.is_ascii_hexdigit()), BrCodeFault::Checksum)?;
    let printed = u16::from_str_radix(printed, 16).map_err(|_| BrCodeFault::Checksum)?;
    must(printed == checksum(&text.as_bytes()[..start + 4]), BrCodeFault::Checksum)?;
    Ok(body)
}

/// CRC-16 of polynomial 1021 from FFFF, nothing reflected.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

/// `10`, `10.`, `10.0` and `10.00` are the same (PB-A03); a fraction of a cent is none.
fn amount(text: &str) -> Result<Amount, BrCodeFault> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
    must(text.len() <= 13 && cents.len() <= 2, BrCodeFault::Amount)?;
    Amount::parse(&format!("{whole}.{cents:0<2}")).map_err(|_| BrCodeFault::Amount)
}

#[cfg(test)]
pub(crate) mod tests;
