CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER "odd.server" FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR PUBLIC SERVER "odd.server" OPTIONS (user 'one', password 'p', extra 'e');
CREATE USER MAPPING FOR app_reader SERVER "odd.server";
CREATE USER MAPPING FOR app_writer SERVER "odd.server" OPTIONS (user 'w', password 'goes');
CREATE USER MAPPING FOR CURRENT_USER SERVER "odd.server" OPTIONS ("Odd, option" 'x');
