//! What is changed while an application is at work: one recipe for each way in which a plan keeps out of its way.
//! It is here so that each change is stated once, in plain statements: dev is made by them, and they are what a sync is
//! measured against.
//! It never says how a sync does it.

use super::load::Transactions;
use crate::support::server::{Database, Server};

/// The tables that an application uses, and what it does with them. `:rows` is the number of rows of each.
#[derive(Debug)]
pub struct Stage {
    schema: &'static str,
    rows: &'static str,
    pub reads: Transactions,
    pub writes: Transactions,
}

#[derive(Debug)]
pub struct Recipe {
    pub name: &'static str,
    stage: &'static Stage,
    /// What is there besides.
    before: &'static str,
    /// From there to where dev is, as Alembic and migra write it.
    change: &'static str,
}

impl Stage {
    /// A database to be copied.
    pub fn fill(&self, server: &Server, rows: usize) -> Database {
        let database = server.database("filled");
        database.run(&with(rows, self.schema));
        database.run(&with(rows, self.rows));
        database.run("vacuum analyze");
        database
    }

    pub fn recipes(&self) -> Vec<&'static Recipe> {
        RECIPES.iter().filter(|recipe| std::ptr::eq(recipe.stage, self)).collect()
    }
}

/// What is there before some recipes, without rows.
pub fn schema(recipes: &[&Recipe], rows: usize) -> String {
    recipes.first().map_or(String::new(), |recipe| with(rows, recipe.stage.schema)) + &before(recipes, rows)
}

/// What they need besides what their stage has.
pub fn before(recipes: &[&Recipe], rows: usize) -> String {
    recipes.iter().map(|recipe| with(rows, recipe.before)).collect()
}

/// What leads from there to where dev is.
pub fn change(recipes: &[&Recipe], rows: usize) -> String {
    recipes.iter().map(|recipe| with(rows, recipe.change)).collect()
}

fn with(rows: usize, sql: &str) -> String {
    sql.replace(":rows", &rows.to_string())
}

pub const STAGES: &[&Stage] = &[&PLAIN, &PARTITIONED];

static PLAIN: Stage = Stage {
    schema: "
        CREATE TYPE state AS ENUM ('open', 'paid');
        CREATE TABLE customer (id integer PRIMARY KEY, name text NOT NULL, email text, visits integer DEFAULT 0 NOT NULL);
        CREATE TABLE purchase (id integer PRIMARY KEY, customer integer NOT NULL, amount integer DEFAULT 0,
            state state DEFAULT 'open' NOT NULL, note text);
        CREATE INDEX purchase_customer ON purchase (customer);
        CREATE VIEW paid AS SELECT id, customer, amount FROM purchase WHERE state = 'paid';",
    rows: "
        INSERT INTO customer SELECT g, 'name ' || g, 'mail' || g || '@example.org' FROM generate_series(1, :rows) g;
        INSERT INTO purchase SELECT g, 1 + g % 1000, 0, 'paid', repeat('x', 40) FROM generate_series(1, :rows) g;",
    reads: &[
        &["SELECT customer, amount, state::text, note FROM purchase WHERE id = $1"],
        &["SELECT name, email, visits FROM customer WHERE id = $1"],
        &["SELECT id, amount FROM paid WHERE id = $1"],
        &["SELECT c.name, p.amount FROM purchase p JOIN customer c ON c.id = p.customer WHERE p.id = $1"],
    ],
    writes: &[
        &["UPDATE purchase SET amount = amount + 1 WHERE id = $1"],
        &["UPDATE customer SET visits = visits + 1 WHERE id = $1"],
        &["INSERT INTO purchase (id, customer) VALUES ($1, 1 + $1 % 1000)"],
        &["INSERT INTO customer (id, name, email) VALUES ($1, 'new', format('new%s@example.org', $1))"],
        &[
            "UPDATE purchase SET amount = amount - 1 WHERE id = $1",
            "UPDATE purchase SET amount = amount + 1 WHERE id = $1",
        ],
        &[
            "UPDATE purchase SET amount = amount + 1 WHERE id = $1",
            "UPDATE customer SET visits = visits + 1 WHERE id = $1",
        ],
        &[
            "UPDATE customer SET visits = visits + 1 WHERE id = $1",
            "UPDATE purchase SET amount = amount + 1 WHERE id = $1",
        ],
    ],
};

/// A quarter of the rows in each of two partitions, the rest, and what comes, in the default one.
static PARTITIONED: Stage = Stage {
    schema: "
        CREATE TABLE customer (id integer PRIMARY KEY, visits integer DEFAULT 0 NOT NULL);
        CREATE TABLE event (id integer PRIMARY KEY, customer integer NOT NULL, amount integer DEFAULT 0)
            PARTITION BY RANGE (id);
        CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (MINVALUE) TO (:rows / 4);
        CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (:rows / 4) TO (:rows / 2);
        CREATE TABLE event_rest PARTITION OF event DEFAULT;
        CREATE TABLE note (id integer PRIMARY KEY, event integer NOT NULL, words integer DEFAULT 0);
        CREATE TABLE event_later (id integer PRIMARY KEY, customer integer NOT NULL, amount integer DEFAULT 0);",
    rows: "
        INSERT INTO customer SELECT g FROM generate_series(1, :rows) g;
        INSERT INTO event SELECT g, g FROM generate_series(1, :rows) g;
        INSERT INTO note SELECT g, g FROM generate_series(1, :rows) g;
        INSERT INTO event_later SELECT g + 10 * :rows, g FROM generate_series(1, :rows) g;",
    reads: &[
        &["SELECT customer, amount FROM event WHERE id = $1"],
        &["SELECT visits FROM customer WHERE id = $1"],
        &["SELECT n.words, e.amount FROM note n JOIN event e ON e.id = n.event WHERE n.id = $1"],
        &["SELECT customer, amount FROM event_later WHERE id = $1 + 10 * :rows"],
    ],
    writes: &[
        &["UPDATE event SET amount = amount + 1 WHERE id = $1"],
        &["UPDATE note SET words = words + 1 WHERE id = $1"],
        &["UPDATE event_later SET amount = amount + 1 WHERE id = $1 + 10 * :rows"],
        &["INSERT INTO event (id, customer) VALUES ($1, 1 + $1 % 1000)"],
        &["INSERT INTO event_later (id, customer) VALUES ($1 + 10 * :rows, 1 + $1 % 1000)"],
        &["INSERT INTO note (id, event) VALUES ($1, 1 + $1 % 1000)"],
        &[
            "UPDATE event SET amount = amount + 1 WHERE id = $1",
            "UPDATE customer SET visits = visits + 1 WHERE id = $1",
        ],
        &[
            "UPDATE customer SET visits = visits + 1 WHERE id = $1",
            "UPDATE event SET amount = amount + 1 WHERE id = $1",
        ],
        &["UPDATE note SET words = words + 1 WHERE id = $1", "UPDATE event SET amount = amount + 1 WHERE id = $1"],
        &["UPDATE event SET amount = amount + 1 WHERE id = $1", "UPDATE note SET words = words + 1 WHERE id = $1"],
    ],
};

/// Each can also come after those of its stage that stand before it.
const RECIPES: &[Recipe] = &[
    Recipe {
        name: "index",
        stage: &PLAIN,
        before: "",
        change: "CREATE INDEX purchase_state ON purchase (state, amount);",
    },
    Recipe {
        name: "index replaced",
        stage: &PLAIN,
        before: "CREATE INDEX purchase_note ON purchase (note);",
        change: "DROP INDEX purchase_note; CREATE INDEX purchase_note ON purchase (note, state);",
    },
    Recipe { name: "index dropped", stage: &PLAIN, before: "", change: "DROP INDEX purchase_customer;" },
    Recipe {
        name: "unique constraint",
        stage: &PLAIN,
        before: "",
        change: "ALTER TABLE customer ADD CONSTRAINT customer_email UNIQUE (email);",
    },
    Recipe {
        name: "primary key",
        stage: &PLAIN,
        before: "
            ALTER TABLE purchase DROP CONSTRAINT purchase_pkey; ALTER TABLE purchase ALTER id DROP NOT NULL;
            CREATE INDEX purchase_id ON purchase (id);",
        change: "ALTER TABLE purchase ADD CONSTRAINT purchase_key PRIMARY KEY (id);",
    },
    Recipe {
        name: "foreign key",
        stage: &PLAIN,
        before: "",
        change: "ALTER TABLE purchase ADD CONSTRAINT to_customer FOREIGN KEY (customer) REFERENCES customer (id);",
    },
    Recipe {
        name: "check",
        stage: &PLAIN,
        before: "",
        change: "ALTER TABLE purchase ADD CONSTRAINT purchase_amount CHECK (amount > -1000);",
    },
    Recipe {
        name: "NOT NULL",
        stage: &PLAIN,
        before: "",
        change: "ALTER TABLE customer ALTER COLUMN email SET NOT NULL;",
    },
    Recipe {
        name: "column with a constant default",
        stage: &PLAIN,
        before: "",
        change: "ALTER TABLE purchase ADD COLUMN weight integer DEFAULT 0 NOT NULL;",
    },
    Recipe {
        name: "column with a default that differs in every row",
        stage: &PLAIN,
        before: "",
        change: "ALTER TABLE purchase ADD COLUMN token uuid DEFAULT gen_random_uuid() NOT NULL;",
    },
    // migra makes the type anew; Alembic sees no difference.
    Recipe {
        name: "enum label",
        stage: &PLAIN,
        before: "",
        change: "
            DROP VIEW paid;
            ALTER TABLE purchase ALTER COLUMN state DROP DEFAULT;
            ALTER TYPE state RENAME TO state_old;
            CREATE TYPE state AS ENUM ('open', 'paid', 'sent');
            ALTER TABLE purchase ALTER COLUMN state TYPE state USING state::text::state;
            ALTER TABLE purchase ALTER COLUMN state SET DEFAULT 'open';
            DROP TYPE state_old;
            CREATE VIEW paid AS SELECT id, customer, amount FROM purchase WHERE state = 'paid';",
    },
    Recipe {
        name: "view that is dropped and created",
        stage: &PLAIN,
        before: "",
        change: "DROP VIEW paid; CREATE VIEW paid AS SELECT id, amount FROM purchase WHERE state = 'paid';",
    },
    Recipe {
        name: "ATTACH PARTITION beside a default partition",
        stage: &PARTITIONED,
        before: "",
        change: "ALTER TABLE event ATTACH PARTITION event_later FOR VALUES FROM (10 * :rows) TO (20 * :rows);",
    },
    Recipe {
        name: "index of a partitioned table",
        stage: &PARTITIONED,
        before: "",
        change: "CREATE INDEX event_customer ON event (customer);",
    },
    Recipe {
        name: "unique constraint of a partitioned table",
        stage: &PARTITIONED,
        before: "",
        change: "ALTER TABLE event ADD CONSTRAINT event_key UNIQUE (customer, id);",
    },
    Recipe {
        name: "foreign key of a partitioned table",
        stage: &PARTITIONED,
        before: "",
        change: "ALTER TABLE event ADD CONSTRAINT to_customer FOREIGN KEY (customer) REFERENCES customer (id);",
    },
    Recipe {
        name: "foreign key to a partitioned table",
        stage: &PARTITIONED,
        before: "",
        change: "ALTER TABLE note ADD CONSTRAINT to_event FOREIGN KEY (event) REFERENCES event (id);",
    },
    Recipe {
        name: "check of a partitioned table",
        stage: &PARTITIONED,
        before: "",
        change: "ALTER TABLE event ADD CONSTRAINT event_amount CHECK (amount > -1000);",
    },
    Recipe {
        name: "NOT NULL of a partitioned table",
        stage: &PARTITIONED,
        before: "",
        change: "ALTER TABLE event ALTER COLUMN amount SET NOT NULL;",
    },
];
