CREATE SUBSCRIPTION s CONNECTION 'host=b dbname=d' PUBLICATION r, p
    WITH (connect = false, slot_name = 'other', binary = true, streaming = on, synchronous_commit = 'local');
CREATE SUBSCRIPTION loses_slot CONNECTION 'host=a dbname=d' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION password CONNECTION 'postgresql://u:two@h/d' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION same CONNECTION 'postgresql://u:one@h/d' PUBLICATION p WITH (connect = false, slot_name = 'three');
COMMENT ON SUBSCRIPTION same IS 'two';
