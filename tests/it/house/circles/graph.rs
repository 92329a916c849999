//! Arrows between the files of a crate: from a file to the one that defines what it names.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;

/// The files of a crate and their arrows, by place in the list.
pub(super) struct Graph<'a> {
    sources: &'a [Source],
    modules: BTreeMap<&'a [String], usize>,
    /// From a file to another, with a name that makes the arrow.
    arrows: BTreeMap<(usize, usize), String>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(sources: &'a [Source]) -> Self {
        let modules = sources.iter().enumerate().map(|(place, source)| (&source.module[..], place)).collect();
        let mut graph = Self { sources, modules, arrows: BTreeMap::new() };
        for (from, source) in sources.iter().enumerate() {
            for path in &source.named {
                let Some((to, name)) = graph.definer(from, path) else { continue };
                if to != from {
                    graph.arrows.entry((from, to)).or_insert(name);
                }
            }
        }
        graph
    }

    pub(super) fn arrows(&self) -> usize {
        self.arrows.len()
    }

    /// The file that defines what a path names, and its name; none for what is not of this crate.
    fn definer(&self, from: usize, path: &[String]) -> Option<(usize, String)> {
        let mut at = self.sources[from].module.clone();
        let mut rest = path;
        loop {
            match rest.first().map(String::as_str) {
                Some("crate") => at.clear(),
                Some("super") => drop(at.pop()?),
                Some("self") => {}
                _ => break,
            }
            rest = &rest[1..];
        }
        let bare = rest.len() == path.len();
        // A bare path begins with a module that the file declares, or one that it imported under its last name.
        if bare && !self.modules.contains_key(&[&at[..], &rest[..1]].concat()[..]) {
            let imported = self.sources[from].named.iter().find(|named| {
                named.len() > 1 && named.last() == rest.first() && self.module_at(from, named).is_some()
            })?;
            at = self.module_at(from, imported)?;
            rest = &rest[1..];
        }
        self.walk(at, rest, 0)
    }

    /// The module that an imported path names, if it names one.
    fn module_at(&self, from: usize, path: &[String]) -> Option<Vec<String>> {
        let mut at = self.sources[from].module.clone();
        for (place, part) in path.iter().enumerate() {
            match part.as_str() {
                "crate" => at.clear(),
                "super" => drop(at.pop()?),
                "self" => {}
                _ if place == 0 => return None,
                part => at.push(part.to_owned()),
            }
        }
        self.modules.contains_key(&at[..]).then_some(at)
    }

    fn walk(&self, mut at: Vec<String>, mut rest: &[String], depth: u8) -> Option<(usize, String)> {
        while let Some(part) = rest.first() {
            at.push(part.clone());
            if !self.modules.contains_key(&at[..]) {
                at.pop();
                break;
            }
            rest = &rest[1..];
        }
        let place = *self.modules.get(&at[..])?;
        let Some(name) = rest.first() else {
            return Some((place, at.last().cloned().unwrap_or_default()));
        };
        let source = &self.sources[place];
        if source.defined.contains(name) {
            return Some((place, name.clone()));
        }
        let (path, _) = source.handed_on.iter().find(|(_, handed)| handed == name)?;
        if depth > 8 {
            return None;
        }
        let mut at = source.module.clone();
        let mut path = &path[..];
        while let Some(part) = path.first() {
            match part.as_str() {
                "crate" => at.clear(),
                "super" => drop(at.pop()?),
                "self" => {}
                _ => break,
            }
            path = &path[1..];
        }
        self.walk(at, path, depth + 1)
    }

    /// Files that reach each other, each circle sorted by path.
    pub(super) fn circles(&self) -> Vec<Vec<&'a str>> {
        let reach: Vec<BTreeSet<usize>> = (0..self.sources.len()).map(|from| self.reach(from)).collect();
        let mut circles: BTreeSet<Vec<&str>> = BTreeSet::new();
        for from in 0..self.sources.len() {
            if reach[from].contains(&from) {
                let both = reach[from].iter().filter(|to| reach[**to].contains(&from));
                let mut files: Vec<&str> = both.map(|place| self.sources[*place].path.as_str()).collect();
                files.sort_unstable();
                circles.insert(files);
            }
        }
        circles.into_iter().collect()
    }

    fn reach(&self, from: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut left = vec![from];
        while let Some(at) = left.pop() {
            let next = self.arrows.range((at, 0)..=(at, usize::MAX)).map(|((_, to), _)| *to);
            left.extend(next.filter(|to| reached.insert(*to)));
        }
        reached
    }

    /// Arrows from a child to a definition of its parent.
    pub(super) fn facades(&self) -> Vec<String> {
        let above = |child: &Source, parent: &Source| {
            child.module.len() > parent.module.len() && child.module.starts_with(&parent.module)
        };
        let faults =
            self.arrows.iter().filter(|((from, to), _)| above(&self.sources[*from], &self.sources[*to]));
        faults
            .map(|((from, to), name)| {
                format!(
                    "{} imports {name} of its parent {}",
                    self.sources[*from].path, self.sources[*to].path
                )
            })
            .collect()
    }
}
