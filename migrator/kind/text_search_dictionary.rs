//! Text search dictionaries (CREATE TEXT SEARCH DICTIONARY, chapter 12.6; catalog `pg_ts_dict`).
//! Options are altered in place. Another template needs another dictionary, which the configurations take in its stead.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchDictionary {
    template: String,
    /// Names and values, both quoted as the server stores them, in their order.
    options: Vec<(String, String)>,
}

impl Kind for TextSearchDictionary {
    const LABEL: &'static str = "text search dictionary";
    const SELDOM: Option<&'static str> = Some("pg_ts_dict");
    // The server keeps the options as one text, which it wrote itself: a quote in a value is doubled, whatever the form.
    const QUERY: &'static str = r#"
        select 'pg_ts_dict'::regclass::oid, d.oid, 0, array[s.name, d.dictname]::text[],
            (select format('%I.%I', n.nspname, t.tmplname) from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace
                where t.oid = d.dicttemplate) as template,
            (select coalesce(json_agg(o.pair order by o.number), '[]')
                from regexp_matches(d.dictinitoption, '("(?:[^"]|"")*"|[^ =,]+) = (E?''(?:[^'']|'''')*''|[^ ,'']+)', 'g')
                    with ordinality o (pair, number)) as options
        from pg_ts_dict d join user_schema s on s.oid = d.dictnamespace
        where not exists (select from member m where m.classid = 'pg_ts_dict'::regclass and m.objid = d.oid)"#;

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let template = format!("TEMPLATE = {}", self.template);
        let options = self.options.iter().map(|(name, value)| format!("{name} = {value}"));
        let items = std::iter::once(template).chain(options).collect::<Vec<_>>().join(",\n    ");
        Recipe::one(Statement::new(format!("CREATE TEXT SEARCH DICTIONARY {} (\n    {items}\n)", id.sql())))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP TEXT SEARCH DICTIONARY {}", id.sql())).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let TextSearchDictionary { template, options } = change.desired;
        if *template != change.current.template {
            return change.desired.swap(id, cx);
        }
        // What is set goes to the end of the list: everything behind the first difference is set anew.
        let same = options.iter().zip(&change.current.options).take_while(|(desired, current)| desired == current).count();
        let kept = |name: &str| options[same..].iter().any(|(other, _)| other == name);
        let gone = change.current.options[same..].iter().filter(|(name, _)| !kept(name)).map(|(name, _)| name.clone());
        let set = options[same..].iter().map(|(name, value)| format!("{name} = {value}"));
        let items = gone.chain(set).collect::<Vec<_>>().join(", ");
        let sql = format!("ALTER TEXT SEARCH DICTIONARY {} ({items})", id.sql());
        Alteration::InPlace(Recipe::one(Statement::new(sql)))
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER TEXT SEARCH DICTIONARY {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.template);
    }
}

impl TextSearchDictionary {
    /// The old one steps aside, and goes once no configuration has it.
    fn swap(&self, id: &ObjectId, cx: &Context) -> Alteration {
        let name = super::index::temporary(id.raw_name());
        let aside = ObjectId::new(id.kind, [&id.path[0], &name]);
        let away = format!("ALTER TEXT SEARCH DICTIONARY {} RENAME TO {}", id.sql(), quote(&name));
        let users = cx.catalogs.current.used_by(id).filter(|user| user.kind == ObjectKind::TextSearchConfiguration);
        let users = users.filter(|user| !cx.is_dropped(user));
        let taken = users.map(|user| {
            let replace = format!("ALTER MAPPING REPLACE {} WITH {}", aside.sql(), id.sql());
            Statement::new(format!("ALTER TEXT SEARCH CONFIGURATION {} {replace}", user.sql())).joined()
        });
        let mut establish = vec![Statement::new(away)];
        establish.extend(self.create(id, &[], cx).establish.into_iter().map(Statement::joined));
        establish.extend(taken);
        let drop = Statement::new(format!("DROP TEXT SEARCH DICTIONARY {}", aside.sql()));
        Alteration::Swap(Recipe::many(establish).finish(drop))
    }
}
