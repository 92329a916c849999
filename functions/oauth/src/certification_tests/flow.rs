//! The module `fapi1-advanced-final` itself: the whole flow through the router, as the gateway sees it (S01).

use ponte_authorization::interaction::ArrivalId;
use ponte_fapi::claims::half_hash;
use ponte_fapi::jws::TokenType;
use serde_json::json;

use crate::testing::{
    CALLBACK, CLIENT, CONSENT, Gateway, INTERACTION, SUBJECT, TICKET, VERIFIER, World, claims_of,
    client_signer, id_token_claims, own_certificate, own_thumbprint, request_claims,
};

use super::*;

/// The browser's part, from the pushed request to the parameters behind the `#`.
async fn browsed(world: &World, gateway: &Gateway, request_uri: &str) -> Vec<(String, String)> {
    let query = serde_urlencoded::to_string([("client_id", CLIENT), ("request_uri", request_uri)]).unwrap();
    let arrived = gateway.public("GET", "/auth/authorize", &query).await;
    let location = arrived.headers["location"].as_str().unwrap();
    let arrival =
        ArrivalId::parse(location.strip_prefix("https://channel.example/login?i=").unwrap()).unwrap();
    let interaction = arrival.interaction().to_owned();
    let cookie = arrived.cookies[0].as_str().unwrap().split(';').next().unwrap();
    let secret = cookie.split_once('=').unwrap().1.to_owned();
    world.memory.arrivals.lock().unwrap().insert(interaction.clone(), (arrival, secret));
    world.authorise_consent();
    world.say_yes(&interaction, ponte_authorization::interaction::Assurance::Loa2);
    let query = serde_urlencoded::to_string([("ticket", format!("{interaction}.{TICKET}"))]).unwrap();
    assert!(gateway.public("GET", "/auth/resume", &query).await.is_page(400), "another browser");
    let target = format!("/auth/resume?{query}");
    let back = gateway.call("GET", &target, json!({ "cookie": cookie }), "", None).await;
    assert_eq!(back.status, 303);
    let (target, fragment) = back.headers["location"].as_str().unwrap().split_once('#').unwrap();
    assert_eq!(target, CALLBACK);
    assert!(!target.contains("code="), "nothing in the query");
    serde_urlencoded::from_str(fragment).unwrap()
}

#[tokio::test]
async fn s01_s06_s16_s17_the_whole_flow() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let mut claims = request_claims();
    claims["claims"] = json!({ "id_token": { "acr": { "essential": true } }, "userinfo": { "cpf": null } });
    let request = client_signer().sign(TokenType::RequestObject, &claims).unwrap();
    let pushed = gateway.form("/auth/par", &world.body(&[("request", &request)])).await;
    assert_eq!(pushed.status, 201, "{pushed:?}");

    let back = browsed(&world, &gateway, pushed.json()["request_uri"].as_str().unwrap()).await;
    let got = |name: &str| back.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap();
    assert_eq!((back.len(), got("state").as_str()), (3, "state-1"));
    let first = id_token_claims(&got("id_token"));
    assert_eq!(
        (&first["c_hash"], &first["s_hash"]),
        (&json!(half_hash(&got("code"))), &json!(half_hash("state-1")))
    );

    let redemption = [
        ("grant_type", "authorization_code"),
        ("code", &got("code")),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let issued = gateway.form("/auth/token", &world.body(&redemption)).await;
    assert_eq!((issued.status, &issued.headers["cache-control"]), (200, &json!("no-store")));
    let issued = issued.json();
    assert!((300..=900).contains(&issued["expires_in"].as_u64().unwrap()));
    let second = id_token_claims(issued["id_token"].as_str().unwrap());
    let access = claims_of(issued["access_token"].as_str().unwrap());
    assert_eq!(access["cnf"]["x5t#S256"], own_thumbprint().to_text());
    for claims in [&first, &second] {
        assert_eq!((&claims["sub"], &claims["aud"]), (&json!(SUBJECT), &json!(CLIENT)), "S16");
        assert_eq!(
            (&claims["nonce"], &claims["acr"]),
            (&json!("nonce-1"), &json!("urn:brasil:openbanking:loa2"))
        );
        assert!(claims.get("cpf").is_none() && claims.get("cnpj").is_none(), "S17");
    }

    let headers = json!({ "authorization": format!("Bearer {}", issued["access_token"].as_str().unwrap()) });
    let told = gateway.call("GET", "/auth/userinfo", headers, "", Some(own_certificate())).await;
    assert_eq!((told.status, told.json()), (200, json!({ "sub": SUBJECT })));
    let refresh =
        [("grant_type", "refresh_token"), ("refresh_token", issued["refresh_token"].as_str().unwrap())];
    let again = gateway.form("/auth/token", &world.body(&refresh)).await.json();
    assert_eq!(again["refresh_token"], issued["refresh_token"]);
    assert_eq!(again["scope"], format!("openid accounts resources consent:{CONSENT}"));
}

#[tokio::test]
async fn rfc6749_appendix_a_a_state_of_any_visible_characters_comes_back_as_it_was_sent() {
    let all: String = (' '..='~').collect();
    for text in ["return to home", "a+b&state=x#y%20\"<script>", &all] {
        let world = World::new();
        let gateway = Gateway::over(&world.memory);
        let mut claims = request_claims();
        claims["state"] = json!(text);
        claims["nonce"] = json!(text);
        claims["claims"] = json!({ "id_token": { "acr": { "essential": true, "values": null } } });
        let request = client_signer().sign(TokenType::RequestObject, &claims).unwrap();
        let pushed = gateway.form("/auth/par", &world.body(&[("request", &request)])).await;
        assert_eq!(pushed.status, 201, "{pushed:?}");
        let back = browsed(&world, &gateway, pushed.json()["request_uri"].as_str().unwrap()).await;
        let names: Vec<&str> = back.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["code", "id_token", "state"], "escaped, so that it adds no parameter");
        assert_eq!(back[2].1, text);
        let told = id_token_claims(&back[1].1);
        assert_eq!((&told["nonce"], &told["s_hash"]), (&json!(text), &json!(half_hash(text))));
    }
}

#[tokio::test]
async fn s31_an_interaction_id_is_echoed_here_and_never_asked_for() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    for path in ["/auth/par", "/auth/token", "/auth/introspect", "/auth/revoke"] {
        let reply = gateway.form(path, &world.body(&[])).await;
        assert_eq!(
            (reply.status, &reply.headers["x-fapi-interaction-id"]),
            (400, &json!(INTERACTION)),
            "{path}"
        );
        let headers = json!({ "content-type": "application/x-www-form-urlencoded" });
        let body = world.body(&[]);
        let without = gateway.call("POST", path, headers, &body, Some(own_certificate())).await;
        assert!(without.json()["error"] == "invalid_request", "no complaint about the header: {without:?}");
    }
    assert!(gateway.public("GET", "/auth/authorize", "").await.is_page(400));
}

#[tokio::test]
async fn m35_four_endpoints_are_reported_under_their_names() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    for path in ["/auth/par", "/auth/token", "/auth/introspect", "/auth/revoke"] {
        gateway.form(path, &world.body(&[("token", "invented")])).await;
    }
    let reports = world.memory.reports.rows.lock().unwrap();
    let endpoints: Vec<_> = reports
        .iter()
        .map(|row| serde_json::from_str::<Value>(&row.body).unwrap()["endpoint"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(endpoints, ["/pushed-authorization-request", "/token", "/introspection", "/revocation"]);
}
