//! What becomes of a certificate of which nobody can say whether it is revoked.

/// Whether certificates are looked up, and what becomes of one that cannot be. A revoked one is refused by both looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationCheck {
    /// It counts, and an alarm names who did not answer.
    Soft,
    /// It is refused until somebody answers.
    Hard,
    /// Nobody is asked.
    Off,
}
