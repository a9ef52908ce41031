CREATE SUBSCRIPTION old_name CONNECTION 'host=a password=x' PUBLICATION p WITH (connect = false);
