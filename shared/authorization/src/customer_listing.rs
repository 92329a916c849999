//! Listings of consents by their owner, of whatever they are: data or payments.

use ponte_values::{ClientId, Moment};

/// Whose consents are listed: those of a customer, by a key of [`SearchKeys`], or all that were created in a period.
///
/// [`SearchKeys`]: crate::search_keys::SearchKeys
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConsentOwner {
    /// Those a natural person decides on, for a company too.
    Person(String),
    /// Those of a company, whoever decides.
    Company(String),
    /// Those that a client created. The listing has both ends; each day between them is read. One that no release since the index has
    /// written is not among them.
    Client(ClientId),
    /// Those that any client created, likewise.
    Everybody,
}

/// Which of a customer's consents are listed, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Listing<'a> {
    /// Created at this moment or later.
    pub from: Option<Moment>,
    /// Created at this moment or earlier.
    pub until: Option<Moment>,
    /// Order by creation.
    pub order: Order,
    /// Cursor to go on from; `None` is the beginning.
    pub after: Option<&'a str>,
    /// Most consents, 1 to 100.
    pub limit: u8,
}

/// An order by creation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
}
