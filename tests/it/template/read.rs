//! The SAM template as JSON: short intrinsics written out (`!Ref X` → `{"Ref": "X"}`), globals merged into functions.

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

use crate::checkout;

/// Text of `infra/template.yaml`.
pub(super) fn text() -> String {
    std::fs::read_to_string(checkout::root().join("infra/template.yaml")).expect("the template can be read")
}

/// The template.
pub(super) struct Template {
    template: Value,
    /// Variables of each function before the global ones were merged in.
    own: Map<String, Value>,
}

/// A resource: logical id and its whole declaration.
#[derive(Clone, Copy)]
pub(super) struct Resource<'a> {
    pub(super) id: &'a str,
    pub(super) declaration: &'a Value,
}

impl<'a> Resource<'a> {
    /// A property by JSON pointer below `Properties`; null when absent.
    pub(super) fn get(self, pointer: &str) -> &'a Value {
        self.declaration.pointer(&format!("/Properties{pointer}")).unwrap_or(&Value::Null)
    }

    /// SAM events of a function of one type: name and properties.
    pub(super) fn events(self, of_type: &'static str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let events = self.get("/Events").as_object().into_iter().flatten();
        events
            .filter(move |(_, event)| event["Type"] == of_type)
            .map(|(name, event)| (name.as_str(), &event["Properties"]))
    }

    /// Environment of a function.
    pub(super) fn environment(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let variables = self.get("/Environment/Variables").as_object().into_iter().flatten();
        variables.map(|(name, value)| (name.as_str(), value))
    }
}

impl Template {
    /// Reads template text.
    pub(super) fn read(text: &str) -> Self {
        let yaml: Yaml = serde_yaml_ng::from_str(text).expect("the template is YAML");
        let mut template = plain(&yaml);
        let globals = template["Globals"]["Function"].clone();
        let mut own = Map::new();
        let resources = template["Resources"].as_object_mut().expect("the template has resources");
        for (id, declaration) in
            resources.iter_mut().filter(|(_, d)| d["Type"] == "AWS::Serverless::Function")
        {
            own.insert(id.clone(), declaration["Properties"]["Environment"]["Variables"].clone());
            let mut merged = globals.clone();
            merge(&mut merged, &declaration["Properties"]);
            declaration["Properties"] = merged;
        }
        Self { template, own }
    }

    /// Variables that a function has beyond the global ones.
    pub(super) fn own_variables(&self, id: &str) -> impl Iterator<Item = &str> {
        self.own[id].as_object().into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// The declaration of a parameter; null when absent.
    pub(super) fn parameter(&self, name: &str) -> &Value {
        &self.template["Parameters"][name]
    }

    fn all(&self) -> impl Iterator<Item = Resource<'_>> {
        let resources = self.template["Resources"].as_object().into_iter().flatten();
        resources.map(|(id, declaration)| Resource { id, declaration })
    }

    /// Resources of one type.
    pub(super) fn of_type(&self, of_type: &'static str) -> impl Iterator<Item = Resource<'_>> {
        self.all().filter(move |resource| resource.declaration["Type"] == of_type)
    }

    /// The functions.
    pub(super) fn functions(&self) -> impl Iterator<Item = Resource<'_>> {
        self.of_type("AWS::Serverless::Function")
    }

    /// The HTTP APIs.
    pub(super) fn apis(&self) -> impl Iterator<Item = Resource<'_>> {
        self.of_type("AWS::Serverless::HttpApi")
    }

    /// The queues, dead letters included.
    pub(super) fn queues(&self) -> impl Iterator<Item = Resource<'_>> {
        self.of_type("AWS::SQS::Queue")
    }

    /// A condition; null when there is none of that name.
    pub(super) fn condition(&self, name: &str) -> &Value {
        &self.template["Conditions"][name]
    }

    /// Type of the resource with this logical id.
    pub(super) fn type_of(&self, id: &str) -> Option<&str> {
        self.template["Resources"][id]["Type"].as_str()
    }
}

/// Logical id behind `Ref` or `Fn::GetAtt`; where a condition decides, that of a stack where it holds.
pub(super) fn target(value: &Value) -> Option<&str> {
    if let Some(chosen) = value["Fn::If"].get(1) {
        return target(chosen);
    }
    let attribute = value["Fn::GetAtt"].as_str().and_then(|text| text.split('.').next());
    value["Ref"].as_str().or(attribute).or_else(|| index(value))
}

/// The table behind `${Table.Arn}/index/name`.
fn index(value: &Value) -> Option<&str> {
    let (table, name) = value["Fn::Sub"].as_str()?.strip_prefix("${")?.split_once(".Arn}/index/")?;
    (!name.is_empty() && !name.contains('*')).then_some(table)
}

/// One or many.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}

fn merge(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                merge(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

fn plain(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Number(number) => serde_json::to_value(number).expect("a YAML number is a JSON number"),
        Yaml::String(text) => json!(text),
        Yaml::Sequence(items) => items.iter().map(plain).collect(),
        Yaml::Mapping(fields) => fields
            .iter()
            .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), plain(value)))
            .collect::<Map<_, _>>()
            .into(),
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let short = tag.trim_start_matches('!');
            let name = if short == "Ref" { short.to_owned() } else { format!("Fn::{short}") };
            json!({ name: plain(&tagged.value) })
        }
    }
}
