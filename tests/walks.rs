//! Random schemas, and random steps from one to the next.
//! `walks/slots.sql` holds slots: things that a schema may have, each in several variants. A schema is a choice of one
//! variant (or none) for every slot; a step chooses some of them anew. Every step is migrated and judged as a case is.
//! `WALKS=2000` walks more, `SEED=7` one walk again, both so many from that seed on; what fails is shrunk to a case folder.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use migrator::pair::Pair;

use crate::support::server::{majors, server};
use crate::support::trial::{self, Finding, Side};

const SLOTS: &str = include_str!("walks/slots.sql");
const WALKS: u64 = 100;
const STEPS: usize = 2;
const THREADS: usize = 3;
/// What a name may be instead of what the slots call it: everything that has to be quoted somewhere.
const HOSTILE: [&str; 6] = ["{} \"q\"", "{}.dot", "SELECT {}", "{}$$é🐘", "{};--", "{}'s\\t"];

/// A thing that a schema may have.
#[derive(Debug)]
struct Slot {
    name: &'static str,
    variants: Vec<Variant>,
}

#[derive(Debug)]
struct Variant {
    /// The slots that must be there, by index, and the variants of them that will do (all, if empty).
    needs: Vec<(usize, Vec<usize>)>,
    oldest: u32,
    sql: &'static str,
}

/// For every slot its variant, from 1; 0 is none.
type Choice = Vec<usize>;

/// `=== name`, then for each variant `--- needs other=1,2 another; since 15` and its SQL.
fn slots() -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for block in SLOTS.split("\n=== ").skip(1) {
        let (name, rest) = block.split_once('\n').expect("a slot has variants");
        let mut variants = Vec::new();
        for variant in format!("\n{rest}").split("\n---").skip(1) {
            let (head, sql) = variant.split_once('\n').unwrap_or((variant, ""));
            let mut parsed = Variant { needs: Vec::new(), oldest: 0, sql: sql.trim().to_owned().leak() };
            for clause in head.split(';').map(str::trim).filter(|clause| !clause.is_empty()) {
                if let Some(version) = clause.strip_prefix("since ") {
                    parsed.oldest = version.parse().expect("a version");
                    continue;
                }
                let needs = clause.strip_prefix("needs ").unwrap_or_else(|| panic!("slot {name}: '{clause}'"));
                for need in needs.split_whitespace() {
                    let (other, which) = need.split_once('=').unwrap_or((need, ""));
                    let at = slots.iter().position(|slot| slot.name == other);
                    let at = at.unwrap_or_else(|| panic!("slot {name} needs {other}, which does not come before it"));
                    let which = which.split(',').filter_map(|number| number.parse().ok()).collect();
                    parsed.needs.push((at, which));
                }
            }
            variants.push(parsed);
        }
        slots.push(Slot { name: name.trim().to_owned().leak(), variants });
    }
    slots
}

/// Numbers that depend on nothing but their seed (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("a small number")
    }
}

struct Walk<'a> {
    slots: &'a [Slot],
    names: BTreeMap<&'static str, String>,
    major: u32,
    dice: Dice,
}

impl<'a> Walk<'a> {
    fn new(slots: &'a [Slot], seed: u64, major: u32) -> Self {
        let mut dice = Dice(seed);
        let mut names = BTreeMap::new();
        for name in SLOTS.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                continue;
            }
            names.entry(name).or_insert_with(|| match dice.below(3) {
                0 => {
                    let hostile = HOSTILE[dice.below(HOSTILE.len())].replace("{}", name);
                    format!("\"{}\"", hostile.replace('"', "\"\""))
                }
                _ => name.to_owned(),
            });
        }
        Self { slots, names, major, dice }
    }

    /// The variants of a slot that may stand beside what was chosen before it.
    fn possible(&self, slot: usize, choice: &Choice) -> Vec<usize> {
        let fits = |variant: &Variant| {
            variant.oldest <= self.major
                && variant
                    .needs
                    .iter()
                    .all(|(other, which)| choice[*other] > 0 && (which.is_empty() || which.contains(&choice[*other])))
        };
        let variants = self.slots[slot].variants.iter().enumerate();
        variants.filter(|(_, variant)| fits(variant)).map(|(at, _)| at + 1).collect()
    }

    fn pick(&mut self, slot: usize, choice: &Choice) -> usize {
        let possible = self.possible(slot, choice);
        if possible.is_empty() || self.dice.below(10) < 3 { 0 } else { possible[self.dice.below(possible.len())] }
    }

    fn begin(&mut self) -> Choice {
        let mut choice = vec![0; self.slots.len()];
        for slot in 0..self.slots.len() {
            choice[slot] = self.pick(slot, &choice);
        }
        choice
    }

    /// Some slots chosen anew; what then lacks what it needs changes or goes as well.
    fn step(&mut self, from: &Choice) -> Choice {
        let mut choice = from.clone();
        let changed: Vec<usize> = (0..=self.dice.below(6)).map(|_| self.dice.below(self.slots.len())).collect();
        for slot in 0..self.slots.len() {
            let stands = choice[slot] == 0 || self.possible(slot, &choice).contains(&choice[slot]);
            if changed.contains(&slot) || !stands {
                choice[slot] = self.pick(slot, &choice);
            }
        }
        choice
    }

    fn script(&self, choice: &Choice) -> String {
        let mut script = String::new();
        for (slot, variant) in self.slots.iter().zip(choice).filter(|(_, variant)| **variant > 0) {
            let mut sql = slot.variants[variant - 1].sql.to_owned();
            for (name, quoted) in &self.names {
                sql = sql.replace(&format!("{{{name}}}"), quoted);
            }
            let _ = writeln!(script, "{sql}");
        }
        script
    }
}

/// A schema that has all that one can have.
pub fn whole(seed: u64, major: u32) -> String {
    let slots = slots();
    let mut walk = Walk::new(&slots, seed, major);
    let mut choice = vec![0; slots.len()];
    for slot in 0..slots.len() {
        let possible = walk.possible(slot, &choice);
        choice[slot] = if possible.is_empty() { 0 } else { possible[walk.dice.below(possible.len())] };
    }
    walk.script(&choice)
}

/// What is wrong with the way from one script to another; nothing, if a script itself cannot be loaded.
async fn judge(major: u32, from: &str, to: &str) -> Vec<Finding> {
    let server = server(major);
    let sides = async {
        let (current, current_catalog) = Side::load(server, "walk", from).await?;
        let (desired, desired_catalog) = Side::load(server, "walk", to).await?;
        Ok::<_, Finding>((current, current_catalog, desired.portrait(), desired_catalog))
    };
    match sides.await {
        Ok((mut current, from, goal, to)) => {
            trial::migrate(&mut current, Pair::new(&from, &to), &goal, &trial::options(Vec::new())).await.findings
        }
        Err(finding) => vec![finding],
    }
}

fn judged(major: u32, from: &str, to: &str) -> Vec<Finding> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let judged = catch_unwind(AssertUnwindSafe(|| runtime.block_on(judge(major, from, to))));
    judged.unwrap_or_else(|panic| vec![Finding::new("panic", trial::panic_text(&*panic))])
}

/// Takes away whatever the failure does not need: from both sides what they share, then what only one has.
fn shrink(walk: &Walk, mut pair: Pair<Choice>, category: &str) -> Pair<Choice> {
    let fails = |pair: &Pair<Choice>| {
        let complete = |choice: &Choice| {
            (0..choice.len()).all(|slot| choice[slot] == 0 || walk.possible(slot, choice).contains(&choice[slot]))
        };
        complete(&pair.current)
            && complete(&pair.desired)
            && judged(walk.major, &walk.script(&pair.current), &walk.script(&pair.desired))
                .iter()
                .any(|finding| finding.category == category)
    };
    for slot in (0..walk.slots.len()).rev() {
        let ways = [
            |_: Pair<usize>| Pair::new(0, 0),
            |was: Pair<usize>| Pair::new(was.current, was.current),
            |was: Pair<usize>| Pair::new(was.desired, was.desired),
        ];
        let was = Pair::new(pair.current[slot], pair.desired[slot]);
        for way in ways {
            let now = way(was);
            if now == was {
                break;
            }
            let mut smaller = pair.clone();
            (smaller.current[slot], smaller.desired[slot]) = (now.current, now.desired);
            if fails(&smaller) {
                pair = smaller;
                break;
            }
        }
    }
    pair
}

/// One walk; what failed, if anything did, shrunk and written down.
fn walk(slots: &[Slot], seed: u64, major: u32) -> Result<(), String> {
    let mut walk = Walk::new(slots, seed, major);
    let mut at = walk.begin();
    for _ in 0..STEPS {
        let next = walk.step(&at);
        let findings = judged(major, &walk.script(&at), &walk.script(&next));
        if let Some(first) = findings.first() {
            let small = shrink(&walk, Pair::new(at, next), first.category);
            let (from, to) = (walk.script(&small.current), walk.script(&small.desired));
            let details = judged(major, &from, &to);
            let details: Vec<String> =
                details.iter().map(|finding| format!("{}: {}", finding.category, finding.detail.trim_end())).collect();
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("walk-{major}-{seed}"));
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("current.sql"), &from).unwrap();
            fs::write(folder.join("desired.sql"), &to).unwrap();
            return Err(format!("SEED={seed} PG={major}, written to {}\n{}", folder.display(), details.join("\n")));
        }
        at = next;
    }
    Ok(())
}

#[test]
fn random_walks_arrive() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let slots = slots();
    let (first, count) = match number("SEED") {
        Some(seed) => (seed, number("WALKS").unwrap_or(1)),
        None => (1, number("WALKS").unwrap_or(WALKS)),
    };
    let majors = majors();
    for major in &majors {
        super::cases::prepare(*major);
    }
    let next = AtomicU64::new(first);
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                break;
            }
            // Each seed on one version, or on all if it is walked again.
            let on = majors.iter().enumerate().filter(|(at, _)| count == 1 || seed % majors.len() as u64 == *at as u64);
            for (_, major) in on {
                if let Err(failure) = walk(&slots, seed, *major) {
                    failures.lock().unwrap().push(failure);
                }
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(work))));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {count} walks failed\n\n{}", failures.len(), failures.join("\n\n"));
    println!("{count} walks of {STEPS} steps each, seeds {first} to {}", first + count - 1);
}
