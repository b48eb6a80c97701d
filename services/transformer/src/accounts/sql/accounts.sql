SELECT CAST(User AS CHAR), CAST(Host AS CHAR), CAST(account_locked AS CHAR) FROM mysql.user ORDER BY User, Host
