//! Faults of payment consents and payments (P30, P31, P55). Titles and details are those that the OpenAPI files give to each code.

use ponte_authorization::approval::AnswerFault;
use ponte_data_consent::consent::ApprovalFault;
use ponte_payment::connector::PaymentRefused;
use ponte_payment::consent::PaymentConsentFault;
use ponte_payment::consent_rules::ConsentRequestFault;
use ponte_payment::payment::{PaymentFault, RejectionCode};
use ponte_payment::payment_rules::PaymentRequestFault;
use ponte_payment::ports::PaymentWriteFault;
use ponte_payment::wire::ApiVersion;
use ponte_ports::CommitFault;

use crate::Refusal;

/// What a 422 without a reason that may be told says.
const UNTOLD: &str = "Não reportado/identificado pela instituição detentora de conta";

impl From<ConsentRequestFault> for Refusal {
    fn from(fault: ConsentRequestFault) -> Self {
        match fault {
            ConsentRequestFault::Missing(member) => Self::member_missing(member),
            ConsentRequestFault::Invalid(member) => Self::member_invalid(member),
            ConsentRequestFault::Quantity => Self::new(
                422,
                "PARAMETRO_INVALIDO",
                "Parâmetro inválido",
                "Quantidade permitida de pagamentos excedida",
            ),
            ConsentRequestFault::Instrument(instrument) => {
                let detail =
                    format!("Forma de pagamento não suportada (localInstrument {})", instrument.as_str());
                Self::new(422, "FORMA_PAGAMENTO_INVALIDA", "Forma de pagamento inválida", "").saying(detail)
            }
            ConsentRequestFault::Purpose => Self::new(
                422,
                "PROPOSITO_INVALIDO",
                "O propósito informado é incompatível com os dados presentes na transação",
                "purpose não é o de date ou schedule",
            ),
            ConsentRequestFault::Day => Self::new(
                422,
                "DATA_PAGAMENTO_INVALIDA",
                "Data de pagamento inválida",
                "Data de pagamento inválida para a forma de pagamento selecionada",
            ),
            ConsentRequestFault::Detail(member) => Self::member_against_rule(member),
        }
    }
}

impl From<PaymentRequestFault> for Refusal {
    fn from(fault: PaymentRequestFault) -> Self {
        match fault {
            PaymentRequestFault::Missing(member) => Self::member_missing(member),
            PaymentRequestFault::Invalid(member) => Self::member_invalid(member),
            PaymentRequestFault::Differs(member) => {
                let detail = format!("Dados do pagamento divergentes dos dados do consentimento: {member}");
                Self::of_code(RejectionCode::PagamentoDivergenteConsentimento).saying(detail)
            }
            PaymentRequestFault::Detail(member) => Self::member_against_rule(member),
            PaymentRequestFault::Charge => Self::of_code(RejectionCode::CobrancaInvalida),
            PaymentRequestFault::Limit => Self::of_code(RejectionCode::ValorAcimaLimite),
            PaymentRequestFault::Hours => Self::of_code(RejectionCode::PagamentoRecusadoDetentora)
                .saying("Fora do horário de pagamentos da instituição".to_owned()),
        }
    }
}

impl From<PaymentConsentFault> for Refusal {
    fn from(fault: PaymentConsentFault) -> Self {
        match fault {
            PaymentConsentFault::PendingApproval => Self::new(
                422,
                "CONSENTIMENTO_PENDENTE_AUTORIZACAO",
                "Consentimento pendente autorização de múltiplas alçadas",
                "O consentimento está em PARTIALLY_ACCEPTED e aguarda outras pessoas",
            ),
            PaymentConsentFault::NotAuthorised => {
                Self::consent_unusable("O consentimento não está em AUTHORISED")
            }
            PaymentConsentFault::NotAwaiting => {
                Self::consent_unusable("O consentimento não está mais em AWAITING_AUTHORISATION")
            }
            PaymentConsentFault::Over => Self::consent_unusable("O consentimento está em um estado final"),
            PaymentConsentFault::NothingPending => ApprovalFault::NothingPending.into(),
            PaymentConsentFault::Approval(AnswerFault::NotAnApprover) => ApprovalFault::NotAnApprover.into(),
            PaymentConsentFault::Approval(AnswerFault::AlreadyAnswered) => {
                ApprovalFault::AlreadyAnswered.into()
            }
        }
    }
}

impl From<PaymentFault> for Refusal {
    fn from(fault: PaymentFault) -> Self {
        match fault {
            PaymentFault::NotCancellable => Self::new(
                422,
                "PAGAMENTO_NAO_PERMITE_CANCELAMENTO",
                "Pagamento não permite cancelamento",
                "O estado ou o prazo do pagamento não permite cancelamento",
            ),
            PaymentFault::NotOurs | PaymentFault::State => CommitFault::Conflict.into(),
        }
    }
}

impl From<PaymentWriteFault> for Refusal {
    fn from(fault: PaymentWriteFault) -> Self {
        match fault {
            PaymentWriteFault::Conflict | PaymentWriteFault::KeyUsed => CommitFault::Conflict.into(),
            PaymentWriteFault::EndToEndIdUsed(_) => Self::member_against_rule("endToEndId"),
            PaymentWriteFault::LimitOfDay => Self::of_code(RejectionCode::ValorAcimaLimite),
            PaymentWriteFault::Port(error) => error.into(),
        }
    }
}

impl Refusal {
    /// 422: a member that must be there is not (P30).
    #[must_use]
    pub fn member_missing(member: &str) -> Self {
        let detail = format!("Parâmetro {member} obrigatório não informado");
        Self::new(422, "PARAMETRO_NAO_INFORMADO", "Parâmetro não informado", "").saying(detail)
    }

    /// 422: a member has not the form that it must have (P30).
    #[must_use]
    pub fn member_invalid(member: &str) -> Self {
        let detail = format!("Parâmetro {member} não obedece às regras de formatação esperadas");
        Self::new(422, "PARAMETRO_INVALIDO", "Parâmetro inválido", "").saying(detail)
    }

    /// 422: a member of a good form that is against a rule (P30).
    #[must_use]
    pub fn member_against_rule(member: &str) -> Self {
        let detail = format!("Parâmetro {member} não obedece às regras de negócio");
        Self::of_code(RejectionCode::DetalhePagamentoInvalido).saying(detail)
    }

    /// 422: a key that was used for other data (P43).
    #[must_use]
    pub const fn idempotency() -> Self {
        Self::new(
            422,
            "ERRO_IDEMPOTENCIA",
            "Erro idempotência",
            "Conteúdo da mensagem (claim data) diverge do conteúdo associado a esta chave de idempotência (x-idempotency-key)",
        )
    }

    /// 422: the core says no to a payment that is asked for, in its words, by the nearest code that POST /pix/payments has in this version
    /// (P31).
    #[must_use]
    pub fn of_core(api: ApiVersion, refused: PaymentRefused) -> Self {
        let refusal = Self::of_code(code_of_request(api, refused.code));
        if refused.detail.is_empty() { refusal } else { refusal.saying(refused.detail) }
    }

    const fn consent_unusable(detail: &'static str) -> Self {
        Self::new(422, "CONSENTIMENTO_INVALIDO", "Consentimento inválido (em status final)", detail)
    }

    /// 422 with the title and the detail of the code.
    const fn of_code(code: RejectionCode) -> Self {
        let (title, detail) = match code {
            RejectionCode::SaldoInsuficiente => (
                "Saldo insuficiente",
                "A conta selecionada não possui saldo suficiente para realizar o pagamento",
            ),
            RejectionCode::ValorAcimaLimite => (
                "Acima do limite estabelecido",
                "O valor ou a quantidade de transações ultrapassa o limite da instituição para o cliente",
            ),
            RejectionCode::ValorInvalido => {
                ("Valor inválido", "O valor enviado não é válido para o QR Code informado")
            }
            RejectionCode::CobrancaInvalida => {
                ("Cobrança inválida", "A cobrança expirou, venceu ou não está ativa")
            }
            RejectionCode::PagamentoDivergenteConsentimento => (
                "Divergência entre pagamento e consentimento",
                "Dados do pagamento divergentes dos dados do consentimento",
            ),
            RejectionCode::DetalhePagamentoInvalido
            | RejectionCode::ContasOrigemDestinoIguais
            | RejectionCode::ChavePixDivergenteAgendamentoLiquidacao => {
                ("Detalhe do pagamento inválido", "Um parâmetro não obedece às regras de negócio")
            }
            RejectionCode::PagamentoRecusadoDetentora | RejectionCode::FalhaAgendamentoPagamentos => {
                ("Pagamento recusado pela detentora de conta", "A instituição recusou o pagamento")
            }
            RejectionCode::PagamentoRecusadoSpi => (
                "Pagamento recusado no Sistema de Pagamentos Instantâneos (SPI)",
                "O Sistema de Pagamentos Instantâneos recusou o pagamento",
            ),
            RejectionCode::ContaNaoPermitePagamento => {
                ("Conta não permite pagamento", "A conta selecionada não permite realizar esse pagamento")
            }
            RejectionCode::QrcodeInvalido => {
                ("QR Code inválido", "O QRCode utilizado para a iniciação de pagamento não é válido")
            }
            RejectionCode::NaoInformado
            | RejectionCode::FalhaInfraestrutura
            | RejectionCode::FalhaInfraestruturaSpi
            | RejectionCode::FalhaInfraestruturaDict
            | RejectionCode::FalhaInfraestruturaIcp
            | RejectionCode::FalhaInfraestruturaPspRecebedor
            | RejectionCode::FalhaInfraestruturaDetentora => ("Não informado", UNTOLD),
        };
        Self::new(422, code.as_str(), title, detail)
    }
}

/// The nearest code that POST /pix/payments has: reasons of a payment that was accepted are not among them, and v4 lacks the two of v5.
const fn code_of_request(api: ApiVersion, code: RejectionCode) -> RejectionCode {
    match (code, api) {
        (RejectionCode::ContaNaoPermitePagamento, ApiVersion::V4)
        | (RejectionCode::FalhaAgendamentoPagamentos, _) => RejectionCode::PagamentoRecusadoDetentora,
        (RejectionCode::QrcodeInvalido, ApiVersion::V4)
        | (
            RejectionCode::ContasOrigemDestinoIguais | RejectionCode::ChavePixDivergenteAgendamentoLiquidacao,
            _,
        ) => RejectionCode::DetalhePagamentoInvalido,
        (
            RejectionCode::FalhaInfraestrutura
            | RejectionCode::FalhaInfraestruturaSpi
            | RejectionCode::FalhaInfraestruturaDict
            | RejectionCode::FalhaInfraestruturaIcp
            | RejectionCode::FalhaInfraestruturaPspRecebedor
            | RejectionCode::FalhaInfraestruturaDetentora,
            _,
        ) => RejectionCode::NaoInformado,
        (code, _) => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p31_a_core_that_says_no_is_told_by_a_code_that_the_version_has() {
        let told = |api, code| Refusal::of_core(api, PaymentRefused { code, detail: String::new() });
        for (code, v4, v5) in [
            (RejectionCode::SaldoInsuficiente, "SALDO_INSUFICIENTE", "SALDO_INSUFICIENTE"),
            (RejectionCode::PagamentoRecusadoSpi, "PAGAMENTO_RECUSADO_SPI", "PAGAMENTO_RECUSADO_SPI"),
            (RejectionCode::QrcodeInvalido, "DETALHE_PAGAMENTO_INVALIDO", "QRCODE_INVALIDO"),
            (
                RejectionCode::ContaNaoPermitePagamento,
                "PAGAMENTO_RECUSADO_DETENTORA",
                "CONTA_NAO_PERMITE_PAGAMENTO",
            ),
            (
                RejectionCode::ContasOrigemDestinoIguais,
                "DETALHE_PAGAMENTO_INVALIDO",
                "DETALHE_PAGAMENTO_INVALIDO",
            ),
            (RejectionCode::FalhaInfraestruturaDict, "NAO_INFORMADO", "NAO_INFORMADO"),
            (
                RejectionCode::FalhaAgendamentoPagamentos,
                "PAGAMENTO_RECUSADO_DETENTORA",
                "PAGAMENTO_RECUSADO_DETENTORA",
            ),
        ] {
            let codes = (told(ApiVersion::V4, code), told(ApiVersion::V5, code));
            assert_eq!((codes.0.code(), codes.1.code(), codes.1.status()), (v4, v5, 422), "{code:?}");
        }
        let said =
            PaymentRefused { code: RejectionCode::SaldoInsuficiente, detail: "faltam fundos".to_owned() };
        let body = Refusal::of_core(ApiVersion::V5, said).body(ponte_values::Moment::from_seconds(0));
        assert!(body.contains("faltam fundos"), "{body}");
    }

    #[test]
    fn p30_a_detail_names_the_member() {
        let body = |refusal: Refusal| refusal.body(ponte_values::Moment::from_seconds(0));
        for (refusal, detail) in [
            (
                Refusal::from(ConsentRequestFault::Missing("data.payment.date")),
                "data.payment.date obrigatório",
            ),
            (PaymentRequestFault::Differs("payment.amount").into(), "consentimento: payment.amount"),
            (ConsentRequestFault::Quantity.into(), "Quantidade permitida de pagamentos excedida"),
            (
                ConsentRequestFault::Instrument(ponte_payment::wire::LocalInstrument::Qres).into(),
                "localInstrument QRES",
            ),
        ] {
            let body = body(refusal);
            assert!(body.contains(detail), "{body}");
        }
    }
}
