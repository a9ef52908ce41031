CREATE SUBSCRIPTION "New name" CONNECTION 'host=a password=x' PUBLICATION p WITH (connect = false, slot_name = 'old_name');
