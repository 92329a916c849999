//! Changes of the JSON of an answer.

use ponte_web::Answer;
use serde_json::Value;

/// The answer with its body changed.
pub(super) fn edited(answer: Answer, edit: impl FnOnce(&mut Value)) -> Answer {
    let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) else { return answer };
    edit(&mut body);
    Answer { body: body.to_string().into(), ..answer }
}

/// The answer with the first of a text replaced: for what no JSON value can be.
pub(super) fn first_text(answer: Answer, from: &str, to: &str) -> Answer {
    let body = String::from_utf8_lossy(&answer.body).replacen(from, to, 1);
    Answer { body: body.into(), ..answer }
}

/// Changes every record of a list.
pub(super) fn records(body: &mut Value, edit: impl FnMut(&mut Value)) {
    body["data"].as_array_mut().into_iter().flatten().for_each(edit);
}

/// Changes the first record of a list.
pub(super) fn first_record(body: &mut Value, edit: impl FnOnce(&mut Value)) {
    if let Some(record) = body["data"].as_array_mut().and_then(|data| data.first_mut()) {
        edit(record);
    }
}

/// Changes the first product of a discovery.
pub(super) fn first_product(body: &mut Value, edit: impl FnOnce(&mut Value)) {
    if let Some(product) = body["data"]["resources"].as_array_mut().and_then(|all| all.first_mut()) {
        edit(product);
    }
}

/// Takes a property away.
pub(super) fn without(object: &mut Value, name: &str) {
    if let Some(members) = object.as_object_mut() {
        members.remove(name);
    }
}
