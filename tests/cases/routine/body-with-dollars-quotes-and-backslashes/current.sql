CREATE FUNCTION hostile() RETURNS text LANGUAGE sql AS 'SELECT ''plain''';
