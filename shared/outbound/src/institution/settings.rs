//! How the institution's systems are reached, as every function that asks them reads it.

use std::sync::Arc;

use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::{Aws, FunctionArn, ROOTS};
use ponte_cloud::env;
use ponte_cloud::environment::SystemClock;
use ponte_cloud::secrets::Secrets;
use ponte_ports::{Clock as _, PortError};
use ponte_values::InstitutionId;

use super::answer::WHAT;
use super::breaker::Breaker;
use super::credential::credential;
use super::integration_layer::IntegrationLayer;
use super::tls::layer_client;
use super::way::Way;
use crate::http::{self, Trust};

ponte_cloud::settings! {
    /// What a function needs to ask the institution.
    pub struct InstitutionSettings {
        /// Base URL of the layer, unless a function is it.
        url: Option<String> = env::INSTITUTION_URL,
        /// The function, unless the layer has a URL.
        function: Option<FunctionArn> = env::INSTITUTION_FUNCTION_ARN,
        /// Secret with the credential.
        credential_secret: String = env::INSTITUTION_CREDENTIAL_SECRET,
        /// Secret with the institution's authority and our certificate.
        tls_secret: String = env::INSTITUTION_TLS_SECRET,
        /// Table of the breakers.
        breakers_table: String = env::LAYER_TABLE,
    }
}

impl InstitutionSettings {
    /// The layer, asked in the name of `brand` past `breaker`. `trust` are the authorities of everybody's outgoing calls.
    pub async fn layer(
        self,
        (aws, secrets): (&Aws, &Secrets),
        trust: &Trust,
        brand: InstitutionId,
        breaker: Breaker,
    ) -> Result<IntegrationLayer, PortError> {
        let (clock, alarms) = (Arc::new(SystemClock), Arc::new(LoggedAlarms));
        let shown = credential(secrets.versions(self.credential_secret), alarms.clone(), clock.now());
        let way = async {
            match (self.url, self.function) {
                (Some(url), None) => {
                    let versions = secrets.versions(self.tls_secret);
                    let client =
                        layer_client("InstitutionTlsSecret", trust, versions, alarms, clock.now()).await?;
                    Ok(Way::over_http(client, url, clock.clone()))
                }
                (None, Some(function)) => {
                    let roots = Trust::pem(ROOTS).map_err(|error| PortError::new(WHAT, error))?;
                    let client = http::client(&roots, None)?;
                    Ok(Way::over_function(client, aws.invocation(&function), clock.clone()))
                }
                _ => Err(PortError::new(
                    WHAT,
                    "of INSTITUTION_URL and INSTITUTION_FUNCTION_ARN exactly one is given",
                )),
            }
        };
        let (credential, way) = tokio::try_join!(shown, way)?;
        Ok(IntegrationLayer::new(way, credential, brand, breaker, clock.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{aws_at, trust};
    use ponte_cloud::env::Settings as _;
    use ponte_kit::authority::Authority;
    use ponte_kit::breakers::BreakersInMemory;
    use ponte_kit::examples::institution;
    use ponte_kit::stub::{Reply, Stub};

    const ARN: &str = "arn:aws:lambda:sa-east-1:000000000000:function:camada";

    /// The settings with this URL and this function.
    fn settings(url: &str, function: &str) -> InstitutionSettings {
        InstitutionSettings::read_from(&|name| {
            let value = match name {
                "INSTITUTION_URL" => url,
                "INSTITUTION_FUNCTION_ARN" => function,
                name => name,
            };
            Some(value.to_owned())
        })
        .unwrap()
    }

    /// Whether a layer is made of them; every secret is `none`, which will do for each.
    async fn starts(settings: InstitutionSettings) -> bool {
        let secret = r#"{"ARN":"a","Name":"n","VersionId":"v","SecretString":"none","CreatedDate":1}"#;
        let stub = Stub::start(move |_, _| Reply::kept(secret)).await;
        let aws = aws_at(&stub.url());
        let secrets = Secrets::new(aws.secrets());
        let breaker = Breaker::new("e".to_owned(), Arc::<BreakersInMemory>::default(), Arc::new(SystemClock));
        let trust = trust(&Authority::generate());
        settings.layer((&aws, &secrets), &trust, institution(), breaker).await.is_ok()
    }

    #[tokio::test]
    async fn the_layer_has_a_url_or_is_a_function_and_never_both() {
        let url = "https://integracao.banco.example";
        for (url, function, fine) in [(url, "", true), ("", ARN, true), (url, ARN, false), ("", "", false)] {
            assert_eq!(starts(settings(url, function)).await, fine, "{url} {function}");
        }
    }
}
