#!/bin/sh
# report.sh FOLDER: the newest dump and how last night's run ended, a line each. Changes nothing.
newest=$(find "$1" -maxdepth 1 -name 'garimpo-*.sql.gz' -printf '%T@ %f\n' 2>/dev/null | sort -n | tail -n 1)
if [ -n "$newest" ]; then
    seconds=$(($(date +%s) - ${newest%%.*}))
    echo "newest: ${newest#* }, $((seconds / 3600)) hours old"
else
    echo "newest: no dump in $1"
fi
told() { systemctl --user show garimpo-backup.service --value --property="$1" 2>/dev/null; }
ended=$(told ExecMainExitTimestamp)
if [ -n "$ended" ]; then echo "timer: $(told Result) at $ended"; else echo "timer: has not run since the host started"; fi
