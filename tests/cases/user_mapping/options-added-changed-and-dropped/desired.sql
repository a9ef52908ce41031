CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER "odd.server" FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR PUBLIC SERVER "odd.server" OPTIONS (user 'two', password 'it''s another \', passcode 'new');
CREATE USER MAPPING FOR app_reader SERVER "odd.server" OPTIONS (password 'first');
CREATE USER MAPPING FOR app_owner SERVER "odd.server" OPTIONS (user 'o', password 'comes');
CREATE USER MAPPING FOR CURRENT_USER SERVER "odd.server" OPTIONS ("Odd, option" '');
