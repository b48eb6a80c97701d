#!/bin/sh
# hold.sh FOLDER MINUTES WHO: keeps garimpo-pull and other plays off this host for so long, and prints who holds it.
set -eu
umask 077
held="$1/held"
mkdir -p "$1"
exec 9>"$1/pull.lock"
flock --wait 900 9 || { echo "garimpo-pull is at work for more than 15 minutes: see journalctl --user -u garimpo-pull"; exit 1; }
# Its time is the end: what a play that was killed left behind holds nobody for ever.
if [ -n "$(find "$held" -newermt now 2>/dev/null)" ]; then
    echo "this host is held by $(cat "$held"), until $(date -u -r "$held" +%Y-%m-%dT%H:%M:%SZ) at most; nothing was changed." \
        "Wait for it; if nobody plays it any more: rm $held"
    exit 1
fi
echo "$3" >"$held"
touch -d "+$2 minutes" "$held"
echo "$3"
