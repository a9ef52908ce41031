CREATE TABLE setting (tenant integer, key text);
CREATE UNIQUE INDEX setting_once ON setting (tenant, key) NULLS NOT DISTINCT;
