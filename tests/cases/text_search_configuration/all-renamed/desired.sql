CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE public.t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = public.t);
CREATE TEXT SEARCH CONFIGURATION public.c (PARSER = public.p);
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR asciiword, word WITH public.d, simple;
ALTER TEXT SEARCH PARSER public.p RENAME TO "Parser";
ALTER TEXT SEARCH TEMPLATE public.t RENAME TO template_;
ALTER TEXT SEARCH DICTIONARY public.d RENAME TO words;
ALTER TEXT SEARCH CONFIGURATION public.c RENAME TO configuration_;
