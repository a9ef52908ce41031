-- Nearly no change: CURRENT_TIMESTAMP is not now() in the catalog, everything else is the same.
CREATE TABLE stamp (id int DEFAULT (1 + 1), at timestamptz DEFAULT CURRENT_TIMESTAMP, kind text DEFAULT ('a'), ok boolean DEFAULT true);
