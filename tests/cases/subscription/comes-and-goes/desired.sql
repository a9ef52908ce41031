CREATE TABLE t (id integer PRIMARY KEY);
CREATE SUBSCRIPTION plain CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false);
CREATE SUBSCRIPTION bare CONNECTION '' PUBLICATION p, "Q. é" WITH (connect = false, slot_name = NONE, streaming = on, synchronous_commit = 'remote_apply');
CREATE SUBSCRIPTION "it's ""a"" sub. 🐘" CONNECTION 'host=''a b\''c'' password=''hun ter2'' port=1' PUBLICATION "select" WITH (connect = false, slot_name = 'other_slot');
COMMENT ON SUBSCRIPTION "it's ""a"" sub. 🐘" IS 'it''s';
COMMENT ON SUBSCRIPTION plain IS 'plain';
