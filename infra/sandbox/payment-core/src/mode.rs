//! How the core is as a whole: whether it recognises a key, whether it pushes, and what is wrong with it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How it recognises what it has executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dedupe {
    /// The same key twice is executed once.
    #[default]
    ByKey,
    /// It can be asked by key, and executes twice what comes twice.
    QueryOnly,
    /// Neither.
    None,
}

/// Something that a connector somebody is writing may get wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// Takes a request whose signature does not hold.
    TrustsAnySignature,
    /// Takes a request that was made for another address.
    TakesAnyAudience,
    /// Takes a request of another institution.
    TakesAnyIssuer,
    /// Takes a request after its `exp`.
    TakesExpired,
    /// Takes the same `jti` twice.
    TakesJtiTwice,
    /// Says that it recognises keys, and executes twice what comes twice.
    ExecutesTwice,
    /// Executes twice what comes twice at once.
    RacesItself,
    /// Takes other data under a known key for the payment that it knows.
    TakesOtherData,
    /// Executes after `notAfter`.
    ExecutesLate,
    /// Pays from the account of another customer.
    PaysFromAnyAccount,
    /// Pays what is not there.
    Overdraws,
    /// Does not look keys up.
    IgnoresPixKeys,
    /// Finds nothing.
    ForgetsPayments,
    /// Does not find what it is asked for by its own `paymentId`.
    ForgetsPaymentIds,
    /// Tells of an unknown key without a signature.
    PlainNotFound,
    /// Says that it has cancelled what has settled.
    CancelsSettled,
    /// Says that it has cancelled what it holds, and goes on holding it.
    CancelsInWords,
    /// Its answers are not signed.
    UnsignedAnswers,
    /// Its signatures do not hold.
    BadSignatures,
    /// Its answers name another request.
    AnswersAnother,
    /// Its answers are made for somebody else.
    AnswersOthers,
    /// Tells another amount than it was asked for.
    TellsOtherAmount,
    /// Leaves the first payment of a day out of its books.
    LeavesOut,
    /// Has another amount in its books than it moved.
    BooksOtherAmount,
    /// Shows accounts of everybody.
    DiscoversEverybody,
    /// Shows no account of anybody.
    DiscoversNothing,
    /// Tells the names of accounts as texts, without pairs.
    NamesInWords,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Self; 27] = [
        Self::TrustsAnySignature,
        Self::TakesAnyAudience,
        Self::TakesAnyIssuer,
        Self::TakesExpired,
        Self::TakesJtiTwice,
        Self::ExecutesTwice,
        Self::RacesItself,
        Self::TakesOtherData,
        Self::ExecutesLate,
        Self::PaysFromAnyAccount,
        Self::Overdraws,
        Self::IgnoresPixKeys,
        Self::ForgetsPayments,
        Self::ForgetsPaymentIds,
        Self::PlainNotFound,
        Self::CancelsSettled,
        Self::CancelsInWords,
        Self::UnsignedAnswers,
        Self::BadSignatures,
        Self::AnswersAnother,
        Self::AnswersOthers,
        Self::TellsOtherAmount,
        Self::LeavesOut,
        Self::BooksOtherAmount,
        Self::DiscoversEverybody,
        Self::DiscoversNothing,
        Self::NamesInWords,
    ];
}

/// The core as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mode {
    /// How it recognises what it has executed.
    pub dedupe: Dedupe,
    /// Whether it notifies Ponte of every new status.
    pub pushes: bool,
    /// What is wrong with it.
    pub flaws: BTreeSet<Flaw>,
}

impl Mode {
    /// Whether this is wrong with it.
    #[must_use]
    pub fn has(&self, flaw: Flaw) -> bool {
        self.flaws.contains(&flaw)
    }

    /// Whether a key that came before is recognised.
    pub(crate) fn recognises(&self) -> bool {
        self.dedupe == Dedupe::ByKey && !self.has(Flaw::ExecutesTwice)
    }
}
