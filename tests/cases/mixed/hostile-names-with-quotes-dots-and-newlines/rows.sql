INSERT INTO "my.app"."a ""quoted"" table" VALUES (1, 'x');
