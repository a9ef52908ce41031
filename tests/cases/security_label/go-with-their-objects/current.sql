CREATE TABLE stays (a integer, leaves integer);
CREATE TABLE leaves (a integer);
CREATE VIEW replaced AS SELECT 1 AS a;
-- No provider is at hand: the labels are written by hand.
SET allow_system_table_mods TO on;
INSERT INTO pg_seclabel VALUES ('stays'::regclass, 'pg_class'::regclass, 0, 'nobody', 'kept'),
    ('stays'::regclass, 'pg_class'::regclass, 1, 'nobody', 'kept'),
    ('stays'::regclass, 'pg_class'::regclass, 2, 'nobody', 'gone'),
    ('leaves'::regclass, 'pg_class'::regclass, 0, 'nobody', 'gone'),
    ('leaves'::regclass, 'pg_class'::regclass, 0, 'somebody', 'gone');
