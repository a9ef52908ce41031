-- Revoked from the owner himself; an ACL without any entry is not the same as none.
CREATE TABLE ledger (id integer);
REVOKE UPDATE, DELETE, TRUNCATE ON ledger FROM postgres;
CREATE TABLE open (id integer);
REVOKE ALL ON open FROM postgres;
