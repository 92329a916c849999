//! localInstrument: how a Pix is started (P50).

use serde::{Deserialize, Serialize};

/// How a Pix is started. APDN and APES are of v5.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LocalInstrument {
    /// The creditor's account, written by hand.
    Manu,
    /// A key of the directory.
    Dict,
    /// A dynamic QR code.
    Qrdn,
    /// A static QR code.
    Qres,
    /// The initiator knows the creditor.
    Inic,
    /// A dynamic code read by NFC.
    Apdn,
    /// A static code read by NFC.
    Apes,
}

impl LocalInstrument {
    /// Whether the creditor's key belongs to it (P50).
    #[must_use]
    pub const fn has_proxy(self) -> bool {
        !matches!(self, Self::Manu)
    }

    /// Whether the text of a code belongs to it (P50).
    #[must_use]
    pub const fn has_code(self) -> bool {
        self.is_dynamic() || self.is_static()
    }

    /// Whether the code is a dynamic one.
    #[must_use]
    pub const fn is_dynamic(self) -> bool {
        matches!(self, Self::Qrdn | Self::Apdn)
    }

    /// Whether the code is a static one.
    #[must_use]
    pub const fn is_static(self) -> bool {
        matches!(self, Self::Qres | Self::Apes)
    }

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manu => "MANU",
            Self::Dict => "DICT",
            Self::Qrdn => "QRDN",
            Self::Qres => "QRES",
            Self::Inic => "INIC",
            Self::Apdn => "APDN",
            Self::Apes => "APES",
        }
    }
}
