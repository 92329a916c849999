//! Patterns of parameters: they take what the functions take, and refuse what a function would refuse at its start.

use ponte_ports::limits::{CallsAMinute, CallsAMonth, CallsASecond};
use ponte_values::PageCaps;
use serde_json::{Value, json};

use super::read::{self, Template};

/// Whether the pattern of a parameter takes a text, which `CloudFormation` holds to the whole of it.
fn takes(template: &Template, parameter: &str, text: &str) -> bool {
    let pattern = template.parameter(parameter)["AllowedPattern"].as_str().expect("a pattern");
    let schema = json!({ "pattern": format!("^(?:{pattern})$") });
    jsonschema::is_valid(&schema, &Value::from(text))
}

/// The floors of a limit, and each of them one lower, one higher, nothing and much.
fn around(floors: &[u32]) -> Vec<String> {
    let text = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    let mut texts = vec![text(floors), text(&floors[1..]), text(&[floors, &[9_999]].concat()), String::new()];
    for (at, floor) in floors.iter().enumerate() {
        for number in [floor - 1, floor + 1, floor * 10, floor * 10 - 1, 0, 1, 999_999_999] {
            let mut numbers = floors.to_vec();
            numbers[at] = number;
            texts.push(text(&numbers));
        }
    }
    texts
}

#[test]
fn l03_l04_l06_no_limit_below_the_regulation_s_gets_to_a_function() {
    let template = Template::read(&read::text());
    let second = template.parameter("CallsPerSecond");
    let least = second["MinValue"].as_u64().expect("a floor");
    assert!(CallsASecond::parse(&least.to_string()).is_ok());
    assert!(CallsASecond::parse(&(least - 1).to_string()).is_err());
    let floors = |parameter: &str| -> Vec<u32> {
        let text = template.parameter(parameter)["Default"].as_str().expect("the floors").to_owned();
        text.split(' ').map(|number| number.parse().expect("a number")).collect()
    };
    let (minute, month) = (around(&floors("CallsPerMinute")), around(&floors("CallsPerMonth")));
    assert!(minute.len() > 30 && month.len() > 30);
    for text in minute.iter().map(String::as_str).chain(["off", "2500  2000 1500 1000"]) {
        assert_eq!(takes(&template, "CallsPerMinute", text), CallsAMinute::parse(text).is_ok(), "{text}");
    }
    for text in month.iter().map(String::as_str).chain(["off", "Off", "off off"]) {
        assert_eq!(takes(&template, "CallsPerMonth", text), CallsAMonth::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn c52_no_page_cap_that_is_none_gets_to_a_function() {
    let template = Template::read(&read::text());
    // That a function takes more is no harm: what it takes is what the pattern says, or less.
    for (text, taken) in [
        ("", true),
        ("loansGetContracts=25", true),
        ("loansGetContracts=1000", true),
        ("loansGetContracts=999,accountsGetAccounts=1", true),
        ("loansGetContracts=999, accountsGetAccounts=1", true),
        ("loansGetContracts=0", false),
        ("loansGetContracts=1001", false),
        ("loansGetContracts=-1", false),
        ("loansGetContracts", false),
        ("=25", false),
        (",", false),
        ("loansGetContracts=25,", false),
        ("loansGetContracts=25;accountsGetAccounts=1", false),
    ] {
        assert_eq!(takes(&template, "PageCaps", text), taken, "{text}");
        assert!(!taken || PageCaps::parse(text).is_ok(), "{text}");
    }
}
