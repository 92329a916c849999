//! What a code of the connector means at each stage: one table, from which `docs/payment-connector.md` is printed.

use ponte_payment::consent::ConsentRejectionCode as Consent;
use ponte_payment::payment::RejectionCode as Payment;

/// Where a code comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// /payment-validation, POST_CONSENT.
    PostConsent,
    /// /payment-validation, POST_PAYMENT and SETTLEMENT.
    PostPayment,
    /// /payment-validation, SETTLEMENT alone.
    Settlement,
    /// /payments.
    Payments,
    /// /find.
    Find,
    /// /cancellation.
    Cancellation,
}

/// What a code means to Ponte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeMeans {
    /// The consent is rejected with this code (P33).
    ConsentRejected(Consent),
    /// The payment is refused or rejected with this code (P31, P32). Nothing was executed.
    PaymentRejected(Payment),
    /// Our key stands for something else at the core: what became of ours nobody knows, it is asked for.
    KeyUsed,
    /// Nothing was executed and nothing will be: it is sent again later.
    NotExecuted,
    /// The core does not have it.
    NotFound,
    /// The core cannot be asked so.
    CannotAsk,
    /// It cannot be cancelled any more.
    NotCancellable,
}

/// A code at a stage.
pub struct CodeRow {
    /// The stage.
    pub stage: Stage,
    /// The code.
    pub code: &'static str,
    /// What it means.
    pub means: CodeMeans,
}

/// Every code that means something, once a stage. Another one is no reason that may be told (NAO_INFORMADO) where the connector
/// judges, and no answer elsewhere.
pub static CODES: &[CodeRow] = &[
    consent("CONTA_NAO_PERMITE_PAGAMENTO", Consent::ContaNaoPermitePagamento),
    consent("CONTAS_ORIGEM_DESTINO_IGUAIS", Consent::ContasOrigemDestinoIguais),
    consent("VALOR_INVALIDO", Consent::ValorInvalido),
    consent("QRCODE_INVALIDO", Consent::QrcodeInvalido),
    consent("VALOR_ACIMA_LIMITE", Consent::ValorAcimaLimite),
    consent("SALDO_INSUFICIENTE", Consent::SaldoInsuficiente),
    consent("PERMISSAO_INSUFICIENTE", Consent::PermissaoInsuficiente),
    consent("FALHA_INFRAESTRUTURA", Consent::FalhaInfraestrutura),
    consent("NAO_INFORMADO", Consent::NaoInformado),
    row(Stage::PostConsent, "NAO_EXECUTADO", CodeMeans::NotExecuted),
    judged("SALDO_INSUFICIENTE", Payment::SaldoInsuficiente),
    judged("VALOR_ACIMA_LIMITE", Payment::ValorAcimaLimite),
    judged("VALOR_INVALIDO", Payment::ValorInvalido),
    judged("COBRANCA_INVALIDA", Payment::CobrancaInvalida),
    judged("DETALHE_PAGAMENTO_INVALIDO", Payment::DetalhePagamentoInvalido),
    judged("PAGAMENTO_RECUSADO_DETENTORA", Payment::PagamentoRecusadoDetentora),
    judged("PAGAMENTO_RECUSADO_SPI", Payment::PagamentoRecusadoSpi),
    judged("NAO_INFORMADO", Payment::NaoInformado),
    row(Stage::PostPayment, "NAO_EXECUTADO", CodeMeans::NotExecuted),
    row(
        Stage::Settlement,
        "CHAVE_PIX_DIVERGENTE_AGENDAMENTO_LIQUIDACAO",
        CodeMeans::PaymentRejected(Payment::ChavePixDivergenteAgendamentoLiquidacao),
    ),
    refused("SALDO_INSUFICIENTE", Payment::SaldoInsuficiente),
    refused("VALOR_ACIMA_LIMITE", Payment::ValorAcimaLimite),
    refused("VALOR_INVALIDO", Payment::ValorInvalido),
    refused("COBRANCA_INVALIDA", Payment::CobrancaInvalida),
    refused("DETALHE_PAGAMENTO_INVALIDO", Payment::DetalhePagamentoInvalido),
    refused("PAGAMENTO_DIVERGENTE_CONSENTIMENTO", Payment::PagamentoDivergenteConsentimento),
    refused("PAGAMENTO_RECUSADO_DETENTORA", Payment::PagamentoRecusadoDetentora),
    refused("PAGAMENTO_RECUSADO_SPI", Payment::PagamentoRecusadoSpi),
    refused("CONTA_NAO_PERMITE_PAGAMENTO", Payment::ContaNaoPermitePagamento),
    refused("CONTAS_ORIGEM_DESTINO_IGUAIS", Payment::ContasOrigemDestinoIguais),
    refused("QRCODE_INVALIDO", Payment::QrcodeInvalido),
    refused("CHAVE_PIX_DIVERGENTE_AGENDAMENTO_LIQUIDACAO", Payment::ChavePixDivergenteAgendamentoLiquidacao),
    refused("LIMITE_PERIODO_VALOR_EXCEDIDO", Payment::ValorAcimaLimite),
    refused("LIMITE_PERIODO_QUANTIDADE_EXCEDIDO", Payment::ValorAcimaLimite),
    refused("CONSENTIMENTO_INVALIDO", Payment::PagamentoRecusadoDetentora),
    refused("PARAMETRO_NAO_INFORMADO", Payment::FalhaInfraestruturaDetentora),
    refused("PARAMETRO_INVALIDO", Payment::FalhaInfraestruturaDetentora),
    refused("NAO_INFORMADO", Payment::NaoInformado),
    row(Stage::Payments, "ERRO_IDEMPOTENCIA", CodeMeans::KeyUsed),
    row(Stage::Payments, "NAO_EXECUTADO", CodeMeans::NotExecuted),
    row(Stage::Find, "PAGAMENTO_NAO_ENCONTRADO", CodeMeans::NotFound),
    row(Stage::Find, "CONSULTA_NAO_SUPORTADA", CodeMeans::CannotAsk),
    row(Stage::Cancellation, "PAGAMENTO_NAO_PERMITE_CANCELAMENTO", CodeMeans::NotCancellable),
    row(Stage::Cancellation, "PAGAMENTO_NAO_ENCONTRADO", CodeMeans::NotFound),
    row(Stage::Cancellation, "NAO_EXECUTADO", CodeMeans::NotExecuted),
];

const fn row(stage: Stage, code: &'static str, means: CodeMeans) -> CodeRow {
    CodeRow { stage, code, means }
}

const fn consent(code: &'static str, to: Consent) -> CodeRow {
    row(Stage::PostConsent, code, CodeMeans::ConsentRejected(to))
}

const fn judged(code: &'static str, to: Payment) -> CodeRow {
    row(Stage::PostPayment, code, CodeMeans::PaymentRejected(to))
}

const fn refused(code: &'static str, to: Payment) -> CodeRow {
    row(Stage::Payments, code, CodeMeans::PaymentRejected(to))
}

/// What a code means at a stage; at the settlement also what it means before a payment is accepted.
pub(super) fn meaning(stage: Stage, code: &str) -> Option<CodeMeans> {
    let of = |stage| CODES.iter().find(|row| row.stage == stage && row.code == code).map(|row| row.means);
    match stage {
        Stage::Settlement => of(Stage::Settlement).or_else(|| of(Stage::PostPayment)),
        other => of(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_means_one_thing_at_a_stage() {
        for (place, row) in CODES.iter().enumerate() {
            let again = CODES[..place].iter().any(|other| (other.stage, other.code) == (row.stage, row.code));
            assert!(!again, "{:?} {}", row.stage, row.code);
            assert_eq!(meaning(row.stage, row.code), Some(row.means));
        }
        assert_eq!(meaning(Stage::Payments, "OUTRO"), None);
        assert_eq!(meaning(Stage::Find, "NAO_EXECUTADO"), None);
        let divergent = "CHAVE_PIX_DIVERGENTE_AGENDAMENTO_LIQUIDACAO";
        assert_eq!(meaning(Stage::PostPayment, divergent), None, "P23: on its day alone");
        assert!(meaning(Stage::Settlement, divergent).is_some());
        assert!(meaning(Stage::Settlement, "SALDO_INSUFICIENTE").is_some());
    }
}
