//! The list: found by customer, filtered by what consents are now, in pages that lose nothing and show nothing twice.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::keys::{APP, OFFICE};
use ponte_kit::gateway::Reply;

use super::super::world::{ANA, BAKERY, BRUNO, MANAGEMENT, World, asked};
use super::{CARLA, asked_by, of_ana, of_the_bakery_by_ana};

const LIST: &str = "/v1/consents";

fn ids(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let items = reply.data().as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Follows `links.next` as a caller does who repeats its header, to the end.
async fn all(world: &World, query: &str, customer: &Value) -> (Vec<String>, u32) {
    let (mut path, mut found, mut pages) = (format!("{LIST}?{query}"), Vec::new(), 0);
    loop {
        let reply = world.manage(OFFICE, ("GET", &path), customer.clone(), None).await;
        found.extend(ids(&reply));
        pages += 1;
        let Some(next) = reply.body["links"]["next"].as_str() else { return (found, pages) };
        path = next.strip_prefix(&format!("{MANAGEMENT}/open-banking/oob-consents")).unwrap().to_owned();
    }
}

/// Consents of Ana, a minute apart, oldest first.
async fn many(world: &World, number: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..number {
        ids.push(world.consent(&asked()).await);
        world.wait(Duration::from_secs(1));
    }
    ids
}

#[tokio::test]
async fn a_customer_s_consents_are_listed_with_what_they_are() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    world.consent(&asked_by(BRUNO, None)).await;
    let reply = world.look(&format!("{LIST}?cpf={ANA}")).await;
    let item = json!({
        "id": id, "type": "DATA_SHARING", "status": "AUTHORISED", "createdOn": "2026-03-01T12:00:00Z",
        "statusUpdatedOn": "2026-03-01T12:00:00Z", "expiresOn": "2026-09-01T12:00:00Z", "brandId": "banco",
        "clientId": "client-1", "organisationId": "c770aef3-6784-41f7-8e0e-ff5f97bddb3a",
        "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
    });
    assert_eq!(reply.body["data"], json!([item]));
    assert_eq!(reply.body["meta"], json!({"requestDateTime": "2026-03-01T12:00:00Z"}));
    let own = format!("{MANAGEMENT}/open-banking/oob-consents/v1/consents?page-size=25");
    assert_eq!(reply.body["links"], json!({"self": own}));
    assert_eq!(reply.headers["x-fapi-interaction-id"], super::super::keys::CORRELATION);
    assert_eq!(ids(&world.look(&format!("{LIST}?cpf={CARLA}")).await), [""; 0]);
}

#[tokio::test]
async fn c56_no_link_repeats_a_document_and_yet_the_pages_go_on() {
    let world = World::new();
    let mut expected = many(&world, 5).await;
    expected.reverse();
    let query = format!("cpf={ANA}&status=AWAITING_AUTHORISATION&createdOnBegin=2026-03-01&page-size=2");
    let reply = world.look(&format!("{LIST}?{query}")).await;
    let text = reply.body.to_string();
    assert!(!text.contains(ANA), "{text}");
    let next = reply.body["links"]["next"].as_str().unwrap();
    assert!(
        next.contains("status=AWAITING_AUTHORISATION&createdOnBegin=2026-03-01&page-size=2&cursor="),
        "{next}"
    );
    assert_eq!(all(&world, &query, &of_ana()).await, (expected, 3), "the header says who, page after page");
    let refused = world.look(next.split_once("oob-consents").unwrap().1).await;
    assert_eq!((refused.status, refused.code()), (400, "PARAMETRO_INVALIDO"), "the link alone says nobody");
}

#[tokio::test]
async fn pages_lose_nothing_and_show_nothing_twice_whatever_is_filtered() {
    let world = World::new();
    let every = many(&world, 60).await;
    let mut ended = Vec::new();
    for id in every.iter().step_by(7) {
        let path = format!("/consents/{id}");
        assert_eq!(world.client("client-1", "DELETE", &path, None).await.status, 204);
        ended.push(id.clone());
    }
    for (order, reversed) in [("ASC", false), ("DESC", true)] {
        for size in [1, 4, 9, 100] {
            for (status, mut expected) in [("", every.clone()), ("&status=REJECTED", ended.clone())] {
                if reversed {
                    expected.reverse();
                }
                let query = format!("orderType={order}&page-size={size}{status}");
                let (found, _) = all(&world, &query, &of_ana()).await;
                assert_eq!(found, expected, "{query}");
            }
        }
    }
}

#[tokio::test]
async fn one_call_reads_the_index_a_few_times_and_no_more() {
    let world = World::new();
    // Nothing of a long history counts: the first call gives up after a few reads, and its cursor goes on.
    let id = many(&world, 1).await.remove(0);
    for number in 0..450 {
        let mut other = world.stored(&id);
        other.id = ponte_values::ConsentId::parse(&format!("urn:banco:{number:04}")).unwrap();
        world.store.consents.lock().unwrap().insert(other.id.to_string(), other);
    }
    let yes = world.authorised(&asked(), Vec::new()).await;
    world.store.reads.store(0, Ordering::Relaxed);
    let path = format!("{LIST}?status=AUTHORISED&orderType=ASC&page-size=2");
    let reply = world.manage(OFFICE, ("GET", &path), of_ana(), None).await;
    assert_eq!((ids(&reply).len(), world.store.reads.load(Ordering::Relaxed)), (0, 4));
    let query = "status=AUTHORISED&orderType=ASC&page-size=2";
    assert_eq!(all(&world, query, &of_ana()).await, (vec![yes], 2));
}

#[tokio::test]
async fn c04_a_status_is_what_time_made_of_it() {
    let world = World::new();
    let id = world.authorised(&asked(), Vec::new()).await;
    let waiting = world.consent(&asked()).await;
    world.wait(Duration::from_hours(1));
    let with = |status: &'static str| {
        let world = &world;
        async move { ids(&world.look(&format!("{LIST}?cpf={ANA}&status={status}")).await) }
    };
    assert_eq!(with("REJECTED").await, [waiting.as_str()], "C03: the hour is over, written down or not");
    assert_eq!(with("AUTHORISED").await, [id.as_str()]);
    world.wait(Duration::from_hours(24 * 200));
    assert_eq!(with("AUTHORISED").await, [""; 0], "C04: the date is over");
    assert_eq!(with("REJECTED,AUTHORISED").await.len(), 2);
    let twice = "REJECTED&status=AUTHORISED";
    assert_eq!(with(twice).await.len(), 2);
    let reply = world.look(&format!("{LIST}?cpf={ANA}&status=REJECTED")).await;
    let expired = reply.data().as_array().unwrap().iter().find(|item| item["id"] == json!(id)).unwrap();
    assert_eq!(expired["statusUpdatedOn"], "2026-09-01T12:00:00Z");
}

#[tokio::test]
async fn a_person_decides_for_companies_too() {
    let world = World::new();
    let own = world.consent(&asked()).await;
    world.wait(Duration::from_secs(1));
    let by_ana = world.consent(&asked_by(ANA, Some(BAKERY))).await;
    world.wait(Duration::from_secs(1));
    let by_bruno = world.consent(&asked_by(BRUNO, Some(BAKERY))).await;
    let office = |query: String| {
        let world = &world;
        async move { ids(&world.look(&format!("{LIST}?{query}")).await) }
    };
    assert_eq!(office(format!("cpf={ANA}")).await, [by_ana.clone(), own.clone()]);
    assert_eq!(office(format!("cnpj={BAKERY}")).await, [by_bruno.clone(), by_ana.clone()]);
    assert_eq!(office(format!("cpf={ANA}&cnpj={BAKERY}")).await, std::slice::from_ref(&by_ana));
    assert_eq!(office(format!("cpf={CARLA}&cnpj={BAKERY}")).await, [""; 0]);
    // An app that speaks for Ana sees hers, and the bakery's where it says so.
    let app = |customer: Value| {
        let world = &world;
        async move { ids(&world.manage(APP, ("GET", LIST), customer, None).await) }
    };
    assert_eq!(app(of_ana()).await, [own]);
    assert_eq!(app(of_the_bakery_by_ana()).await, [by_ana]);
}

#[tokio::test]
async fn creation_times_bound_a_list_in_seconds_and_in_days() {
    let world = World::new();
    let start = world.now();
    world.wait(Duration::from_millis(250));
    let first = world.consent(&asked()).await;
    world.wait(Duration::from_hours(15));
    let second = world.consent(&asked()).await;
    // 2026-03-02T03:00:00.250Z: the day after in Brasília.
    assert_eq!(world.now().since(start), Duration::from_millis(54_000_250));
    for (query, expected) in [
        ("createdOnBegin=2026-03-01T12:00:00Z&createdOnEnd=2026-03-01T12:00:00Z", vec![&first]),
        ("createdOnBegin=2026-03-01T12:00:01Z", vec![&second]),
        ("createdOnBegin=2026-03-01&createdOnEnd=2026-03-01", vec![&first]),
        ("createdOnBegin=2026-03-02", vec![&second]),
        ("createdOnEnd=2026-03-02", vec![&second, &first]),
        ("createdOnEnd=2026-02-28", vec![]),
    ] {
        let found = ids(&world.look(&format!("{LIST}?cpf={ANA}&{query}")).await);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test]
async fn the_back_office_lists_a_period_without_a_customer_by_client_or_of_all() {
    let world = World::new();
    let mut every = many(&world, 5).await;
    every.push(world.consent(&asked_by(BRUNO, Some(BAKERY))).await);
    let mut other = world.stored(&every[1]);
    other.client = ponte_values::ClientId::parse("client-2").unwrap();
    world.store.consents.lock().unwrap().insert(every[1].clone(), other);
    let period = "createdOnBegin=2026-03-01&createdOnEnd=2026-03-31&orderType=ASC&page-size=2";
    let nobody = json!({});
    let pages = |filter: &str| format!("{period}{filter}");
    assert_eq!(all(&world, &pages(""), &nobody).await, (every.clone(), 3));
    assert_eq!(all(&world, &pages("&clientId=client-2"), &nobody).await.0, [every[1].clone()]);
    let (found, _) = all(&world, &pages("&clientId=client-1&status=AWAITING_AUTHORISATION"), &nobody).await;
    assert_eq!((found.len(), found.contains(&every[1])), (5, false));
    assert_eq!(all(&world, &pages("&clientId=client-9"), &nobody).await.0, [""; 0]);
    assert_eq!(all(&world, &pages("&clientId=client-2"), &of_ana()).await.0, [every[1].clone()]);
    // A key for customers names one, as ever.
    let path = format!("{LIST}?{period}");
    assert_eq!(world.manage(APP, ("GET", &path), nobody.clone(), None).await.status, 403);
    for (query, status) in [
        ("createdOnBegin=2026-03-01&createdOnEnd=2026-04-01", 422),
        ("createdOnBegin=2026-03-01", 400),
        ("createdOnEnd=2026-03-01", 400),
        ("clientId=client-1", 400),
        ("clientId=&createdOnBegin=2026-03-01&createdOnEnd=2026-03-01", 400),
    ] {
        let reply = world.look(&format!("{LIST}?{query}")).await;
        assert_eq!((reply.status, reply.code()), (status, "PARAMETRO_INVALIDO"), "{query}");
    }
    // The next page of a customer's list does not become one of everybody when the customer is left out.
    let reply = world.look(&format!("{LIST}?cpf={ANA}&{period}")).await;
    let next = reply.body["links"]["next"].as_str().unwrap().split_once("oob-consents").unwrap().1;
    let refused = world.look(next).await;
    assert_eq!((refused.status, refused.code()), (422, "PARAMETRO_INVALIDO"), "{}", refused.body);
}

#[tokio::test]
async fn a_filter_that_is_unknown_is_400_and_not_passed_over() {
    let world = World::new();
    let id = world.consent(&asked()).await;
    let detail = format!("{LIST}/{id}");
    for path in [
        format!("{LIST}?cpf={ANA}&clientid=client-1"),
        format!("{LIST}?cpf={ANA}&Status=AUTHORISED"),
        format!("{LIST}?cpf={ANA}&type=DATA_SHARING"),
        format!("{LIST}?cpf={ANA}&page=2"),
        format!("{LIST}?cpf={ANA}&cpf={BRUNO}"),
        format!("{LIST}?cpf={ANA}&orderType=ASC&orderType=DESC"),
        format!("{detail}?cpf={BRUNO}"),
        format!("{detail}/extends?cursor=x"),
    ] {
        let reply = world.look(&path).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"), "{path}: {}", reply.body);
        assert!(!reply.body.to_string().contains(ANA), "{path}");
    }
    let reply =
        world.look(&format!("{LIST}?cpf={ANA}&status=AUTHORISED&status=AWAITING_AUTHORISATION")).await;
    assert_eq!(ids(&reply), [id]);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_says_why() {
    let world = World::new();
    for (query, status, why) in [
        (String::new(), 400, "informe cpf ou cnpj"),
        ("status=AUTHORISED".to_owned(), 400, "informe cpf ou cnpj"),
        ("cpf=1".to_owned(), 400, "cpf inválido"),
        (format!("cpf={ANA}&cnpj=1"), 400, "cnpj inválido"),
        (format!("cpf={ANA}&status=CONSUMED"), 422, "status: valor desconhecido"),
        (format!("cpf={ANA}&status="), 422, "status: valor desconhecido"),
        (format!("cpf={ANA}&orderType=OPF"), 422, "orderType: use ASC ou DESC"),
        (format!("cpf={ANA}&page-size=x"), 400, "page-size: informe um número inteiro positivo"),
        (format!("cpf={ANA}&page-size=0"), 422, "page-size: de 1 a 100"),
        (format!("cpf={ANA}&page-size=101"), 422, "page-size: de 1 a 100"),
        (format!("cpf={ANA}&page-size=99999999999"), 422, "page-size: de 1 a 100"),
        (format!("cpf={ANA}&createdOnBegin=ontem"), 422, "createdOnBegin: use AAAA-MM-DD"),
        (format!("cpf={ANA}&createdOnEnd=2026-02-30"), 422, "createdOnEnd: use AAAA-MM-DD"),
        (
            format!("cpf={ANA}&createdOnBegin=2026-03-02&createdOnEnd=2026-03-01"),
            422,
            "createdOnEnd: data final",
        ),
        (format!("cpf={ANA}&cursor=x"), 422, "cursor: não foi emitido"),
    ] {
        let reply = world.look(&format!("{LIST}?{query}")).await;
        let detail = reply.body["errors"][0]["detail"].as_str().unwrap();
        assert_eq!((reply.status, reply.code()), (status, "PARAMETRO_INVALIDO"), "{query}");
        assert!(detail.starts_with(why), "{query}: {detail}");
        assert!(!reply.body.to_string().contains(ANA));
    }
    let path = format!("{LIST}?cpf={BRUNO}");
    let reply = world.manage(OFFICE, ("GET", &path), of_ana(), None).await;
    assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"), "two customers at once");
}
