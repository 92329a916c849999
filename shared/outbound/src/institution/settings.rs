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
use super::carrier::Way;
use super::credential::credential;
use super::integration_layer::IntegrationLayer;
use super::tls::layer_client;
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
                    let client = layer_client(trust, versions, alarms, clock.now()).await?;
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
