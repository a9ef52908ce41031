CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p WITH (connect = false, slot_name = 'one');
COMMENT ON SUBSCRIPTION s IS 'comes back';
