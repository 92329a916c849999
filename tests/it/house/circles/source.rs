//! A source file as far as imports go: what it declares, defines, hands on and names of its own crate.

/// One file of a crate.
pub(super) struct Source {
    /// Path below `src/`.
    pub(super) path: String,
    /// Module the file holds; empty for the root.
    pub(super) module: Vec<String>,
    /// Modules it declares, each with whether for tests alone.
    declared: Vec<(String, bool)>,
    /// Names it defines at its top level.
    pub(super) defined: Vec<String>,
    /// Paths it hands on (`pub use`), each with the name it hands them on by.
    pub(super) handed_on: Vec<(Vec<String>, String)>,
    /// Paths it names for itself.
    pub(super) named: Vec<Vec<String>>,
}

impl Source {
    pub(super) fn read(path: &str, text: &str) -> Self {
        let code = without_comments_and_tests(text);
        let mut source = Self {
            path: path.to_owned(),
            module: module_of(path),
            declared: Vec::new(),
            defined: Vec::new(),
            handed_on: Vec::new(),
            named: Vec::new(),
        };
        let mut for_tests = false;
        let mut rest = String::new();
        for statement in statements(&code) {
            let bare = without_visibility(statement.trim_start());
            if let Some(name) = bare.strip_prefix("mod ").and_then(|name| name.strip_suffix(';')) {
                source.declared.push((name.trim().to_owned(), for_tests));
            } else if let Some(tree) = bare.strip_prefix("use ").and_then(|tree| tree.strip_suffix(';')) {
                let hands_on = bare.len() < statement.trim_start().len();
                source.used(tree, hands_on);
            } else if let Some(name) = defined_name(bare, &statement) {
                source.defined.push(name);
                rest.push_str(&statement);
            } else {
                rest.push_str(&statement);
            }
            rest.push('\n');
            for_tests = statement.trim() == "#[cfg(test)]";
        }
        source.named.extend(paths_in(&rest));
        source
    }

    fn used(&mut self, tree: &str, hands_on: bool) {
        for (path, name) in leaves(tree) {
            if hands_on { self.handed_on.push((path, name)) } else { self.named.push(path) }
        }
    }
}

/// Leaves out the files that are declared for tests alone, and everything below them.
pub(super) fn drop_tests(sources: &mut Vec<Source>) {
    let for_tests: Vec<Vec<String>> = sources
        .iter()
        .flat_map(|source| {
            let alone = source.declared.iter().filter(|(_, for_tests)| *for_tests);
            alone.map(|(name, _)| [&source.module[..], std::slice::from_ref(name)].concat())
        })
        .collect();
    sources.retain(|source| !for_tests.iter().any(|module| source.module.starts_with(module)));
}

fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// The text without comments, and without the test module at its end.
fn without_comments_and_tests(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text = lines.map(|line| line.split(" // ").next().unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let inline = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..inline].to_owned()
}

/// Top-level statements: a line, or lines up to the `;` that ends a `use`.
fn statements(code: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = false;
    for line in code.lines() {
        match found.last_mut() {
            Some(last) if open => last.push_str(line.trim()),
            _ => found.push(line.to_owned()),
        }
        let begins = without_visibility(line).starts_with("use ");
        open = (open || begins) && !line.trim_end().ends_with(';');
    }
    found
}

fn without_visibility(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("pub") else { return text };
    match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(") ").map_or(text, |(_, rest)| rest),
        None => rest.strip_prefix(' ').unwrap_or(text),
    }
}

/// The name of a definition that begins at the margin.
fn defined_name(bare: &str, statement: &str) -> Option<String> {
    if statement.starts_with(' ') {
        return None;
    }
    let bare = bare.trim_start_matches("const fn ").trim_start_matches("async fn ");
    let words = ["struct ", "enum ", "trait ", "type ", "fn ", "const ", "static ", "macro_rules! "];
    let cut = bare.len() < statement.trim_end().len() && !statement.starts_with("pub");
    let rest = if cut { Some(bare) } else { words.iter().find_map(|word| bare.strip_prefix(word)) };
    let name = rest?.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (!name.is_empty() && name != "_").then(|| name.to_owned())
}

/// Every path of a use tree with the name it is used by.
fn leaves(tree: &str) -> Vec<(Vec<String>, String)> {
    fn walk(prefix: &[String], tree: &str, found: &mut Vec<(Vec<String>, String)>) {
        let tree = tree.trim();
        if let Some((head, group)) = tree.split_once('{') {
            let head = head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
            let prefix = [prefix, &head.collect::<Vec<_>>()].concat();
            let group = group.rsplit_once('}').map_or(group, |(inner, _)| inner);
            parts(group).for_each(|part| walk(&prefix, part, found));
            return;
        }
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
        let own = path.split("::").map(str::trim).filter(|part| !part.is_empty() && *part != "self");
        let full = [prefix, &own.map(str::to_owned).collect::<Vec<_>>()].concat();
        let name =
            alias.map_or_else(|| full.last().cloned().unwrap_or_default(), |name| name.trim().to_owned());
        found.push((full, name));
    }
    let mut found = Vec::new();
    walk(&[], tree, &mut found);
    found
}

/// The parts of a group, split at commas outside inner groups.
fn parts(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    let split = group.split(move |c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    split.map(str::trim).filter(|part| !part.is_empty())
}

/// Paths that code names without a `use`: `crate::..`, `super::..`, and `module::..`.
fn paths_in(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for token in code.split(|c| !word(c)).filter(|token| token.contains("::")) {
        let path: Vec<String> =
            token.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        if path.len() > 1 && !token.starts_with(':') {
            found.push(path);
        }
    }
    found
}
