SELECT VERSION(),
       CAST(@@GLOBAL.innodb_flush_log_at_trx_commit AS SIGNED),
       @@GLOBAL.log_bin,
       CAST(@@GLOBAL.sync_binlog AS SIGNED)
