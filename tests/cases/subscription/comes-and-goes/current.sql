CREATE TABLE t (id integer PRIMARY KEY);
CREATE SUBSCRIPTION sliced_off CONNECTION 'host=nowhere.invalid dbname=d' PUBLICATION p
    WITH (connect = false, slot_name = 'a_slot', binary = true);
