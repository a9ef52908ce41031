-- Before PostgreSQL 16 ADD COLUMN knows no STORAGE, so the child's is set apart.
CREATE TABLE parent (id bigint, label text);
ALTER TABLE parent ALTER COLUMN label SET STORAGE EXTERNAL;
CREATE TABLE child () INHERITS (parent);
