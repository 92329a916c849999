//! How often one organisation registers clients, and one client replaces its registration: whoever does so again and again fills
//! no list of ours and keeps no operator from changing it, and the limit of one participant is felt by no other (T60).

/// Most registrations of an organisation in an hour. A run of the certification's registration modules needs some thirty,
/// a participant with many brands one for each software statement, once.
pub const MOST_REGISTRATIONS: u32 = 100;

/// Most replacements of one registration by its client in an hour: it changes a few times a year.
pub const MOST_REPLACEMENTS: u32 = 100;
