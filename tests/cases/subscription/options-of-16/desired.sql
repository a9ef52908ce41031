CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p
    WITH (connect = false, slot_name = 'one', origin = none, password_required = false, run_as_owner = true, streaming = parallel, disable_on_error = true);
CREATE SUBSCRIPTION t CONNECTION 'host=a' PUBLICATION p WITH (connect = false, slot_name = 'one', streaming = off);
