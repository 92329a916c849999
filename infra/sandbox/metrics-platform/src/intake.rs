//! Context of intake: the lists and facts that an item is compared with (M13, M22).

use ponte_catalog::pcm::EndpointList;
use ponte_values::Moment;

use crate::check::{Discard, discard};
use crate::members::Members;
use crate::ordered_faults::Withdrawn;

/// Lists and facts that an item is compared with.
pub(crate) struct Intake<'a> {
    pub(crate) endpoints: &'static EndpointList,
    pub(crate) withdrawn: Withdrawn,
    pub(crate) members: &'a Members,
    /// Organisation of the token.
    pub(crate) reporter: &'a str,
    pub(crate) now: Moment,
}

impl Intake<'_> {
    /// The organisation is in the directory (M22).
    pub(crate) fn knows(&self, organisation: &str) -> Result<(), Discard> {
        if self.members.is_organisation(organisation) {
            Ok(())
        } else {
            Err(discard("OrganisationId doesn't exist on Directory", organisation))
        }
    }
}
