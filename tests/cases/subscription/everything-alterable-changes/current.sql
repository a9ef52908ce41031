CREATE SUBSCRIPTION s CONNECTION 'host=a dbname=d' PUBLICATION p, q
    WITH (connect = false, slot_name = 'one', binary = false, streaming = off, synchronous_commit = 'off');
CREATE SUBSCRIPTION loses_slot CONNECTION 'host=a dbname=d' PUBLICATION p WITH (connect = false, slot_name = 'two');
CREATE SUBSCRIPTION password CONNECTION 'postgresql://u:one@h/d' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION same CONNECTION 'postgresql://u:one@h/d' PUBLICATION p WITH (connect = false, slot_name = 'three');
COMMENT ON SUBSCRIPTION same IS 'one';
