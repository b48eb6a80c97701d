INSERT INTO report_settings (name, value) VALUES ('report_timezone', ?) AS new
ON DUPLICATE KEY UPDATE value = new.value
