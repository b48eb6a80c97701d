SELECT value FROM report_settings WHERE name = 'report_timezone' FOR UPDATE NOWAIT
