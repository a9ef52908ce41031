CREATE TABLE stays (a bigint);
CREATE VIEW replaced AS SELECT 1 AS a;
SET allow_system_table_mods TO on;
INSERT INTO pg_seclabel VALUES ('stays'::regclass, 'pg_class'::regclass, 0, 'nobody', 'kept'),
    ('stays'::regclass, 'pg_class'::regclass, 1, 'nobody', 'kept');
