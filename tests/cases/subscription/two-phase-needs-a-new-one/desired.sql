CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p WITH (connect = false, slot_name = 'one', two_phase = true);
COMMENT ON SUBSCRIPTION s IS 'comes back';
