CREATE TYPE word AS (spelling text COLLATE "C", meaning text);
