#!/bin/sh
# A dump back into MySQL, in place of what is there. Both services are stopped.
set -eu
label=com.docker.compose
named() { docker ps --quiet --filter "label=$label.project=garimpo" --filter "label=$label.service=$1"; }
mysql=$(named mysql)
[ -n "$mysql" ] || { echo "MySQL does not run on this host" >&2; exit 1; }

# shellcheck disable=SC2016 # The password is read inside the container.
in_mysql='MYSQL_PWD=$(cat /run/secrets/mysql_root) exec mysql --user=root'
docker exec -i "$mysql" sh -c "$in_mysql --execute='DROP DATABASE IF EXISTS garimpo'"
# What gzip cannot read is no SQL, so that MySQL's client fails with it: a pipe tells the last program's end alone.
{ gzip -dc "$1" || echo 'the dump broke off;'; } | docker exec -i "$mysql" sh -c "$in_mysql"
