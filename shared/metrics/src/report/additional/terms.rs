//! Values that the APIs of payments, enrolments and recurring consents have in common.

use serde::{Deserialize, Serialize};

/// How the customer authorises.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthorisationFlow {
    /// By redirection; also what a payment without a word about it has (M31).
    #[default]
    HybridFlow,
    /// On another channel.
    CibaFlow,
    /// By the device.
    FidoFlow,
}

/// How a payment is started; the wire's names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum LocalInstrument {
    Dict,
    Inic,
    Manu,
    Qrdn,
    Qres,
    Auto,
    Apdn,
    Apes,
}

/// The party that acted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum Actor {
    Iniciadora,
    Usuario,
    Detentora,
}

/// The side on which it was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum Side {
    Iniciadora,
    Detentora,
}

/// A code of the rule book and a sentence, as the answer has them; of a list the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reason<'a> {
    /// Code: `REJEITADO_USUARIO`.
    pub code: &'a str,
    /// Sentence, where there is one.
    pub detail: Option<&'a str>,
}
