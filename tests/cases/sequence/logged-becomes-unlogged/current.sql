CREATE SEQUENCE scratch_id;
