//! gzip (RFC 1952): bodies that come compressed, inflated piece by piece up to a limit, and bodies that go compressed.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

/// Bytes that are inflated at a time.
const PIECE: usize = 8 * 1024;
/// Longest header of a member: names and comments in it are of no use here.
const LONGEST_HEADER: usize = 1024;
/// Checksum and length at the end of a member.
const TRAILER: usize = 8;
/// Fast, and a fifth of JSON is left.
const LEVEL: u8 = 3;

const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
const CHECKSUM: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;

/// Why a compressed body is of no use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GzipFault {
    /// It inflates to more than the limit.
    TooLarge,
    /// It is not gzip, is damaged, or ends too early.
    Damaged,
}

/// Where the next byte belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Header,
    Data,
    Trailer,
}

/// A body on its way: members one after another, each with header, data and trailer.
pub(crate) struct Inflating {
    part: Part,
    /// What has come of a header or a trailer.
    held: Vec<u8>,
    state: Box<InflateState>,
    checksum: u32,
    length: u32,
    members: u32,
}

impl Inflating {
    pub(crate) fn new() -> Self {
        Self {
            part: Part::Header,
            held: Vec::new(),
            state: InflateState::new_boxed(DataFormat::Raw),
            checksum: 0,
            length: 0,
            members: 0,
        }
    }

    /// Inflates the next bytes behind those in `body`, which never grows above `limit`.
    pub(crate) fn push(
        &mut self,
        mut input: &[u8],
        body: &mut Vec<u8>,
        limit: usize,
    ) -> Result<(), GzipFault> {
        while !input.is_empty() {
            input = match self.part {
                Part::Header => self.header(input)?,
                Part::Data => self.data(input, body, limit)?,
                Part::Trailer => self.trailer(input)?,
            };
        }
        Ok(())
    }

    /// Whether the body is whole.
    pub(crate) fn end(&self) -> Result<(), GzipFault> {
        let whole = self.members > 0 && self.part == Part::Header && self.held.is_empty();
        if whole { Ok(()) } else { Err(GzipFault::Damaged) }
    }

    fn header<'i>(&mut self, input: &'i [u8]) -> Result<&'i [u8], GzipFault> {
        let had = self.held.len();
        let room = LONGEST_HEADER.saturating_sub(had).min(input.len());
        self.held.extend_from_slice(&input[..room]);
        match header_length(&self.held)? {
            Some(length) => {
                (self.part, self.checksum, self.length) = (Part::Data, 0, 0);
                self.held.clear();
                Ok(&input[length - had..])
            }
            None if self.held.len() < LONGEST_HEADER => Ok(&[]),
            None => Err(GzipFault::Damaged),
        }
    }

    fn data<'i>(
        &mut self,
        mut input: &'i [u8],
        body: &mut Vec<u8>,
        limit: usize,
    ) -> Result<&'i [u8], GzipFault> {
        let mut piece = [0; PIECE];
        loop {
            let step = inflate(&mut self.state, input, &mut piece, MZFlush::None);
            input = &input[step.bytes_consumed..];
            let written = &piece[..step.bytes_written];
            if written.len() > limit.saturating_sub(body.len()) {
                return Err(GzipFault::TooLarge);
            }
            body.extend_from_slice(written);
            self.checksum = checksum(self.checksum, written);
            // The trailer has the length modulo 2^32; a limit is far below.
            self.length = self.length.wrapping_add(u32::try_from(written.len()).unwrap_or(u32::MAX));
            match step.status {
                Ok(MZStatus::StreamEnd) => {
                    self.part = Part::Trailer;
                    return Ok(input);
                }
                Ok(_) if step.bytes_consumed > 0 || step.bytes_written > 0 => {}
                // Nothing is left to be done before more comes.
                Ok(_) | Err(MZError::Buf) if input.is_empty() => return Ok(input),
                Ok(_) | Err(_) => return Err(GzipFault::Damaged),
            }
        }
    }

    fn trailer<'i>(&mut self, input: &'i [u8]) -> Result<&'i [u8], GzipFault> {
        let (these, rest) = input.split_at(input.len().min(TRAILER - self.held.len()));
        self.held.extend_from_slice(these);
        if self.held.len() == TRAILER {
            let wanted = [self.checksum.to_le_bytes(), self.length.to_le_bytes()].concat();
            if self.held != wanted {
                return Err(GzipFault::Damaged);
            }
            self.held.clear();
            self.members += 1;
            self.part = Part::Header;
            self.state.reset(DataFormat::Raw);
        }
        Ok(rest)
    }
}

/// How long the header is that begins here; `None` if its end has not come.
fn header_length(bytes: &[u8]) -> Result<Option<usize>, GzipFault> {
    let known = bytes.len().min(MAGIC.len());
    if bytes[..known] != MAGIC[..known] {
        return Err(GzipFault::Damaged);
    }
    let Some(flags) = bytes.get(3).copied() else { return Ok(None) };
    let mut length = 10;
    if flags & EXTRA != 0 {
        let Some([low, high]) = bytes.get(length..length + 2) else { return Ok(None) };
        length += 2 + usize::from(u16::from_le_bytes([*low, *high]));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let rest = bytes.get(length..).unwrap_or_default();
            let Some(end) = rest.iter().position(|byte| *byte == 0) else { return Ok(None) };
            length += end + 1;
        }
    }
    if flags & CHECKSUM != 0 {
        length += 2;
    }
    Ok((bytes.len() >= length).then_some(length))
}

/// A body as one member of gzip.
#[must_use]
pub fn compressed(body: &[u8]) -> Vec<u8> {
    let data = compress_to_vec(body, LEVEL);
    let mut member = Vec::with_capacity(data.len() + 18);
    member.extend_from_slice(&MAGIC);
    // No flags, no time, nothing about the compression, no operating system.
    member.extend_from_slice(&[0, 0, 0, 0, 0, 0, 255]);
    member.extend_from_slice(&data);
    member.extend_from_slice(&checksum(0, body).to_le_bytes());
    let length = u32::try_from(body.len() & 0xffff_ffff).unwrap_or_default();
    member.extend_from_slice(&length.to_le_bytes());
    member
}

/// CRC-32 of some bytes behind others whose CRC-32 is known.
fn checksum(known: u32, bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!known, |sum, byte| (sum >> 8) ^ TABLE[usize::from(sum.to_le_bytes()[0] ^ byte)])
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let (mut at, mut byte) = (0, 0);
    while at < 256 {
        let (mut sum, mut bit) = (byte, 0);
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
            bit += 1;
        }
        table[at] = sum;
        at += 1;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// "ponte\n" by `gzip -n`, and the same with a name, by `gzip -N`.
    const PONTE: &[u8] =
        &[31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 43, 200, 207, 43, 73, 229, 2, 0, 190, 122, 220, 209, 6, 0, 0, 0];

    fn inflated(bytes: &[u8], step: usize, limit: usize) -> Result<Vec<u8>, GzipFault> {
        let (mut inflating, mut body) = (Inflating::new(), Vec::new());
        for piece in bytes.chunks(step) {
            inflating.push(piece, &mut body, limit)?;
        }
        inflating.end()?;
        Ok(body)
    }

    /// JSON as a layer writes it.
    fn records(count: usize) -> Vec<u8> {
        let record = |number| format!(r#"{{"transactionId":"{number:016x}","amount":"{}.00"}},"#, number * 7);
        (0..count).map(record).collect::<String>().into_bytes()
    }

    #[test]
    fn what_another_program_compressed_is_read() {
        assert_eq!(inflated(PONTE, 7, 6).unwrap(), b"ponte\n");
        let mut named = PONTE.to_vec();
        named[3] = NAME | COMMENT | EXTRA | CHECKSUM;
        named.splice(10..10, *b"\x03\0abcponte.txt\0words\0\x01\x02");
        assert_eq!(inflated(&named, 1, 6).unwrap(), b"ponte\n");
    }

    #[test]
    fn a_body_comes_back_as_it_went_however_it_is_cut() {
        for count in [0, 1, 200, 20_000] {
            let body = records(count);
            let sent = compressed(&body);
            assert!(count < 200 || sent.len() * 4 < body.len(), "{} of {}", sent.len(), body.len());
            for step in [1, 13, 4_096, sent.len()] {
                assert_eq!(inflated(&sent, step, body.len()).unwrap(), body, "{count} by {step}");
            }
            let twice = [sent.clone(), sent].concat();
            assert_eq!(inflated(&twice, 1_000, 2 * body.len()).unwrap(), body.repeat(2), "two members");
        }
    }

    #[test]
    fn a_bomb_goes_off_at_the_limit() {
        let bomb = compressed(&vec![b' '; 50_000_000]);
        assert!(bomb.len() < 300_000, "{}", bomb.len());
        let (mut inflating, mut body) = (Inflating::new(), Vec::new());
        let fault = bomb.chunks(16_384).find_map(|piece| inflating.push(piece, &mut body, 100_000).err());
        assert_eq!(fault, Some(GzipFault::TooLarge));
        assert!(body.len() <= 100_000 && body.capacity() <= 200_000);
    }

    #[test]
    fn what_is_damaged_is_no_body() {
        let sent = compressed(&records(50));
        for end in [0, 1, 9, 10, 11, sent.len() / 2, sent.len() - 8, sent.len() - 1] {
            assert_eq!(inflated(&sent[..end], 100, 100_000), Err(GzipFault::Damaged), "{end}");
        }
        for at in [0, 1, 2, sent.len() / 2, sent.len() - 8, sent.len() - 1] {
            let mut bad = sent.clone();
            bad[at] ^= 0x55;
            assert!(inflated(&bad, 100, 100_000).is_err(), "{at}");
        }
        assert!(inflated(&[&sent[..], b"more"].concat(), 100, 100_000).is_err());
        let endless_name = [&MAGIC[..], &[NAME], &[b'a'; 5_000]].concat();
        assert_eq!(inflated(&endless_name, 100, 100_000), Err(GzipFault::Damaged));
        assert_eq!(inflated(br#"{"data":[]}"#, 100, 100_000), Err(GzipFault::Damaged));
    }
}
