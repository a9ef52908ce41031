CREATE TABLE node (id integer PRIMARY KEY, parent integer);
CREATE RECURSIVE VIEW path (id, path) AS
    SELECT id, '$$;--'''::text FROM node WHERE parent IS NULL
    UNION ALL SELECT n.id, p.path || E'\\' || n.id FROM node n JOIN path p ON p.id = n.parent;
