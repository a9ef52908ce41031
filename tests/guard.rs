//! The rules of the house that a compiler cannot hold: floors, purity, kind-blindness, coverage, sizes, codes.
//! It is here so that a rule is stated once, and no reviewer has to repeat it.
//! It never judges taste: each rule is a function from sources to violations, and each has shown that it can fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use migrator::code::Code;

use crate::support::rust::{Source, Token, words};

const MOST_LINES_OF_A_FILE: usize = 600;
const MOST_LINES_OF_A_FUNCTION: usize = 100;

/// Every module on its floor; imports point downward, or stay.
const FLOORS: [&[&str]; 6] = [
    &["pair", "name", "code", "script"],
    &["statement", "catalog", "kind", "context", "rename"],
    &["diff", "scope", "plan", "revision", "progress", "report"],
    &["introspect", "connect", "sessions", "ledger", "execute", "archive", "scratch", "throwaway"],
    &["app"],
    &["entry", "demo", "main", "lib"],
];
/// Up to here everything is a function of its arguments.
const HIGHEST_PURE_FLOOR: usize = 2;
/// Words of the world; those that end with `_` are beginnings.
const IMPURE: &[&str] = &[
    "sqlx",
    "tokio",
    "aws_",
    "lambda_",
    "rand",
    "SystemTime",
    "Instant",
    "async",
    "await",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "Timestamp::now",
    "Zoned::now",
];

/// Kinds whose cases are in the folder of another kind, and a word that some case there holds because of them.
const FOLDERS: &[(&str, &str, &str)] = &[
    ("aggregate", "routine", "CREATE AGGREGATE"),
    ("attribute", "comment", "COMMENT ON COLUMN"),
    ("domain_constraint", "domain", "CHECK"),
    ("enum_type", "enum", "AS ENUM"),
    ("inheritance", "table", "INHERITS"),
    ("publication_table", "publication", "FOR TABLE"),
    ("operator_family_member", "operator_family", "ALTER OPERATOR FAMILY"),
    ("text_search_parser", "text_search_configuration", "CREATE TEXT SEARCH PARSER"),
    ("text_search_template", "text_search_configuration", "CREATE TEXT SEARCH TEMPLATE"),
];
/// Folders for cases of many kinds.
const MIXED: &[&str] = &["mixed"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(directory: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join(directory)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                sources.push(Source::new(&name, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// The product's sources, and there are some.
fn product() -> Vec<Source> {
    let sources = sources("migrator");
    assert!(sources.len() > 50, "only {} sources were found", sources.len());
    sources
}

#[track_caller]
fn none(violations: &[String]) {
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[track_caller]
fn one(violations: &[String], expected: &str) {
    assert_eq!(violations, [expected]);
}

// ---- floors

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

fn climbs(source: &Source) -> Vec<String> {
    let Some(own) = floor(source.module()) else {
        return vec![format!("{}: the module {} has no floor in tests/guard.rs", source.path, source.module())];
    };
    let mut violations = BTreeSet::new();
    for [krate, colon, module] in source.code.windows(3).filter_map(|tokens| <&[Token; 3]>::try_from(tokens).ok()) {
        // Names that a module re-exports at the root are no modules.
        if krate.text == "crate" && colon.text == "::" && floor(&module.text).is_some_and(|floor| floor > own) {
            violations.insert(format!(
                "{}:{}: floor {own} imports {}, which is above it",
                source.path, module.line, module.text
            ));
        }
    }
    violations.into_iter().collect()
}

#[test]
fn imports_point_downward() {
    none(&product().iter().flat_map(climbs).collect::<Vec<_>>());

    let climbing = Source::new("migrator/plan/x.rs", "use crate::name::quote;\nuse crate::execute::run;");
    one(&climbs(&climbing), "migrator/plan/x.rs:2: floor 2 imports execute, which is above it");
    let homeless = Source::new("migrator/cellar.rs", "");
    one(&climbs(&homeless), "migrator/cellar.rs: the module cellar has no floor in tests/guard.rs");
    none(&climbs(&Source::new("migrator/plan.rs", "// use crate::execute;\nuse crate::plan::gate;")));
}

#[test]
fn every_floor_is_inhabited() {
    let modules: BTreeSet<String> = product().iter().map(|source| source.module().to_owned()).collect();
    let strays: Vec<_> = FLOORS.iter().copied().flatten().filter(|module| !modules.contains(**module)).collect();
    assert!(strays.is_empty(), "FLOORS names modules that do not exist: {strays:?}");
}

// ---- purity

fn impurities(source: &Source) -> Vec<String> {
    if floor(source.module()).is_none_or(|floor| floor > HIGHEST_PURE_FLOOR) {
        return Vec::new();
    }
    let mut violations = Vec::new();
    for word in IMPURE {
        let wanted: Vec<String> = words(word).collect();
        let matches =
            |token: &Token, word: &String| token.text == *word || word.ends_with('_') && token.text.starts_with(word);
        for at in source.code.windows(wanted.len()) {
            if at.iter().zip(&wanted).all(|(token, word)| matches(token, word)) {
                violations.push(format!("{}:{}: {word} is of the world, and this is pure", source.path, at[0].line));
            }
        }
    }
    violations
}

#[test]
fn the_middle_is_pure() {
    none(&product().iter().flat_map(impurities).collect::<Vec<_>>());

    for text in ["use std::fs;", "let x = rand::random();", "async fn f() {}", "aws_sdk_s3::Client"] {
        assert_eq!(impurities(&Source::new("migrator/plan.rs", text)).len(), 1, "{text}");
        none(&impurities(&Source::new("migrator/execute.rs", text)));
    }
    none(&impurities(&Source::new("migrator/plan.rs", "/// async\nlet operand = \"tokio\"; // sqlx")));
}

// ---- kind-blindness

/// `column -> Column`, as `kinds!` registers them.
fn registered(sources: &[Source]) -> BTreeMap<String, String> {
    let source = sources.iter().find(|source| source.path == "migrator/kind.rs").unwrap();
    let start =
        source.code.windows(3).position(|at| at[0].text == "kinds" && at[1].text == "!" && at[2].text == "{").unwrap();
    let list = source.code[start + 3..].split(|token| token.text == ",");
    let pair = |entry: &[Token]| match entry {
        [module, colons, kind] if colons.text == "::" => Some((module.text.clone(), kind.text.clone())),
        _ => None,
    };
    list.map_while(pair).collect()
}

/// Who may know tables from triggers.
fn knows_kinds(source: &Source) -> bool {
    source.path == "migrator/kind.rs" || source.path.starts_with("migrator/kind/")
}

fn kinds_named(source: &Source, kinds: &BTreeMap<String, String>) -> Vec<String> {
    let named = |at: &&[Token]| match at[0].text.as_str() {
        "ObjectKind" | "Object" => kinds.values().any(|kind| *kind == at[2].text),
        "kind" => kinds.contains_key(&at[2].text),
        _ => false,
    };
    let places = source.code.windows(3).filter(|at| at[1].text == "::").filter(named);
    places.map(|at| format!("{}:{}: names the kind {}", source.path, at[2].line, at[2].text)).collect()
}

#[test]
fn outside_the_kinds_nobody_names_one() {
    let sources = product();
    let kinds = registered(&sources);
    assert!(kinds.len() >= 26, "only {} kinds are registered", kinds.len());
    let outside = sources.iter().filter(|source| !knows_kinds(source));
    none(&outside.flat_map(|source| kinds_named(source, &kinds)).collect::<Vec<_>>());

    for text in ["if kind == ObjectKind::Table {}", "Object::Index(index) => 1", "use crate::kind::column::Column;"] {
        assert_eq!(kinds_named(&Source::new("migrator/plan.rs", text), &kinds).len(), 1, "{text}");
    }
    none(&kinds_named(&Source::new("migrator/plan.rs", "ObjectKind::ALL; // ObjectKind::Table"), &kinds));
}

// ---- coverage

fn unregistered(sources: &[Source], kinds: &BTreeMap<String, String>) -> Vec<String> {
    let implements = |source: &&Source| {
        source.path.starts_with("migrator/kind/")
            && source.code.windows(3).any(|at| at[0].text == "impl" && at[1].text == "Kind")
    };
    let unknown = sources.iter().filter(implements).filter(|source| !kinds.contains_key(source.stem()));
    unknown.map(|source| format!("{}: implements Kind and is not in kinds!", source.path)).collect()
}

/// The SQL of all cases in a folder of `tests/cases`.
fn cases_in(folder: &Path) -> String {
    let folders = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let files = folders.flat_map(|case| [case.join("current.sql"), case.join("desired.sql")]);
    files.filter_map(|file| fs::read_to_string(file).ok()).collect()
}

fn uncovered(kinds: &BTreeMap<String, String>, cases: &Path) -> Vec<String> {
    let mut violations = Vec::new();
    for module in kinds.keys() {
        let elsewhere = FOLDERS.iter().find(|(kind, ..)| kind == module);
        let (folder, word) = elsewhere.map_or((module.as_str(), ""), |(_, folder, word)| (*folder, *word));
        let sql = cases_in(&cases.join(folder));
        if sql.is_empty() || !sql.contains(word) {
            violations.push(format!("the kind {module} has no case in tests/cases/{folder}"));
        }
    }
    violations
}

#[test]
fn every_kind_is_registered_and_has_cases() {
    let sources = product();
    let kinds = registered(&sources);
    let cases = root().join("tests/cases");
    none(&unregistered(&sources, &kinds));
    none(&uncovered(&kinds, &cases));
    let folders = fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    for folder in folders.map(|entry| entry.file_name().into_string().unwrap()) {
        let known = kinds.contains_key(&folder)
            || FOLDERS.iter().any(|(_, known, _)| *known == folder)
            || MIXED.contains(&&*folder);
        assert!(known, "tests/cases/{folder} is named after no kind");
    }

    let forgotten = Source::new("migrator/kind/moon.rs", "impl Kind for Moon {}");
    one(&unregistered(&[forgotten], &kinds), "migrator/kind/moon.rs: implements Kind and is not in kinds!");
    let untested = BTreeMap::from([("moon".to_owned(), "Moon".to_owned())]);
    one(&uncovered(&untested, &cases), "the kind moon has no case in tests/cases/moon");
}

// ---- sizes

fn oversized(source: &Source) -> Vec<String> {
    let file = (source.lines > MOST_LINES_OF_A_FILE).then(|| format!("{}: {} lines", source.path, source.lines));
    let functions = source.functions();
    let long = functions.into_iter().filter(|(_, lines)| lines.len() > MOST_LINES_OF_A_FUNCTION);
    let long = long.map(|(name, lines)| format!("{}:{}: {name} has {} lines", source.path, lines.start, lines.len()));
    file.into_iter().chain(long).collect()
}

#[test]
fn files_and_functions_are_small() {
    none(&product().iter().chain(&sources("tests")).flat_map(oversized).collect::<Vec<_>>());

    let text = format!("fn f() {{ let x = '{{'; }}\n\nfn g<'a>() -> &'a str {{{}}}", "\n".repeat(100));
    one(&oversized(&Source::new("x.rs", &text)), "x.rs:3: g has 101 lines");
    one(&oversized(&Source::new("x.rs", &"\n".repeat(601))), "x.rs: 601 lines");
    none(&oversized(&Source::new("x.rs", &"\n".repeat(600))));
}

// ---- codes

/// Slug, hint and HTTP status.
type Meaning<'a> = (&'a str, &'a str, u16);

fn miscoded(codes: &[Meaning]) -> Vec<String> {
    let mut violations = Vec::new();
    let mut known = BTreeSet::new();
    for (slug, hint, http) in codes {
        let mut complain = |what: &str| violations.push(format!("the code {slug} {what}"));
        let word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        if !slug.split('-').all(word) {
            complain("is not written in kebab-case");
        }
        if !known.insert(*slug) {
            complain("is there twice");
        }
        if !hint.starts_with(|c: char| c.is_ascii_uppercase()) || !hint.ends_with('.') {
            complain("has no sentence as its hint");
        }
        if !known.insert(*hint) {
            complain("has the hint of another code: what then tells them apart?");
        }
        if !(200..600).contains(http) {
            complain("has no HTTP status");
        }
    }
    violations
}

#[test]
fn codes_are_unique_and_tell_what_to_do() {
    let codes: Vec<Meaning> = Code::ALL.iter().map(|code| (code.slug(), code.hint(), code.http())).collect();
    assert!(codes.len() > 20, "only {} codes", codes.len());
    none(&miscoded(&codes));

    one(&miscoded(&[("a", "Do.", 200), ("a", "Do it.", 200)]), "the code a is there twice");
    one(&miscoded(&[("a_b", "Do.", 200)]), "the code a_b is not written in kebab-case");
    one(&miscoded(&[("a-b", "", 200)]), "the code a-b has no sentence as its hint");
    one(
        &miscoded(&[("a", "Do.", 200), ("b", "Do.", 200)]),
        "the code b has the hint of another code: what then tells them apart?",
    );
    one(&miscoded(&[("a", "Do.", 0)]), "the code a has no HTTP status");
}

// ---- unfinished and unhandled

fn unfinished(source: &Source) -> Vec<String> {
    let at = |at: &[Token]| match (at[0].text.as_str(), at[1].text.as_str()) {
        ("todo" | "unimplemented", "!") => {
            Some(format!("{}:{}: {}! is no answer", source.path, at[0].line, at[0].text))
        }
        // make test-aws runs these, and .ci/run runs it.
        ("[", "ignore") if !source.path.starts_with("tests/aws/") => {
            Some(format!("{}:{}: an ignored test proves nothing; pin what is wrong", source.path, at[0].line))
        }
        _ => None,
    };
    source.all.windows(2).filter_map(at).collect()
}

fn unhandled(source: &Source) -> Vec<String> {
    let calls = source.code.windows(3).filter(|at| at[0].text == "." && at[2].text == "(");
    let panics = calls.filter(|at| ["unwrap", "expect"].contains(&at[1].text.as_str()));
    panics.map(|at| format!("{}:{}: .{}() can panic", source.path, at[1].line, at[1].text)).collect()
}

#[test]
fn nothing_is_left_for_later() {
    none(&product().iter().chain(&sources("tests")).flat_map(unfinished).collect::<Vec<_>>());

    let text = "#[test]\n#[ignore]\nfn f() { todo!() }";
    assert_eq!(unfinished(&Source::new("x.rs", text)).len(), 2);
    none(&unfinished(&Source::new("x.rs", "let todo = \"todo!()\"; // #[ignore]")));
}

#[test]
fn nothing_panics_where_it_could_answer() {
    none(&product().iter().flat_map(unhandled).collect::<Vec<_>>());

    one(&unhandled(&Source::new("x.rs", "fn f() { x\n.unwrap() }")), "x.rs:2: .unwrap() can panic");
    none(&unhandled(&Source::new("x.rs", "x.unwrap_or(1);\n#[cfg(test)]\nmod tests { fn f() { x.expect(\"{\") } }")));
}
