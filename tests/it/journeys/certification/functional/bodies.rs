//! Every endpoint of the fourteen APIs about customers: 200 from the sandbox bank, and the whole body as its official file has it, by
//! a validator that is not ours.

use std::collections::BTreeMap;

use jsonschema::Validator;
use ponte_catalog::{ALL, Row};
use ponte_values::ResourceKind;
use serde_json::Value;

use super::consents::every_permission;
use super::endpoints::{OF_COMPANY, call_of, rows_of};
use super::lists::items;
use super::official::{Official, faults};
use super::*;

/// `GET`s of the fourteen files.
const ENDPOINTS: usize = 70;

/// Judges bodies by the files, each read once; without the files nothing is judged.
#[derive(Default)]
struct Judge {
    files: BTreeMap<&'static str, Option<Official>>,
    validators: BTreeMap<&'static str, Option<Validator>>,
    /// Records that each endpoint has shown.
    seen: BTreeMap<&'static str, usize>,
}

impl Judge {
    fn judge(&mut self, row: &'static Row, body: &Value) {
        let file = || Official::open(&format!("{}-{}", row.api.name, row.api.version));
        let file = self.files.entry(row.api.name).or_insert_with(file);
        let validator = || file.as_ref().map(|file| file.body(row.path()));
        let validator = self.validators.entry(row.template).or_insert_with(validator);
        let found = validator.as_ref().map_or_else(Vec::new, |validator| faults(validator, body));
        let some: Vec<&String> = found.iter().take(10).collect();
        assert!(found.is_empty(), "{}: {} faults, such as {some:#?}", row.template, found.len());
        let records = body["data"].as_array().map_or(1, Vec::len);
        *self.seen.entry(row.template).or_default() += records;
    }

    /// Reads an endpoint, which must be served; the body.
    async fn read(&mut self, scene: &Scene, granted: &Granted, row: &'static Row, path: &str) -> Value {
        let body = scene.read(path, granted).await;
        self.judge(row, &body);
        body
    }

    /// Reads every endpoint of an API under a consent, for each product.
    async fn walk(&mut self, scene: &Scene, granted: &Granted, rows: &'static [&'static Row]) {
        let api = rows[0].api.name;
        let products = match ResourceKind::of_api(api) {
            Some(_) => scene.products(granted, api).await,
            None => vec![String::new()],
        };
        for row in rows.iter().copied().filter(|row| row.ids.is_empty() && row.product.is_none()) {
            self.read(scene, granted, row, row.template).await;
        }
        for product in &products {
            let mut shown = Vec::new();
            for row in rows.iter().copied().filter(|row| row.ids.is_empty() && row.product.is_some()) {
                shown.push(self.read(scene, granted, row, &call_of(row, product)).await);
            }
            // An id that is in the path besides is in what was shown, under its own name.
            for row in rows.iter().copied().filter(|row| !row.ids.is_empty()) {
                let name = row.ids[0];
                if let Some(id) = shown.iter().flat_map(items).find_map(|record| record[name].as_str()) {
                    let path = call_of(row, product).replace(&format!("{{{name}}}"), id);
                    self.read(scene, granted, row, &path).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn z_cus_03_z_cus_04_z_crd_02_z_cre_02_z_inv_02_z_exc_02_every_endpoint_answers_as_its_file_has_it() {
    let scene = Scene::begin().await;
    let mut judge = Judge::default();
    let person = scene.granted(&every_permission()).await;
    let other = |rows: &&[&Row]| rows[0].api.signed || ["consents", "customers"].contains(&rows[0].api.name);
    for rows in ALL.iter().copied().filter(|rows| !other(rows)) {
        judge.walk(&scene, &person, rows).await;
    }
    let company = scene.granted_by(PADARIA, &OF_COMPANY).await;
    for row in rows_of("customers").iter().copied() {
        let granted = if row.template.contains("/business/") { &company } else { &person };
        judge.read(&scene, granted, row, row.template).await;
    }
    let silent: Vec<_> = judge.seen.iter().filter(|(_, records)| **records == 0).collect();
    assert!(silent.is_empty(), "no record of these was seen: {silent:?}");
    assert_eq!(judge.seen.len(), ENDPOINTS, "{:?}", judge.seen.keys());
}
