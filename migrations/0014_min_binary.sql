INSERT INTO schema_requirements (name, min_binary) VALUES ('transformer', '0.1.0') AS new
ON DUPLICATE KEY UPDATE min_binary = new.min_binary
