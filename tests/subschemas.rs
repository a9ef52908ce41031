//! Random parts of one large schema, migrated to one another.
//! The whole is what the slots of the walks make together. Of two copies of it random objects are dropped, with CASCADE:
//! what is left are two schemas that share much and differ in many kinds at once. Judged as a case is.
//! `SCHEMA=file.sql` takes another whole (PostgreSQL's regression database, say), `PAIRS=50` makes more, `SEED=7` one
//! again, `SPARE=5` drops every fifth object.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use migrator::pair::Pair;

use crate::support::server::{Database, majors, server};
use crate::support::trial::{self, Finding, Side, Trial};
use crate::walks;

const PAIRS: u64 = 6;
const THREADS: usize = 3;
/// One of how many objects is dropped, by the seed; what depends on it goes too.
const SPARE: [u64; 4] = [3, 6, 12, 40];

/// Drops by kind and identity. What went along with another, what is part of a table's own workings and what has no
/// CASCADE is passed over. The choice depends on nothing but names and the seed.
const DROP: &str = r"
set client_min_messages = error;
do $$
declare
    chosen record;
begin
    for chosen in
        with object as (
            select distinct classid, objid, 0 as objsubid from pg_depend where objid >= 16384 and deptype <> 'e'
            union all select 'pg_class'::regclass, a.attrelid, a.attnum from pg_attribute a join pg_class c on c.oid = a.attrelid
                where c.oid >= 16384 and c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped
                -- A rule with RETURNING cannot come back to a table that lost a column.
                and not exists (select from pg_rewrite r where r.ev_class = c.oid and pg_get_ruledef(r.oid) like '%RETURNING%')
        ), named as (
            select o.*, i.type, i.identity, md5('SEED ' || i.type || ' ' || i.identity) as chance
            from object o, pg_identify_object(o.classid, o.objid, o.objsubid) i
        )
        select n.*, case n.type
            when 'table column' then (select format('alter table %s drop column %I cascade', c.oid::regclass, a.attname)
                from pg_class c join pg_attribute a on a.attrelid = c.oid where c.oid = n.objid and a.attnum = n.objsubid)
            when 'default value' then (select format('alter table %s alter column %I drop %s', d.adrelid::regclass, a.attname,
                    case when a.attgenerated = '' then 'default' else 'expression' end)
                from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.oid = n.objid)
            when 'table constraint' then (select format('alter table %s drop constraint %I cascade', c.conrelid::regclass, c.conname)
                from pg_constraint c where c.oid = n.objid)
            when 'domain constraint' then (select format('alter domain %s drop constraint %I cascade', c.contypid::regtype, c.conname)
                from pg_constraint c where c.oid = n.objid)
            else format('drop %s %s cascade', case n.type when 'composite type' then 'type' when 'statistics object' then 'statistics'
                when 'foreign-data wrapper' then 'foreign data wrapper' else n.type end, n.identity) end as statement
        from named n where ('x' || left(n.chance, 8))::bit(32)::bigint % SPARE = 0 order by n.chance
    loop
        begin
            execute chosen.statement;
        exception when others then
        end;
    end loop;
end $$;
";

fn part(whole: &Database, major: u32, seed: &str, spare: u64) -> Result<Database, Finding> {
    let database = server(major).copy(whole);
    let script = DROP.replace("SEED", seed).replace("SPARE", &spare.to_string());
    database.try_run(&script).map_err(|error| Finding::new("load", error))?;
    Ok(database)
}

/// Whether the difference that `pg_dump` shows is what planning again tells of the tables it is of, and can do nothing
/// about: names of what is inherited, and what is local of that. The place of a column makes none.
fn is_told(finding: &Finding, told: &BTreeMap<String, String>) -> bool {
    let of = |line: &str| {
        let mut words = line.split(|c: char| c.is_whitespace() || "(),;".contains(c));
        words.find_map(|word| told.get_key_value(word))
    };
    let mut table = None;
    let mut unmatched: BTreeMap<(&str, String), isize> = BTreeMap::new();
    for line in finding.detail.lines().skip(1) {
        table = of(line).or(table.filter(|_| line.starts_with(['-', '+'])));
        let Some((table, notes)) = table else { return false };
        let mut words: Vec<&str> = line[1..].trim_end_matches(',').split_whitespace().collect();
        if let Some(at) = words.iter().position(|word| *word == "CONSTRAINT").filter(|_| notes.contains("another name"))
        {
            words.drain(at..words.len().min(at + 2));
        }
        let sign = isize::from(line.starts_with('+')) - isize::from(line.starts_with('-'));
        if !["inherited on one side", "local there", "parent's"].iter().any(|note| notes.contains(note)) {
            *unmatched.entry((table, words.join(" "))).or_default() += sign;
        }
    }
    finding.category == "dump" && unmatched.values().all(|count| *count == 0)
}

async fn judge(whole: &Database, major: u32, seed: u64, spare: u64) -> Result<Trial, Finding> {
    let [current, desired] = ["a", "b"].map(|side| part(whole, major, &format!("{seed}{side}"), spare));
    let (current, desired) = (current?, desired?);
    let urls = Pair::new(current.url.clone(), desired.url.clone());
    let (mut current, from) = Side::of(current, &urls.current).await?;
    let (desired, to) = Side::of(desired, &urls.desired).await?;
    let (there, options) = (desired.portrait(), trial::options(Vec::new()));
    Ok(trial::migrate(&mut current, Pair::new(&from, &to), &there, &options).await)
}

fn judged(script: &str, major: u32, seed: u64, spare: u64) -> Trial {
    let failed = |finding| Trial { findings: vec![finding], ..Trial::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let whole = server(major).database("whole");
    if let Err(error) = whole.try_run(script) {
        return failed(Finding::new("load", error));
    }
    match catch_unwind(AssertUnwindSafe(|| runtime.block_on(judge(&whole, major, seed, spare)))) {
        Ok(judged) => judged.unwrap_or_else(failed),
        Err(panic) => failed(Finding::new("panic", trial::panic_text(&*panic))),
    }
}

#[test]
fn parts_of_one_schema_become_each_other() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let given = std::env::var("SCHEMA").ok().map(|path| fs::read_to_string(path).expect("the file of SCHEMA"));
    let (first, count) = number("SEED").map_or((1, number("PAIRS").unwrap_or(PAIRS)), |seed| (seed, 1));
    let majors = majors();
    for major in &majors {
        super::cases::prepare(*major);
    }
    let next = AtomicU64::new(first);
    let (failures, statements) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                break;
            }
            let place = usize::try_from(seed).expect("a small number");
            let spare = number("SPARE").unwrap_or(SPARE[place % SPARE.len()]);
            let major = majors[place / SPARE.len() % majors.len()];
            let script = given.clone().unwrap_or_else(|| walks::whole(seed, major));
            let Trial { plan, mut findings, told, .. } = judged(&script, major, seed, spare);
            findings.retain(|finding| !is_told(finding, &told));
            let sql = plan.as_ref().map(trial::sql).unwrap_or_default();
            let count = plan.map_or(0, |plan| plan.batches.iter().map(|batch| batch.statements.len()).sum());
            statements.fetch_add(count, Ordering::Relaxed);
            if !findings.is_empty() {
                let told =
                    findings.iter().map(|finding| format!("{}: {}\n", finding.category, finding.detail.trim_end()));
                let told: String = told.collect();
                failures.lock().unwrap().push(format!("SEED={seed} PG={major} SPARE={spare}\n{told}--- plan\n{sql}"));
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(work))));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {count} pairs failed\n\n{}", failures.len(), failures.join("\n\n"));
    let statements = statements.into_inner();
    assert!(statements > 0, "nothing was dropped");
    println!("{count} pairs of parts, {statements} statements, seeds {first} to {}", first + count - 1);
}
