CREATE TABLE stamped (created_at timestamp DEFAULT now(), editor text DEFAULT 'nobody');
CREATE TABLE page (title text) INHERITS (stamped);
CREATE INDEX page_editor ON page (editor);
COMMENT ON COLUMN page.editor IS 'Who wrote it';
