CREATE TABLE cp(a int, CHECK(a>1));
CREATE TABLE cd(a int);
