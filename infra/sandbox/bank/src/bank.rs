//! The bank behind its integration layer: checks Ponte's credential and hands the call on to its operation.

use http::{Method, StatusCode};
use ponte_machine::clock;
use ponte_web::{Answer, Request};
use serde_json::{Value, json};

use crate::account_holders;
use crate::channel::Channel;
use crate::contract::{DataRequest, DecryptRequest, Person};
use crate::layer::Layer;
use crate::refusal::{Refusal, invalid};
use crate::tokens::TokenBox;

/// The bank behind its listener.
pub struct Bank {
    credential: String,
    pub(crate) tokens: TokenBox,
    pub(crate) channel: Channel,
    pub(crate) layer: Layer,
    /// Where the bank's back office finds Ponte and what it shows there, as `endpoints.json` has it.
    pub(crate) back_office: Option<Value>,
}

impl Bank {
    /// A bank that takes `credential` from Ponte and calls its interaction API by `channel`.
    #[must_use]
    pub fn new(credential: String, tokens: TokenBox, channel: Channel) -> Self {
        Self { credential, tokens, channel, layer: Layer::default(), back_office: None }
    }

    /// The same bank, whose back office notifies Ponte: `ca_file`, `hosts.management` and `institution.backoffice` of `endpoints`.
    #[must_use]
    pub fn notifying(self, endpoints: Value) -> Self {
        Self { back_office: Some(endpoints), ..self }
    }

    /// Operations that Ponte calls.
    pub(crate) fn operation(&self, request: &Request) -> Result<Answer, Refusal> {
        if request.bearer() != Some(self.credential.as_str()) {
            return Err(Refusal {
                status: StatusCode::UNAUTHORIZED,
                code: "NAO_AUTORIZADO",
                title: "Não autorizado",
                detail: "credencial ausente ou errada".into(),
            });
        }
        if request.method != Method::POST {
            return Err(Refusal {
                status: StatusCode::METHOD_NOT_ALLOWED,
                code: "METODO_NAO_PERMITIDO",
                title: "Método não permitido",
                detail: "somente POST".into(),
            });
        }
        if !request.is("application/json") {
            return Err(Refusal {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                code: "TIPO_NAO_SUPORTADO",
                title: "Tipo não suportado",
                detail: "somente application/json".into(),
            });
        }
        if request.path == "/authentication/decrypt" {
            return self.decrypt(&request.json().map_err(invalid)?);
        }
        if request.path == "/check-account-holder" {
            return Ok(account_holders::check(&request.json().map_err(invalid)?));
        }
        let asked: DataRequest = request.json().map_err(invalid)?;
        self.layer.answer(&request.path, &asked, clock::now())
    }

    fn decrypt(&self, asked: &DecryptRequest) -> Result<Answer, Refusal> {
        let opened = self.tokens.open(&asked.access_token, clock::now());
        let (customer, login) = opened.ok_or_else(|| Refusal {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: "TOKEN_INVALIDO",
            title: "Token inválido",
            detail: "token desconhecido ou vencido".into(),
        })?;
        let person = Person {
            cpf: customer.cpf.into(),
            cnpj: customer.cnpj.map(str::to_owned),
            name: customer.name.into(),
            acr: login.acr(),
        };
        Ok(Answer::json(StatusCode::OK, &json!({ "data": person })))
    }
}
