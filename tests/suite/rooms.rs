//! The rooms of `src/` import in one direction only, and so do the files inside some of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, lowest first: a room may import those before it.
const ORDER: &[&str] = &[
    "text",
    "files",
    "unit",
    "arithmetic",
    "circuit",
    "catalogue",
    "generator",
    "network",
    "reference",
    "toolchain",
    "netlist",
    "model",
    "stimulus",
    "simulation",
    "verification",
    "proof",
    "mutation",
    "audit",
    "synthesis",
    "quantization",
    "rules",
    "demo",
    "report",
    "cli",
];

/// Rooms whose files have no circular imports either.
const ACYCLIC: &[&str] = &["stimulus", "simulation", "verification", "audit"];

/// A module path below the crate root: `["unit", "port"]`.
type Module = Vec<String>;

/// The library as its `use` lines and qualified paths describe it.
struct Library {
    /// The source text of each module that has a file.
    texts: BTreeMap<Module, String>,
    /// Re-exports of each module: name and path.
    exports: BTreeMap<Module, BTreeMap<String, Module>>,
}

fn words(path: &str) -> Module {
    path.split("::").map(str::to_string).collect()
}

impl Library {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut texts = BTreeMap::new();
        for path in rust_files(&root) {
            let relative = path.strip_prefix(&root).unwrap().with_extension("");
            let mut module: Module = relative.iter().map(|part| part.to_str().unwrap().to_string()).collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
                module.pop();
            }
            let text = fs::read_to_string(&path).unwrap();
            // Unit tests may import anything.
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_string();
            if module.last().map(String::as_str) != Some("tests") {
                texts.insert(module, text);
            }
        }
        let mut library = Self { texts, exports: BTreeMap::new() };
        let exports = library.texts.iter().map(|(module, text)| {
            let uses = uses(text).into_iter().filter_map(|path| {
                let target = library.absolute(module, &path)?;
                Some((target.last()?.clone(), target))
            });
            (module.clone(), uses.collect())
        });
        library.exports = exports.collect();
        library
    }

    /// The path below the crate root that `path` stands for in `module`; none for other crates.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        match path[0].as_str() {
            "crate" => Some(path[1..].to_vec()),
            "super" => {
                let up = path.iter().take_while(|word| *word == "super").count();
                let base = &module[..module.len().checked_sub(up)?];
                Some([base, &path[up..]].concat())
            }
            "self" => Some([module, &path[1..]].concat()),
            _ => {
                let child = [module.as_slice(), &path[..1]].concat();
                self.texts.contains_key(&child).then(|| [module, path].concat())
            }
        }
    }

    /// The module with a file that a path leads to, through re-exports.
    fn owner(&self, path: &Module) -> Module {
        for len in 1..=path.len() {
            let (parent, rest) = (path[..len - 1].to_vec(), &path[len..]);
            let name = &path[len - 1];
            let is_module = self.texts.contains_key(&path[..len]);
            if is_module && !rest.is_empty() {
                continue;
            }
            let target = self.exports.get(&parent).and_then(|exports| exports.get(name));
            return match target {
                Some(target) if target != path && target[..] != path[..len] => {
                    self.owner(&[target.as_slice(), rest].concat())
                }
                _ if is_module => path[..len].to_vec(),
                _ => parent,
            };
        }
        path.clone()
    }

    /// The files that a file imports.
    fn imports(&self, module: &Module) -> BTreeSet<Module> {
        let text = &self.texts[module];
        let paths = uses(text).into_iter().chain(qualified(text));
        let targets = paths.filter_map(|path| self.absolute(module, &path));
        targets.map(|target| self.owner(&target)).filter(|owner| owner != module).collect()
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(rust_files(&path)),
            false if path.extension().is_some_and(|ending| ending == "rs") => files.push(path),
            false => {}
        }
    }
    files
}

/// The paths of all `use` declarations, those in braces one by one.
fn uses(text: &str) -> Vec<Module> {
    let mut paths = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("use ") {
        let before = rest[..start].rsplit('\n').next().unwrap_or_default();
        rest = &rest[start + 4..];
        let is_declaration = before.trim().is_empty() || before.trim_start().starts_with("pub");
        let Some(end) = rest.find(';').filter(|_| is_declaration) else { continue };
        expand("", &rest[..end].split_whitespace().collect::<Vec<_>>().join(" "), &mut paths);
        rest = &rest[end..];
    }
    paths
}

/// Appends the paths of one declaration, `prefix` before each.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<Module>) {
    if let Some((head, tail)) = tree.split_once('{') {
        let (mut depth, mut item) = (0, String::new());
        for sign in tail.strip_suffix('}').unwrap_or(tail).chars().chain([',']) {
            depth += i32::from(sign == '{') - i32::from(sign == '}');
            match sign {
                ',' if depth == 0 => expand(&format!("{prefix}{head}"), item.trim(), paths),
                _ => item.push(sign),
            }
            if sign == ',' && depth == 0 {
                item.clear();
            }
        }
        return;
    }
    let path = format!("{prefix}{}", tree.split(" as ").next().unwrap_or_default());
    let path = path.trim_end_matches("::self").trim_end_matches("::*");
    if !tree.is_empty() && path.chars().all(|sign| sign.is_ascii_alphanumeric() || "_:".contains(sign)) {
        paths.push(words(path));
    }
}

/// Paths that code outside of `use` declarations and comments spells from `crate` or `super` on.
fn qualified(text: &str) -> Vec<Module> {
    let is_code = |line: &&str| {
        !["//", "use ", "pub use ", "pub(crate) use "]
            .iter()
            .any(|start| line.trim_start().starts_with(start))
    };
    let code = text.lines().filter(is_code).collect::<Vec<_>>().join("\n");
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == ':';
    let paths = code.split(|sign| !is_part(sign)).filter(|word| !word.ends_with(':'));
    paths.filter(|word| word.starts_with("crate::") || word.starts_with("super::")).map(words).collect()
}

/// Nodes of a cycle among the edges, if there is one.
fn circle<N: Ord + Clone>(edges: &BTreeMap<N, BTreeSet<N>>) -> Option<Vec<N>> {
    let mut rest = edges.clone();
    loop {
        let leaves: Vec<N> = rest
            .iter()
            .filter(|(_, targets)| targets.iter().all(|target| !rest.contains_key(target)))
            .map(|(node, _)| node.clone())
            .collect();
        if leaves.is_empty() {
            break;
        }
        leaves.iter().for_each(|leaf| drop(rest.remove(leaf)));
    }
    let mut node = rest.keys().next()?.clone();
    let mut path: Vec<N> = Vec::new();
    while !path.contains(&node) {
        path.push(node.clone());
        node = rest[&node].iter().find(|target| rest.contains_key(target)).unwrap().clone();
    }
    Some(path.split_off(path.iter().position(|known| *known == node).unwrap()))
}

#[test]
fn rooms_import_only_lower_rooms() {
    let library = Library::read();
    let rank = |room: &str| {
        let found = ORDER.iter().position(|known| *known == room);
        found.unwrap_or_else(|| panic!("the room {room} is not in the order"))
    };
    let mut checked = 0;
    let mut wrong = Vec::new();
    for module in library.texts.keys().filter(|module| !module.is_empty() && module[0] != "main") {
        for target in library.imports(module).iter().filter(|target| !target.is_empty()) {
            checked += 1;
            if target[0] != module[0] && rank(&target[0]) > rank(&module[0]) {
                wrong.push(format!("{} imports {}", module.join("::"), target.join("::")));
            }
        }
    }
    assert!(checked > 1000, "only {checked} imports were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Published arithmetic is usable without any hardware.
#[test]
fn arithmetic_imports_only_text() {
    let library = Library::read();
    let own: Vec<&Module> = library
        .texts
        .keys()
        .filter(|module| module.first().is_some_and(|room| room == "arithmetic"))
        .collect();
    assert!(own.len() > 20, "only {} files", own.len());
    let imports = own.into_iter().flat_map(|module| library.imports(module));
    let rooms: BTreeSet<String> = imports.filter_map(|target| target.first().cloned()).collect();
    assert_eq!(rooms, BTreeSet::from(["arithmetic".to_string(), "text".to_string()]));
}

#[test]
fn every_source_folder_has_a_layer() {
    let library = Library::read();
    let rooms: BTreeSet<&str> =
        library.texts.keys().filter_map(|module| module.first()).map(String::as_str).collect();
    let order: BTreeSet<&str> = ORDER.iter().copied().chain(["main"]).collect();
    assert_eq!(rooms, order);
}

#[test]
fn files_inside_a_room_form_no_cycle() {
    let library = Library::read();
    let mut circles = Vec::new();
    for room in ACYCLIC {
        let own = library.texts.keys().filter(|module| module[..].first().is_some_and(|first| first == room));
        let edges: BTreeMap<Module, BTreeSet<Module>> = own
            .map(|module| {
                let imports =
                    library.imports(module).into_iter().filter(|target| target.first() == module.first());
                (module.clone(), imports.collect())
            })
            .collect();
        assert!(edges.len() > 5, "{room} has only {} files", edges.len());
        if let Some(files) = circle(&edges) {
            let files: Vec<String> = files.iter().map(|module| module.join("::")).collect();
            circles.push(files.join(" -> "));
        }
    }
    assert!(circles.is_empty(), "circles of files:\n{}", circles.join("\n"));
}

#[test]
fn detects_cycles_and_imports() {
    let edge = |from: &str, to: &[&str]| {
        (from.to_string(), to.iter().map(|name| name.to_string()).collect::<BTreeSet<_>>())
    };
    let open = BTreeMap::from([edge("a", &["b", "c"]), edge("b", &["c"]), edge("c", &[])]);
    assert_eq!(circle(&open), None);
    let closed = BTreeMap::from([edge("a", &["b"]), edge("b", &["c"]), edge("c", &["b"])]);
    assert_eq!(circle(&closed), Some(vec!["b".to_string(), "c".to_string()]));
    let text = "use super::a::{B, c::{self, D}};\nuse crate::a::G;\npub(crate) use crate::e::F as G;\nlet x = crate::h::i();\n";
    let found: Vec<String> = uses(text).iter().chain(&qualified(text)).map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        ["super::a::B", "super::a::c", "super::a::c::D", "crate::a::G", "crate::e::F", "crate::h::i"]
    );
}

/// Names of the types in `text` that other files can use.
fn visible_types(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (visibility, declaration) = line.trim_start().split_once(' ')?;
        let (keyword, rest) = declaration.split_once(' ')?;
        let is_type = ["struct", "enum", "trait", "type", "union"].contains(&keyword);
        let name = rest.split(|letter: char| !letter.is_alphanumeric()).next()?;
        (visibility.starts_with("pub") && is_type).then_some(name)
    })
}

/// `Args` is the name that clap's own examples give to the options of each verb.
#[test]
fn visible_type_names_are_unique() {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, text) in &Library::read().texts {
        for name in visible_types(text).filter(|&name| name != "Args") {
            files.entry(name.to_string()).or_default().insert(module.join("::"));
        }
    }
    assert!(files.len() > 100, "read {} types", files.len());
    files.retain(|_, modules| modules.len() > 1);
    assert!(files.is_empty(), "one name for several types: {files:#?}");
}

#[test]
fn reads_names_of_visible_types() {
    let text = "pub struct A<T> {\n    pub(crate) enum B {\nstruct Private;\npub fn c() {}\npub(super) trait D: Send {";
    assert_eq!(visible_types(text).collect::<Vec<_>>(), ["A", "B", "D"]);
}
