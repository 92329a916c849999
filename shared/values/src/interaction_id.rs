//! `x-fapi-interaction-id`: the UUID of a call, the same in the reports of both sides (S31).

use std::fmt;

use uuid::Uuid;

use crate::invalid::Invalid;

/// Id of a call: a UUID that is not all zeros (S31, M15).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct InteractionId(Uuid);

impl InteractionId {
    /// Reads the hyphenated form of RFC 4122; the all-zero UUID is refused (M15).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = Invalid("x-fapi-interaction-id");
        if text.len() != 36 {
            return Err(fault);
        }
        let uuid = Uuid::try_parse(text).map_err(|_| fault)?;
        if uuid.is_nil() { Err(fault) } else { Ok(Self(uuid)) }
    }
}

impl From<Uuid> for InteractionId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for InteractionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s31_only_hyphenated_uuids() {
        assert!(InteractionId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").is_ok());
        for bad in [
            "",
            "1",
            "c770aef3678441f78e0eff5f97bddb3a",
            "00000000-0000-0000-0000-000000000000",
            "{c770aef3-6784-41f7-8e0e-ff5f97bddb}",
        ] {
            assert!(InteractionId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn s31_m15_an_id_is_written_in_small_letters_with_hyphens() {
        let id = InteractionId::parse("C770AEF3-6784-41F7-8E0E-FF5F97BDDB3A").unwrap();
        assert_eq!(id.to_string(), "c770aef3-6784-41f7-8e0e-ff5f97bddb3a");
        assert_eq!(InteractionId::from(Uuid::from_u128(0xc770_aef3_6784_41f7_8e0e_ff5f_97bd_db3a)), id);
    }
}
