//! The organisations of the world: names and documents are invented, ids and keys are made at the first start.

use ponte_bank::customers::{BANK_CNPJ, BANK_NAME};

/// The fixed facts of an organisation.
pub(crate) struct OrganisationProfile {
    /// Folder of its keys.
    pub(crate) folder: &'static str,
    /// Name in directory and certificates.
    pub(crate) name: &'static str,
    /// CNPJ.
    pub(crate) cnpj: &'static str,
    /// Host name in its client certificate.
    pub(crate) host: &'static str,
    /// Active roles of its software statement (S85).
    pub(crate) roles: &'static [&'static str],
    /// Path of its webhooks at the other participant, where it has some (S87).
    pub(crate) webhook: Option<&'static str>,
}

/// The institution that Ponte runs for.
pub(crate) const INSTITUTION: OrganisationProfile = OrganisationProfile {
    folder: "institution",
    name: BANK_NAME,
    cnpj: BANK_CNPJ,
    host: "ponte.bank.example",
    roles: &["CONTA", "DADOS", "PAGTO"],
    webhook: None,
};

/// Two other participants, both receivers of data and initiators of payments.
pub(crate) const PARTICIPANTS: [OrganisationProfile; 2] = [
    OrganisationProfile {
        folder: "receiver",
        name: "Receptora Exemplo",
        cnpj: "12345678000195",
        host: "receptora.example",
        roles: &["DADOS", "PAGTO"],
        webhook: Some("/webhook"),
    },
    OrganisationProfile {
        folder: "other-receiver",
        name: "Outra Receptora Exemplo",
        cnpj: "22333444000181",
        host: "outra-receptora.example",
        roles: &["DADOS", "PAGTO"],
        webhook: None,
    },
];
