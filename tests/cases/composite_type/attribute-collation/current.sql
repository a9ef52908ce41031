CREATE TYPE word AS (spelling text, meaning text);
