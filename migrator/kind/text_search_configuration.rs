//! Text search configurations (CREATE TEXT SEARCH CONFIGURATION, chapter 12.7; catalogs `pg_ts_config`, `pg_ts_config_map`).
//! Mappings are altered in place, which leaves what was indexed under the old ones as it is. Another parser needs another
//! configuration.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::name::{list, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchConfiguration {
    parser: String,
    mappings: Vec<Mapping>,
}

/// A token type, and its dictionaries as SQL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mapping(String, Vec<String>);

impl Kind for TextSearchConfiguration {
    const LABEL: &'static str = "text search configuration";
    const SELDOM: Option<&'static str> = Some("pg_ts_config");
    const QUERY: &'static str = "
        select 'pg_ts_config'::regclass::oid, c.oid, 0, array[s.name, c.cfgname]::text[],
            (select format('%I.%I', n.nspname, p.prsname) from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace
                where p.oid = c.cfgparser) as parser,
            (select coalesce(json_agg(json_build_array(m.alias, m.dictionaries) order by m.tokid), '[]') from (
                select t.tokid, t.alias, json_agg(m.mapdict::regdictionary::text order by m.mapseqno) as dictionaries
                from pg_ts_config_map m join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
                where m.mapcfg = c.oid group by t.tokid, t.alias) m) as mappings
        from pg_ts_config c join user_schema s on s.oid = c.cfgnamespace
        where not exists (select from member m where m.classid = 'pg_ts_config'::regclass and m.objid = c.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let sql = format!("CREATE TEXT SEARCH CONFIGURATION {} (PARSER = {})", id.sql(), self.parser);
        let mappings = map(id, "ADD", &self.mappings.iter().collect::<Vec<_>>());
        Recipe::many(std::iter::once(Statement::new(sql)).chain(mappings.into_iter().map(Statement::joined)).collect())
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP TEXT SEARCH CONFIGURATION {}", id.sql())).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let TextSearchConfiguration { parser, mappings } = change.desired;
        let current = &change.current.mappings;
        if *parser != change.current.parser {
            return Alteration::Replace;
        }
        let has = |mappings: &[Mapping], token: &str| mappings.iter().any(|Mapping(other, _)| other == token);
        let gone = current.iter().filter(|Mapping(token, _)| !has(mappings, token)).map(|Mapping(token, _)| token);
        let gone: Vec<&String> = gone.collect();
        let differing = mappings.iter().filter(|mapping| !current.contains(mapping));
        let (changed, added): (Vec<_>, Vec<_>) = differing.partition(|Mapping(token, _)| has(current, token));
        let mut statements = Vec::new();
        if !gone.is_empty() {
            let drop = format!("ALTER TEXT SEARCH CONFIGURATION {} DROP MAPPING FOR {}", id.sql(), list(&gone));
            statements.push(Statement::new(drop));
        }
        statements.extend(map(id, "ALTER", &changed));
        statements.extend(map(id, "ADD", &added));
        let joined = statements.into_iter().enumerate();
        let joined = joined.map(|(at, statement)| if at > 0 { statement.joined() } else { statement });
        Alteration::InPlace(Recipe::many(joined.collect()))
    }

    /// A dictionary that gets another template hands its mappings over.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        let stays = used.kind == ObjectKind::TextSearchDictionary && !cx.is_dropped(used);
        if stays { Self::alter(id, change, cx) } else { Alteration::Replace }
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER TEXT SEARCH CONFIGURATION {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.parser);
        let dictionaries = self.mappings.iter_mut().flat_map(|Mapping(_, dictionaries)| dictionaries);
        dictionaries.for_each(|dictionary| renaming.sql(dictionary));
    }
}

/// One statement for all token types that go to the same dictionaries.
fn map(id: &ObjectId, verb: &str, mappings: &[&Mapping]) -> Vec<Statement> {
    let mut groups: Vec<(&[String], Vec<&str>)> = Vec::new();
    for Mapping(token, dictionaries) in mappings {
        match groups.iter_mut().find(|(known, _)| known == dictionaries) {
            Some((_, tokens)) => tokens.push(token),
            None => groups.push((dictionaries, vec![token])),
        }
    }
    let statement = |(dictionaries, tokens): (&[String], Vec<&str>)| {
        let mapping = format!("{verb} MAPPING FOR {} WITH {}", list(&tokens), dictionaries.join(", "));
        Statement::new(format!("ALTER TEXT SEARCH CONFIGURATION {} {mapping}", id.sql()))
    };
    groups.into_iter().map(statement).collect()
}
