//! Permissions in plain Portuguese, for the customer's eyes.

use ponte_values::Permission as P;

/// Data that a permission opens to the client, in words for the customer.
pub(crate) const fn of(permission: P) -> &'static str {
    match permission {
        P::AccountsRead => "Quais contas você tem: tipo, agência e número",
        P::AccountsBalancesRead => "Os saldos das suas contas, inclusive valores reservados",
        P::AccountsTransactionsRead => "O extrato das suas contas: entradas, saídas e lançamentos futuros",
        P::AccountsOverdraftLimitsRead => "Os limites de cheque especial das suas contas",
        P::CreditCardsAccountsRead => "Quais cartões de crédito você tem: nome, tipo e bandeira",
        P::CreditCardsAccountsBillsRead => "As faturas dos seus cartões de crédito",
        P::CreditCardsAccountsBillsTransactionsRead => {
            "As compras de cada fatura dos seus cartões de crédito"
        }
        P::CreditCardsAccountsLimitsRead => "Os limites dos seus cartões de crédito",
        P::CreditCardsAccountsTransactionsRead => "As compras e pagamentos dos seus cartões de crédito",
        P::CustomersPersonalIdentificationsRead => "Seus dados cadastrais: nome, documentos e contatos",
        P::CustomersPersonalAdittionalinfoRead => {
            "Suas informações complementares: renda, ocupação e relacionamento com a instituição"
        }
        P::CustomersBusinessIdentificationsRead => {
            "Os dados cadastrais da empresa: nome, documentos, contatos e sócios"
        }
        P::CustomersBusinessAdittionalinfoRead => {
            "As informações complementares da empresa: atividade, faturamento e relacionamento com a instituição"
        }
        P::FinancingsRead => "Seus contratos de financiamento",
        P::FinancingsScheduledInstalmentsRead => "As parcelas dos seus financiamentos",
        P::FinancingsPaymentsRead => "Os pagamentos dos seus financiamentos",
        P::FinancingsWarrantiesRead => "As garantias dos seus financiamentos",
        P::InvoiceFinancingsRead => "Seus contratos de antecipação de recebíveis",
        P::InvoiceFinancingsScheduledInstalmentsRead => "As parcelas das suas antecipações de recebíveis",
        P::InvoiceFinancingsPaymentsRead => "Os pagamentos das suas antecipações de recebíveis",
        P::InvoiceFinancingsWarrantiesRead => "As garantias das suas antecipações de recebíveis",
        P::LoansRead => "Seus contratos de empréstimo",
        P::LoansScheduledInstalmentsRead => "As parcelas dos seus empréstimos",
        P::LoansPaymentsRead => "Os pagamentos dos seus empréstimos",
        P::LoansWarrantiesRead => "As garantias dos seus empréstimos",
        P::UnarrangedAccountsOverdraftRead => "Seus contratos de adiantamento a depositantes",
        P::UnarrangedAccountsOverdraftScheduledInstalmentsRead => {
            "As parcelas dos seus adiantamentos a depositantes"
        }
        P::UnarrangedAccountsOverdraftPaymentsRead => "Os pagamentos dos seus adiantamentos a depositantes",
        P::UnarrangedAccountsOverdraftWarrantiesRead => "As garantias dos seus adiantamentos a depositantes",
        P::ResourcesRead => "A lista do que é compartilhado e sua situação",
        P::BankFixedIncomesRead => "Seus investimentos em renda fixa bancária, como CDB e LCI",
        P::CreditFixedIncomesRead => "Seus investimentos em renda fixa de crédito, como debêntures e CRI",
        P::FundsRead => "Seus investimentos em fundos",
        P::VariableIncomesRead => "Seus investimentos em renda variável, como ações",
        P::TreasureTitlesRead => "Seus títulos do Tesouro Direto",
        P::ExchangesRead => "Suas operações de câmbio",
    }
}
