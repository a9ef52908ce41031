//! `docs/locks.md`: what each shape of statement was seen to do, on each major version.
//! It is here so that what the page says is what a server did, and stays so. It never says what nobody has seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use migrator::statement::LockMode;

use super::deeds::Deed;
use super::oracle;

/// What comes before the tables.
const PREFACE: &str = include_str!("lockbook.md");
const HEAD: &str =
    "| statement | strongest lock | reads every row | rewrites | versions |\n| --- | --- | --- | --- | --- |\n";

/// Of one shape, on one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    lock: Option<LockMode>,
    scans: Often,
    rewrites: Often,
}

impl Effect {
    fn is_idle(&self) -> bool {
        self.lock <= Some(LockMode::RowExclusive)
    }

    fn cells(&self) -> [String; 3] {
        let lock = self.lock.map_or("none".to_owned(), |mode| mode.to_string());
        [lock, self.scans.to_string(), self.rewrites.to_string()]
    }

    /// Whether statements of this shape do that among other things.
    fn is_within(&self, [lock, scans, rewrites]: &[&str; 3]) -> bool {
        let some = Often::Sometimes.to_string();
        let [own_lock, own_scans, own_rewrites] = self.cells();
        let weaker = self.lock < LockMode::ALL.into_iter().find(|mode| mode.to_string() == *lock);
        (own_lock == *lock || weaker)
            && [own_scans, some.clone()].contains(&(*scans).to_owned())
            && [own_rewrites, some].contains(&(*rewrites).to_owned())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Often {
    Unseen,
    Never,
    Sometimes,
    Always,
}

impl Often {
    fn of(yes: bool) -> Self {
        if yes { Self::Always } else { Self::Never }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unseen, seen) | (seen, Self::Unseen) => seen,
            (one, other) if one == other => one,
            _ => Self::Sometimes,
        }
    }
}

impl fmt::Display for Often {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unseen => "?",
            Self::Never => "",
            Self::Sometimes => "some",
            Self::Always => "yes",
        })
    }
}

/// By shape and major version.
#[derive(Debug, Default)]
pub struct Lockbook(BTreeMap<String, BTreeMap<u32, Effect>>);

impl Lockbook {
    pub fn add(&mut self, major: u32, deed: &Deed) {
        let seen = Effect {
            lock: deed.lock,
            scans: deed.scans.map_or(Often::Unseen, Often::of),
            rewrites: Often::of(deed.rewrites),
        };
        let versions = self.0.entry(deed.shape.clone()).or_default();
        let effect = versions.entry(major).or_insert_with(|| seen.clone());
        effect.lock = effect.lock.max(seen.lock);
        effect.scans = effect.scans.and(seen.scans);
        effect.rewrites = effect.rewrites.and(seen.rewrites);
    }

    /// What was seen and does not stand on the page, and, once all was seen, what stands there and was not.
    pub fn complaints(&self, page: &str, majors: &[u32], whole: bool) -> Vec<String> {
        let written = Written::new(page);
        let mut complaints = Vec::new();
        for (shape, versions) in &self.0 {
            for (major, effect) in versions {
                let told = written.rows.get(&(shape, *major));
                let right = match told {
                    None => effect.is_idle() && written.idle.contains(&**shape),
                    Some(told) if whole => *told == effect.cells().each_ref().map(String::as_str),
                    Some(told) => effect.is_within(told),
                };
                if !right {
                    complaints.push(format!("{shape} on {major}: {effect:?} was seen, {told:?} is written"));
                }
            }
        }
        let seen = |shape: &str, major: u32| self.0.get(shape).is_some_and(|versions| versions.contains_key(&major));
        let unseen =
            written.rows.keys().filter(|(shape, major)| whole && majors.contains(major) && !seen(shape, *major));
        complaints.extend(unseen.map(|(shape, major)| format!("{shape} on {major}: written, and not seen")));
        complaints
    }

    /// The page.
    pub fn page(&self) -> String {
        let mut page = format!("{PREFACE}\n{HEAD}");
        let mut idle = BTreeSet::new();
        for (shape, versions) in &self.0 {
            let rows = rows(versions);
            if versions.values().all(Effect::is_idle) {
                idle.insert(format!("`{shape}`"));
                continue;
            }
            for (majors, effect) in rows {
                let _ = writeln!(page, "| `{shape}` | {} | {majors} |", effect.cells().join(" | "));
            }
        }
        let idle = idle.into_iter().collect::<Vec<_>>().join(", ");
        let _ = write!(page, "\n## No lock that anybody would notice\n\n{idle}\n");
        page
    }
}

/// What a page says that was written before.
#[derive(Debug)]
struct Written<'p> {
    /// Lock, scans and rewrites, by shape and version.
    rows: BTreeMap<(&'p str, u32), [&'p str; 3]>,
    idle: BTreeSet<&'p str>,
}

impl<'p> Written<'p> {
    fn new(page: &'p str) -> Self {
        let (mut rows, mut idle) = (BTreeMap::new(), BTreeSet::new());
        for line in page.lines() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            if let ["", shape, lock, scans, rewrites, majors, ""] = cells[..] {
                let majors = majors.split(", ").filter_map(|major| major.parse().ok());
                rows.extend(majors.map(|major| ((shape.trim_matches('`'), major), [lock, scans, rewrites])));
            } else if line.starts_with('`') {
                idle.extend(line.split("`, `").map(|shape| shape.trim_matches('`')));
            }
        }
        Self { rows, idle }
    }
}

/// Versions that do the same in one row.
fn rows(versions: &BTreeMap<u32, Effect>) -> Vec<(String, &Effect)> {
    let mut groups: Vec<(Vec<u32>, &Effect)> = Vec::new();
    for (major, effect) in versions {
        match groups.iter_mut().find(|(_, other)| *other == effect) {
            Some((majors, _)) => majors.push(*major),
            None => groups.push((vec![*major], effect)),
        }
    }
    let named = |majors: Vec<u32>| majors.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    groups.into_iter().map(|(majors, effect)| (named(majors), effect)).collect()
}

/// What statements have in common that PostgreSQL carries out alike: its keywords up to where definitions begin.
pub fn shape(sql: &str) -> String {
    let words = oracle::words(sql);
    let limit = match words.first().copied() {
        Some("ALTER") if words.starts_with(&["ALTER", "DEFAULT", "PRIVILEGES"]) => 0,
        Some("ALTER") if has(&words, &["ALTER", "COLUMN"]) || has(&words, &["ADD", "CONSTRAINT"]) => 3,
        Some("ALTER") => 2,
        Some("CREATE") if words.iter().take(4).any(|word| *word == "INDEX") => 2,
        Some("GRANT" | "REVOKE") => return granted(&words),
        _ => 1,
    };
    if limit == 0 {
        return words[..3].join(" ");
    }
    let mut names = 0;
    let until = words.iter().position(|word| {
        names += usize::from(*word == "_");
        names == limit
    });
    let mut shape = words[..until.unwrap_or(words.len())].join(" ");
    if has(&words, &["NOT", "VALID"]) && !shape.ends_with("NOT VALID") {
        shape.push_str(" .. NOT VALID");
    }
    if has(&words, &["DETACH"]) && words.last() == Some(&"CONCURRENTLY") {
        shape.push_str(" .. CONCURRENTLY");
    }
    shape
}

/// `GRANT .. ON TABLE`
fn granted(words: &[&str]) -> String {
    let on = words.iter().position(|word| *word == "ON");
    let of = on.map(|on| words[on + 1..].iter().take_while(|word| **word != "_").copied().collect::<Vec<_>>());
    of.map_or(words[0].to_owned(), |of| format!("{} .. ON {}", words[0], of.join(" ")))
}

fn has(words: &[&str], sequence: &[&str]) -> bool {
    words.windows(sequence.len()).any(|window| window == sequence)
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn a_shape_ends_where_definitions_begin() {
        for (sql, expected) in [
            ("ALTER TABLE public.\"T\" ADD COLUMN a integer DEFAULT 1", "ALTER TABLE _ ADD COLUMN"),
            ("ALTER TABLE t ALTER COLUMN a TYPE text USING (a::text)", "ALTER TABLE _ ALTER COLUMN _ TYPE"),
            (
                "ALTER TABLE t ADD CONSTRAINT c CHECK ((a IS NOT NULL)) NOT VALID",
                "ALTER TABLE _ ADD CONSTRAINT _ CHECK NOT VALID",
            ),
            ("ALTER TABLE p DETACH PARTITION c CONCURRENTLY", "ALTER TABLE _ DETACH PARTITION .. CONCURRENTLY"),
            ("CREATE UNIQUE INDEX CONCURRENTLY i ON t USING btree (a)", "CREATE UNIQUE INDEX CONCURRENTLY _ ON"),
            ("REVOKE SELECT, INSERT ON TABLE t FROM r", "REVOKE .. ON TABLE"),
            ("CREATE VIEW v AS SELECT a FROM t", "CREATE VIEW"),
        ] {
            assert_eq!(shape(sql), expected);
        }
    }
}
