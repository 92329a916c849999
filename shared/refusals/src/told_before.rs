//! Refusals of payments that were told before, and are told again in the same words (P41).

use ponte_payment::idempotency::IdempotencyFault;

use crate::Refusal;

/// Codes of 422 of both versions of the Payments API (P30, P31, P55).
const CODES: &[&str] = &[
    "COBRANCA_INVALIDA",
    "CONSENTIMENTO_INVALIDO",
    "CONSENTIMENTO_PENDENTE_AUTORIZACAO",
    "CONTA_NAO_PERMITE_PAGAMENTO",
    "DATA_PAGAMENTO_INVALIDA",
    "DETALHE_PAGAMENTO_INVALIDO",
    "ERRO_IDEMPOTENCIA",
    "FORMA_PAGAMENTO_INVALIDA",
    "NAO_INFORMADO",
    "PAGAMENTO_DIVERGENTE_CONSENTIMENTO",
    "PAGAMENTO_NAO_PERMITE_CANCELAMENTO",
    "PAGAMENTO_RECUSADO_DETENTORA",
    "PAGAMENTO_RECUSADO_SPI",
    "PARAMETRO_INVALIDO",
    "PARAMETRO_NAO_INFORMADO",
    "PROPOSITO_INVALIDO",
    "QRCODE_INVALIDO",
    "SALDO_INSUFICIENTE",
    "VALOR_ACIMA_LIMITE",
    "VALOR_INVALIDO",
];

impl Refusal {
    /// A 422 that was told before; `None` if no rule of payments has this code.
    #[must_use]
    pub fn told_before(code: &str, title: String, detail: String) -> Option<Self> {
        let code = CODES.iter().find(|known| **known == code)?;
        Some(Self::new(422, code, "", "").titled(title).saying(detail))
    }

    /// 400: the payment or consent is another client's (P10).
    #[must_use]
    pub fn not_of_client() -> Self {
        Self::malformed("O recurso não pertence a este cliente")
    }
}

impl From<IdempotencyFault> for Refusal {
    fn from(fault: IdempotencyFault) -> Self {
        match fault {
            IdempotencyFault::OtherRequest => Self::idempotency(),
        }
    }
}
