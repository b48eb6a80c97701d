#!/bin/sh
# report.sh: how the timer's last run ended, also where it could not write down why. Changes nothing.
told() { systemctl --user show garimpo-pull.service --value --property="$1" 2>/dev/null; }
ended=$(told ExecMainExitTimestamp)
if [ -n "$ended" ]; then echo "$(told Result) at $ended"; else echo "at work, or has not run since the host started"; fi
