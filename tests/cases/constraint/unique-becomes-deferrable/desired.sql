CREATE TABLE playlist (position integer, song text, CONSTRAINT playlist_position UNIQUE (position) DEFERRABLE INITIALLY DEFERRED);
