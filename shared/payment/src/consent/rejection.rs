//! The end of a payment consent without a payment (P33).

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use crate::wire::ApiVersion;

/// Why a payment consent was rejected (P33). The order of the variants is the order in which they are told when several hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsentRejectionCode {
    /// Nobody decided in time (P05, P06).
    TempoExpiradoAutorizacao,
    /// The customer said no.
    RejeitadoUsuario,
    /// Somebody else logged in; v5.
    AutenticacaoDivergente,
    /// The account cannot pay by Pix.
    ContaNaoPermitePagamento,
    /// The account to debit is the creditor's.
    ContasOrigemDestinoIguais,
    /// The amount is not that of the code.
    ValorInvalido,
    /// The code is not what the consent says, or no code.
    QrcodeInvalido,
    /// Above a limit of the institution.
    ValorAcimaLimite,
    /// The account has less.
    SaldoInsuficiente,
    /// The person has not the powers for this payment; v5 (P57).
    PermissaoInsuficiente,
    /// A fault of the institution made it impossible.
    FalhaInfraestrutura,
    /// No reason that may be told.
    NaoInformado,
    /// Not used within the hour (P07).
    TempoExpiradoConsumo,
}

/// The end: why and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentRejection {
    /// Why.
    pub code: ConsentRejectionCode,
    /// In words, where somebody gave some; without personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When.
    pub at: Moment,
}

impl ConsentRejectionCode {
    /// The code as a version of the API tells it: v4 has no words for what v5 alone knows, and gives no reason then (P33).
    #[must_use]
    pub const fn told_in(self, api: ApiVersion) -> Self {
        match (self, api) {
            (Self::AutenticacaoDivergente | Self::PermissaoInsuficiente, ApiVersion::V4) => {
                Self::NaoInformado
            }
            (code, _) => code,
        }
    }

    /// The code on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TempoExpiradoAutorizacao => "TEMPO_EXPIRADO_AUTORIZACAO",
            Self::RejeitadoUsuario => "REJEITADO_USUARIO",
            Self::AutenticacaoDivergente => "AUTENTICACAO_DIVERGENTE",
            Self::ContaNaoPermitePagamento => "CONTA_NAO_PERMITE_PAGAMENTO",
            Self::ContasOrigemDestinoIguais => "CONTAS_ORIGEM_DESTINO_IGUAIS",
            Self::ValorInvalido => "VALOR_INVALIDO",
            Self::QrcodeInvalido => "QRCODE_INVALIDO",
            Self::ValorAcimaLimite => "VALOR_ACIMA_LIMITE",
            Self::SaldoInsuficiente => "SALDO_INSUFICIENTE",
            Self::PermissaoInsuficiente => "PERMISSAO_INSUFICIENTE",
            Self::FalhaInfraestrutura => "FALHA_INFRAESTRUTURA",
            Self::NaoInformado => "NAO_INFORMADO",
            Self::TempoExpiradoConsumo => "TEMPO_EXPIRADO_CONSUMO",
        }
    }

    /// The reason in the words of the API, in Portuguese; `detail` of an end to which nobody gave other words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::TempoExpiradoAutorizacao => "O prazo para a autorização expirou",
            Self::RejeitadoUsuario => "O usuário rejeitou a autorização",
            Self::AutenticacaoDivergente => "Outro usuário se autenticou",
            Self::ContaNaoPermitePagamento => "A conta selecionada não permite este pagamento",
            Self::ContasOrigemDestinoIguais => "As contas de origem e destino são iguais",
            Self::ValorInvalido => "O valor difere do valor do QR Code",
            Self::QrcodeInvalido => "O QR Code é inválido ou difere do consentimento",
            Self::ValorAcimaLimite => "O valor ultrapassa o limite definido pela instituição",
            Self::SaldoInsuficiente => "A conta selecionada não tem saldo suficiente",
            Self::PermissaoInsuficiente => "O usuário não tem poderes para este pagamento",
            Self::FalhaInfraestrutura => "Uma falha da instituição impediu a autorização",
            Self::NaoInformado => "Não informado pela instituição",
            Self::TempoExpiradoConsumo => "O consentimento não foi usado no prazo",
        }
    }
}
