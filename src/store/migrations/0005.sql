ALTER TABLE crdrift_run ADD COLUMN reason_template TEXT;
