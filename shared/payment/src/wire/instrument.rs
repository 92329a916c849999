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
