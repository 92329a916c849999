//! Rules of intake: the list of endpoints and the members of the platform.

use ponte_catalog::pcm::EndpointList;
use ponte_values::Moment;

use crate::intake::Intake;
use crate::members::Members;
use crate::ordered_faults::Withdrawn;

/// The list of endpoints and the members.
pub(crate) struct Rules {
    pub(crate) endpoints: &'static EndpointList,
    pub(crate) members: Members,
}

impl Rules {
    pub(crate) fn intake<'a>(&'a self, reporter: &'a str, now: Moment, withdrawn: Withdrawn) -> Intake<'a> {
        Intake { endpoints: self.endpoints, withdrawn, members: &self.members, reporter, now }
    }
}
