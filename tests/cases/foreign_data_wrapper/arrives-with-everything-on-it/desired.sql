CREATE SCHEMA far;
CREATE FOREIGN DATA WRAPPER "Odd ""Wrapper"". 🐘";
COMMENT ON FOREIGN DATA WRAPPER "Odd ""Wrapper"". 🐘" IS 'reads what''s far';
GRANT USAGE ON FOREIGN DATA WRAPPER "Odd ""Wrapper"". 🐘" TO app_writer WITH GRANT OPTION;
CREATE FOREIGN DATA WRAPPER plain OPTIONS (debug 'true', "Odd, name" 'it''s a \ value');
CREATE SERVER "My.Server" TYPE 'odd''type' VERSION '1.2-β' FOREIGN DATA WRAPPER "Odd ""Wrapper"". 🐘"
    OPTIONS (host 'db.example', port '5433', dbname 'far''away');
COMMENT ON SERVER "My.Server" IS 'over there';
ALTER SERVER "My.Server" OWNER TO app_owner;
GRANT USAGE ON FOREIGN SERVER "My.Server" TO app_reader;
CREATE USER MAPPING FOR PUBLIC SERVER "My.Server" OPTIONS (user 'anybody');
CREATE USER MAPPING FOR app_reader SERVER "My.Server" OPTIONS (user 'reader', password 'it''s \ a secret');
CREATE FOREIGN TABLE far.orders (
    id integer OPTIONS (column_name 'Order Id') NOT NULL,
    note text COLLATE "C" DEFAULT 'none',
    amount numeric(10, 2) CONSTRAINT amount_is_positive CHECK (amount > 0)
) SERVER "My.Server" OPTIONS (schema_name 'public', table_name 'Orders');
COMMENT ON FOREIGN TABLE far.orders IS 'orders, far away';
COMMENT ON COLUMN far.orders.note IS 'what was said';
ALTER FOREIGN TABLE far.orders OWNER TO app_owner;
GRANT SELECT ON far.orders TO app_reader;
GRANT UPDATE (note) ON far.orders TO app_writer;
CREATE VIEW far.big_orders AS SELECT id, note FROM far.orders WHERE amount > 1000;
