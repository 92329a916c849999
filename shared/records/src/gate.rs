//! The gate: holds `data` to its table while it is read, and writes what may leave.
//!
//! There is no tree, and nothing is allocated per record as long as it is what the table says.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::field::{Field, Kind, List, Object, Schema};
use crate::finding::{Findings, Rule};
use crate::ids::{Ids, IsOwn, LEGACY_ID, NotAKey};
use crate::judge;
use crate::path::Path;
use crate::runs::Runs;
use crate::scan::Scanner;
use crate::unreadable::Unreadable;

/// The reading of one `data`.
pub(crate) struct Gate<'s, 'a, 'i> {
    scan: &'s mut Scanner<'a>,
    runs: Runs<'a>,
    ids: Ids<'i>,
    is_own: IsOwn<'i>,
    /// Whether the product that is read is one that may be read.
    product: Listed,
    /// Where among the products the next one of the list probably stands.
    next_product: usize,
    left_out: u64,
    findings: Findings,
}

/// What is known of a record of a list of products.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    /// It named none.
    Unnamed,
    /// It is under the consent.
    Shared,
    /// It is not.
    Unknown,
}

/// What an object is to the ids; a number is the place of the id's property in the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Nothing.
    Plain,
    /// A product, whose public id only we write.
    Product(Option<usize>),
    /// A record with an id of the institution.
    Identified(Option<usize>),
}

/// The names of an object that were read.
#[derive(Default)]
struct Names<'a> {
    /// Those of the table, a bit each.
    known: u64,
    legacy_id: bool,
    /// The others; there are none in an answer that keeps to its file.
    unknown: Option<HashSet<Cow<'a, str>>>,
}

/// A name: its place in the table, or itself.
enum Name<'a> {
    Known(usize),
    LegacyId,
    Unknown(Cow<'a, str>),
}

/// An object of the table, and what is known of those that were read of it: institutions write the records of a list alike.
struct Reading<'t> {
    fields: &'t [Field],
    /// Those that must be there, a bit each.
    required: u64,
    /// By the place of a name, that of the one which followed it last; first of all, that of the first.
    after: [u8; PLACES],
    /// Where in `after` the next one stands.
    next: usize,
}

/// Names that an object may have, the key of a product included, and the place before them all.
const PLACES: usize = 66;
/// The place of the key of a product.
const LEGACY_PLACE: usize = 64;
/// The names as the file has them, one after the other.
const ORDER_OF_FILE: [u8; PLACES] = {
    let (mut order, mut place) = ([0; PLACES], 0_u8);
    let mut rest: &mut [u8] = &mut order;
    while let [first, others @ ..] = rest {
        *first = place;
        place += 1;
        rest = others;
    }
    order
};

impl<'t> Reading<'t> {
    fn of(object: &'t Object) -> Self {
        let required =
            object.fields.iter().rev().fold(0, |bits, field| bits << 1 | u64::from(field.required));
        Self { fields: object.fields, required, after: ORDER_OF_FILE, next: 0 }
    }

    /// The place of the name that may be next.
    fn guess(&self) -> usize {
        usize::from(self.after[self.next])
    }

    /// The name of this place was read.
    fn read(&mut self, place: usize) {
        // There are fewer places than a byte has values.
        self.after[self.next] = u8::try_from(place).unwrap_or(u8::MAX);
        self.next = place + 1;
    }
}

impl<'s, 'a, 'i> Gate<'s, 'a, 'i> {
    /// A reading of `text` from `start` on.
    pub(crate) fn new(
        scan: &'s mut Scanner<'a>,
        text: &'a str,
        start: usize,
        (ids, is_own): (Ids<'i>, IsOwn<'i>),
    ) -> Self {
        let (runs, findings) = (Runs::new(text, start), Findings::default());
        Self { scan, runs, ids, is_own, product: Listed::Unnamed, next_product: 0, left_out: 0, findings }
    }

    /// Reads `data`, whose type was looked at: how many records there were, if it is a list.
    pub(crate) fn data(&mut self, schema: &Schema) -> Result<u64, Unreadable> {
        match schema {
            Kind::List(list) => self.list(list, &Path::DATA, self.role(list)).map(u64::from),
            kind => self.value(kind, false, &Path::DATA).map(|_| 0),
        }
    }

    /// What leaves of it, how many records were left out, and what was found.
    pub(crate) fn finish(self) -> (String, u64, Findings) {
        (self.runs.finish(self.scan.at()), self.left_out, self.findings)
    }

    /// What the records of the outermost list are to the ids.
    fn role(&self, list: &List) -> Role {
        let Kind::Object(object) = list.item else { return Role::Plain };
        let place = |name: &str| object.fields.iter().position(|field| field.name == name);
        match self.ids {
            Ids::None { .. } => Role::Plain,
            Ids::Products { name, .. } => Role::Product(place(name)),
            Ids::Records { name, .. } => Role::Identified(place(name)),
        }
    }

    /// Reads a value: whether it may leave. One that is no object or list may, whatever is wrong with it; an object or list
    /// in its place holds what no file knows.
    fn value(&mut self, kind: &Kind, nullable: bool, path: &Path<'_>) -> Result<bool, Unreadable> {
        let broken = match (kind, self.scan.peek()) {
            (Kind::Object(object), b'{') => {
                return self.object(&mut Reading::of(object), path, Role::Plain).map(|()| true);
            }
            (Kind::List(list), b'[') => return self.list(list, path, Role::Plain).map(|_| true),
            (Kind::Text(bounds), b'"') => judge::text(&self.scan.string()?.text(), *bounds),
            (Kind::OneOf(known), b'"') => judge::word(&self.scan.string()?.text(), known),
            (Kind::Date, b'"') => judge::date(&self.scan.string()?.text()),
            (Kind::Moment(precision), b'"') => judge::moment(&self.scan.string()?.text(), *precision),
            (Kind::Number(bounds), b'-' | b'0'..=b'9') => judge::number(self.scan.number()?, *bounds),
            (Kind::Boolean, b't' | b'f') => self.scan.skip().map(|()| None)?,
            (_, b'n') => self.scan.word("null").map(|()| (!nullable).then_some(Rule::Null))?,
            (_, first) => {
                self.scan.skip()?;
                self.findings.note(path, Rule::Type);
                return Ok(!matches!(first, b'{' | b'['));
            }
        };
        if let Some(rule) = broken {
            self.findings.note(path, rule);
        }
        Ok(true)
    }

    fn list(&mut self, list: &List, path: &Path<'_>, role: Role) -> Result<u32, Unreadable> {
        let item = path.item();
        let mut reading = match list.item {
            Kind::Object(object) => Some(Reading::of(object)),
            _ => None,
        };
        let items = self.members(b'[', |gate, from| match (&mut reading, role, gate.scan.peek()) {
            (Some(reading), Role::Product(_), _) => gate.product(reading, &item, role, from),
            (Some(reading), _, b'{') => gate.object(reading, &item, role).map(|()| true),
            _ => gate.value(&list.item, false, &item),
        })?;
        if !(list.least..=list.most).contains(&items) {
            self.findings.note(path, Rule::Items);
        }
        Ok(items)
    }

    /// Reads a record of a list of products, which begins at `from` with its comma: whether it leaves.
    fn product(
        &mut self,
        reading: &mut Reading<'_>,
        path: &Path<'_>,
        role: Role,
        from: usize,
    ) -> Result<bool, Unreadable> {
        let mark = self.runs.mark(from);
        self.findings.begin();
        self.product = Listed::Unnamed;
        if self.scan.peek() == b'{' {
            self.object(reading, path, role)?;
        } else {
            self.scan.skip()?;
            self.findings.note(path, Rule::Type);
        }
        if self.product == Listed::Shared {
            return Ok(true);
        }
        if self.product == Listed::Unknown {
            // Nobody gets it, so nobody minds what is wrong with it, but that it was sent.
            self.findings.take_back();
            self.findings.note(path, Rule::Foreign);
        }
        self.left_out += 1;
        self.runs.go_back(mark);
        Ok(false)
    }

    fn object(&mut self, reading: &mut Reading<'_>, path: &Path<'_>, role: Role) -> Result<(), Unreadable> {
        let mut names = Names::default();
        reading.next = 0;
        self.members(b'{', |gate, _| gate.property(reading, path, role, &mut names))?;
        if let Role::Product(id) = role {
            names.known |= id.map_or(0, |id| 1 << id);
            if !names.legacy_id {
                self.findings.note(&path.property(LEGACY_ID), Rule::Missing);
            }
        }
        let missing = reading.required & !names.known;
        if missing != 0 {
            let fields = reading.fields.iter().enumerate().filter(|(place, _)| missing >> place & 1 == 1);
            fields.for_each(|(_, field)| self.findings.note(&path.property(field.name), Rule::Missing));
        }
        Ok(())
    }

    /// Reads a property: whether it leaves.
    fn property(
        &mut self,
        reading: &mut Reading<'_>,
        path: &Path<'_>,
        role: Role,
        names: &mut Names<'a>,
    ) -> Result<bool, Unreadable> {
        let at = self.scan.next_at();
        match self.name(reading)? {
            Name::Known(place) => {
                if names.known >> place & 1 == 1 {
                    return Err(Unreadable::Twice(at));
                }
                names.known |= 1 << place;
                let field = &reading.fields[place];
                let path = path.property(field.name);
                match role {
                    Role::Product(Some(id)) if id == place => self.scan.skip().map(|()| false),
                    Role::Identified(Some(id)) if id == place => self.record_id(&path),
                    _ => self.value(&field.kind, field.nullable, &path),
                }
            }
            Name::LegacyId => {
                if std::mem::replace(&mut names.legacy_id, true) {
                    return Err(Unreadable::Twice(at));
                }
                match role {
                    Role::Product(_) => self.product_id(&path.property(LEGACY_ID), at),
                    _ if path.is_record() => self.own_id(&path.property(LEGACY_ID), at),
                    _ => self.scan.skip().map(|()| false),
                }
            }
            Name::Unknown(name) => {
                self.scan.skip()?;
                if Some(name.as_ref()) != self.ids.product() {
                    self.findings.note(&path.unknown(), Rule::Unknown);
                }
                let new = names.unknown.get_or_insert_default().insert(name);
                if new { Ok(false) } else { Err(Unreadable::Twice(at)) }
            }
        }
    }

    /// Reads a name.
    fn name(&mut self, reading: &mut Reading<'_>) -> Result<Name<'a>, Unreadable> {
        let guess = reading.guess();
        match reading.fields.get(guess) {
            Some(field) if self.scan.takes_name(field.name) => {
                reading.next = guess + 1;
                return Ok(Name::Known(guess));
            }
            None if guess == LEGACY_PLACE && self.scan.takes_name(LEGACY_ID) => {
                reading.next = guess + 1;
                return Ok(Name::LegacyId);
            }
            _ => {}
        }
        let name = self.scan.name()?.text();
        if let Some(place) = reading.fields.iter().position(|field| field.name == name) {
            reading.read(place);
            return Ok(Name::Known(place));
        }
        if name != LEGACY_ID {
            return Ok(Name::Unknown(name));
        }
        reading.read(LEGACY_PLACE);
        Ok(Name::LegacyId)
    }

    /// Reads the key of a product, whose property begins at `start`: whether the public id stands in its place now.
    fn product_id(&mut self, path: &Path<'_>, start: usize) -> Result<bool, Unreadable> {
        let Ids::Products { name, products, place } = self.ids else {
            return self.scan.skip().map(|()| false);
        };
        let guess = products.get(self.next_product).filter(|guess| self.scan.takes_list(guess.key));
        let found = match guess {
            Some(_) => Ok(Some(self.next_product)),
            None => place(self.scan.raw()?.0),
        };
        let product = found.map(|place| place.and_then(|place| Some((place, products.get(place)?))));
        match product {
            Ok(Some((place, product))) => {
                self.product = Listed::Shared;
                self.next_product = place + 1;
                self.runs.cut(start, self.scan.at());
                self.runs.write_text(name);
                self.runs.write(":");
                self.runs.write_text(product.public);
                return Ok(true);
            }
            Ok(None) => self.product = Listed::Unknown,
            Err(NotAKey) => self.findings.note(path, Rule::Type),
        }
        Ok(false)
    }

    /// Reads the key of the product that a record, whose property begins at `start`, says it is of. It never leaves.
    fn own_id(&mut self, path: &Path<'_>, start: usize) -> Result<bool, Unreadable> {
        let (own, _) = self.scan.raw()?;
        match (self.is_own)(own) {
            Ok(true) => {}
            Ok(false) => return Err(Unreadable::OtherProduct(start)),
            Err(NotAKey) => self.findings.note(path, Rule::Type),
        }
        Ok(false)
    }

    /// Reads the id of a record: whether the public one stands in its place now.
    fn record_id(&mut self, path: &Path<'_>) -> Result<bool, Unreadable> {
        let (own, start) = self.scan.raw()?;
        let Ids::Records { public, .. } = self.ids else { return Ok(false) };
        let Ok(id) = public(own) else {
            self.findings.note(path, Rule::Type);
            return Ok(false);
        };
        self.runs.cut(start, self.scan.at());
        self.runs.write_text(&id);
        Ok(true)
    }

    /// Reads an object or a list, each member by `member`, which gets the place where it begins with its comma and says whether
    /// it leaves: how many there were.
    fn members(
        &mut self,
        open: u8,
        mut member: impl FnMut(&mut Self, usize) -> Result<bool, Unreadable>,
    ) -> Result<u32, Unreadable> {
        let close = self.scan.enter(open)?;
        let (mut from, mut left, mut count) = (self.scan.next_at(), false, 0_u32);
        if self.scan.leaves(close) {
            return Ok(count);
        }
        loop {
            self.runs.begin_member(from, !left);
            if member(self, from)? {
                left = true;
            } else {
                self.runs.cut(from, self.scan.at());
            }
            count = count.saturating_add(1);
            from = self.scan.next_at();
            if !self.scan.goes_on(close)? {
                return Ok(count);
            }
        }
    }
}
