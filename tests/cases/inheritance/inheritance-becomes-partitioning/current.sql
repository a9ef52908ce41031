CREATE TABLE par(id int not null); CREATE TABLE k1(CHECK(id<10)) INHERITS(par);
