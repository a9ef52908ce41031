CREATE TABLE stamped (created_at timestamp DEFAULT now());
CREATE TABLE page (title text, editor text DEFAULT 'nobody') INHERITS (stamped);
CREATE INDEX page_editor ON page (editor);
COMMENT ON COLUMN page.editor IS 'Who wrote it';
