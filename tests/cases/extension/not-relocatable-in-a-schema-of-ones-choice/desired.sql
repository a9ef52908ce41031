-- Only Debian's server has such a one: nobody may move it, but it lives where it was put.
CREATE SCHEMA tools;
CREATE EXTENSION xml2 SCHEMA tools;
