//! How a payment ends without money having moved: rejected or cancelled (P32, P55).

use ponte_values::{Cpf, Moment};
use serde::{Deserialize, Serialize};

use crate::wire::ApiVersion;

/// Why a payment was rejected (P32). The last three are of v5.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum RejectionCode {
    SaldoInsuficiente,
    ValorAcimaLimite,
    ValorInvalido,
    CobrancaInvalida,
    NaoInformado,
    PagamentoDivergenteConsentimento,
    DetalhePagamentoInvalido,
    PagamentoRecusadoDetentora,
    PagamentoRecusadoSpi,
    FalhaInfraestrutura,
    FalhaInfraestruturaSpi,
    FalhaInfraestruturaDict,
    FalhaInfraestruturaIcp,
    FalhaInfraestruturaPspRecebedor,
    FalhaInfraestruturaDetentora,
    ContasOrigemDestinoIguais,
    FalhaAgendamentoPagamentos,
    ChavePixDivergenteAgendamentoLiquidacao,
    ContaNaoPermitePagamento,
    QrcodeInvalido,
}

/// The rejection of a payment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection {
    /// Why.
    pub code: RejectionCode,
    /// In words; without personal data.
    pub detail: String,
}

/// The cancellation of a payment (P55).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancellation {
    /// What was cancelled.
    pub reason: CancellationReason,
    /// On which side.
    pub cancelled_from: CancelledFrom,
    /// When.
    pub cancelled_at: Moment,
    /// The customer who asked for it.
    pub cancelled_by: Cpf,
}

/// What was cancelled (P55).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CancellationReason {
    /// A payment that was held.
    CanceladoPendencia,
    /// A scheduled payment.
    CanceladoAgendamento,
    /// A payment that waited for several people.
    CanceladoMultiplasAlcadas,
}

/// The side of a cancellation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CancelledFrom {
    /// The initiator's.
    Iniciadora,
    /// The institution's own channel.
    Detentora,
}

impl CancellationReason {
    /// The code on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CanceladoPendencia => "CANCELADO_PENDENCIA",
            Self::CanceladoAgendamento => "CANCELADO_AGENDAMENTO",
            Self::CanceladoMultiplasAlcadas => "CANCELADO_MULTIPLAS_ALCADAS",
        }
    }
}

impl RejectionCode {
    /// The nearest code that this version has: v4 lacks the last three.
    #[must_use]
    pub const fn told_in(self, api: ApiVersion) -> Self {
        match (api, self) {
            (ApiVersion::V4, Self::ContaNaoPermitePagamento) => Self::PagamentoRecusadoDetentora,
            (ApiVersion::V4, Self::QrcodeInvalido | Self::ChavePixDivergenteAgendamentoLiquidacao) => {
                Self::DetalhePagamentoInvalido
            }
            (_, code) => code,
        }
    }

    /// The code on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SaldoInsuficiente => "SALDO_INSUFICIENTE",
            Self::ValorAcimaLimite => "VALOR_ACIMA_LIMITE",
            Self::ValorInvalido => "VALOR_INVALIDO",
            Self::CobrancaInvalida => "COBRANCA_INVALIDA",
            Self::NaoInformado => "NAO_INFORMADO",
            Self::PagamentoDivergenteConsentimento => "PAGAMENTO_DIVERGENTE_CONSENTIMENTO",
            Self::DetalhePagamentoInvalido => "DETALHE_PAGAMENTO_INVALIDO",
            Self::PagamentoRecusadoDetentora => "PAGAMENTO_RECUSADO_DETENTORA",
            Self::PagamentoRecusadoSpi => "PAGAMENTO_RECUSADO_SPI",
            Self::FalhaInfraestrutura => "FALHA_INFRAESTRUTURA",
            Self::FalhaInfraestruturaSpi => "FALHA_INFRAESTRUTURA_SPI",
            Self::FalhaInfraestruturaDict => "FALHA_INFRAESTRUTURA_DICT",
            Self::FalhaInfraestruturaIcp => "FALHA_INFRAESTRUTURA_ICP",
            Self::FalhaInfraestruturaPspRecebedor => "FALHA_INFRAESTRUTURA_PSP_RECEBEDOR",
            Self::FalhaInfraestruturaDetentora => "FALHA_INFRAESTRUTURA_DETENTORA",
            Self::ContasOrigemDestinoIguais => "CONTAS_ORIGEM_DESTINO_IGUAIS",
            Self::FalhaAgendamentoPagamentos => "FALHA_AGENDAMENTO_PAGAMENTOS",
            Self::ChavePixDivergenteAgendamentoLiquidacao => "CHAVE_PIX_DIVERGENTE_AGENDAMENTO_LIQUIDACAO",
            Self::ContaNaoPermitePagamento => "CONTA_NAO_PERMITE_PAGAMENTO",
            Self::QrcodeInvalido => "QRCODE_INVALIDO",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p32_a_version_tells_the_codes_that_it_has() {
        for (code, told) in [
            (RejectionCode::QrcodeInvalido, "DETALHE_PAGAMENTO_INVALIDO"),
            (RejectionCode::ChavePixDivergenteAgendamentoLiquidacao, "DETALHE_PAGAMENTO_INVALIDO"),
            (RejectionCode::ContaNaoPermitePagamento, "PAGAMENTO_RECUSADO_DETENTORA"),
            (RejectionCode::SaldoInsuficiente, "SALDO_INSUFICIENTE"),
        ] {
            assert_eq!(code.told_in(ApiVersion::V4).as_str(), told);
            assert_eq!(code.told_in(ApiVersion::V5), code);
        }
    }
}
