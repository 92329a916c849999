//! Texts about parameters, and members of bodies, that make no sense.
//!
//! To add one: a variant, and an arm with its text, which must not repeat what was sent.

use std::borrow::Cow;

use crate::refusal::Refusal;

/// A parameter, or a member of the body, that can be read but makes no sense (422).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParameterFault {
    /// A word that the parameter does not know.
    UnknownValue,
    /// A date that is not `YYYY-MM-DD`.
    Date,
    /// A text that is neither `YYYY-MM-DD` nor an RFC 3339 date-time.
    DateTime,
    /// One date of a range without the other (C57).
    RangeIncomplete,
    /// A range that ends before it begins (C57).
    RangeReversed,
    /// A range beyond the period that is served (C57).
    RangeTooFar,
    /// An order other than `ASC` and `DESC`.
    Order,
    /// A page size that is not between 1 and this.
    PageSize(u8),
    /// A number of days that is not between 1 and this.
    Days(u8),
    /// A number that is not whole, in digits, and between 0 and this.
    Whole(u32),
    /// A product is named, the approver who answers for it is not (C60).
    ApproverMissing,
    /// Neither a person nor a company is named, or both are.
    OneDocument,
    /// A product is named without its status, or a status without its product (C60).
    ProductAndStatus,
    /// The institution ends a consent with a reason that is not its own (C06).
    InstitutionReason,
    /// The reason is not the one that follows from the state of the consent (C06).
    CustomerReason,
    /// A product that was not offered in the interaction (C60).
    NotOffered,
    /// `partialApproval` says that other people must agree too, and no chosen product waits for any; or that they need not, and one
    /// does (C60).
    PartialApproval,
    /// An account to debit in a decision on what debits nothing.
    NothingToDebit,
    /// Not exactly one account to debit is chosen.
    OneDebtor,
    /// A consent said not to be authorised although no chosen product waits for other people (C60).
    NoOtherApprovers,
}

impl Refusal {
    /// 422: the parameter or member `name` makes no sense.
    #[must_use]
    pub fn invalid_parameter(name: &str, fault: ParameterFault) -> Self {
        Self::parameter(name, &parameter_text(fault))
    }
}

fn parameter_text(fault: ParameterFault) -> Cow<'static, str> {
    match fault {
        ParameterFault::UnknownValue => "valor desconhecido".into(),
        ParameterFault::Date => "data inválida, use AAAA-MM-DD".into(),
        ParameterFault::DateTime => "use AAAA-MM-DD ou AAAA-MM-DDThh:mm:ssZ".into(),
        ParameterFault::RangeIncomplete => "informe as duas datas do intervalo".into(),
        ParameterFault::RangeReversed => "data final anterior à inicial".into(),
        ParameterFault::RangeTooFar => "intervalo além do período disponível".into(),
        ParameterFault::Order => "use ASC ou DESC".into(),
        ParameterFault::PageSize(most) => format!("de 1 a {most}").into(),
        ParameterFault::Days(most) => format!("use um número de 1 a {most}").into(),
        ParameterFault::Whole(most) => format!("use um número inteiro de 0 a {most}").into(),
        ParameterFault::ApproverMissing => "informe também approver".into(),
        ParameterFault::OneDocument => "informe cpf ou cnpj, e somente um deles".into(),
        ParameterFault::ProductAndStatus => "informe resourceLegacyId e status juntos".into(),
        ParameterFault::InstitutionReason => {
            "com ASPSP, informe INTERNAL_SECURITY_REASON ou CONSENT_TECHNICAL_ISSUE".into()
        }
        ParameterFault::CustomerReason => {
            "com USER, o código decorre da situação do consentimento; pode ser omitido".into()
        }
        ParameterFault::NotOffered => "há um id que não foi oferecido nesta interação".into(),
        ParameterFault::PartialApproval => {
            "verdadeiro se um dos produtos escolhidos depende de outras pessoas, falso se nenhum depende"
                .into()
        }
        ParameterFault::NothingToDebit => "este consentimento não debita conta".into(),
        ParameterFault::OneDebtor => "escolha uma conta a debitar, e somente uma".into(),
        ParameterFault::NoOtherApprovers => {
            "só é falso com isMultipleRequirer e um produto que dependa de outras pessoas".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c50_a_detail_says_what_the_parameter_takes() {
        for (fault, detail) in [
            (ParameterFault::PageSize(100), "de 1 a 100"),
            (ParameterFault::Days(31), "use um número de 1 a 31"),
            (ParameterFault::Whole(9_999), "use um número inteiro de 0 a 9999"),
            (ParameterFault::Date, "data inválida, use AAAA-MM-DD"),
        ] {
            assert_eq!(parameter_text(fault), detail);
        }
    }
}
