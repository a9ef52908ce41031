CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p WITH (connect = false, slot_name = 'one', origin = any);
CREATE SUBSCRIPTION t CONNECTION 'host=a' PUBLICATION p WITH (connect = false, slot_name = 'one', origin = none);
