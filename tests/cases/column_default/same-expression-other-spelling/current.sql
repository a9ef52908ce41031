CREATE TABLE stamp (id int DEFAULT 1 + 1, at timestamptz DEFAULT now(), kind text DEFAULT 'a'::text, ok boolean DEFAULT 't');
