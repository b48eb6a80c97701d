#!/bin/sh
# The entrypoint of the MySQL stand-in: what the stack uses of the official image's, with the same variables and paths.
set -eu
[ "${1:-}" = mysqld ] || exec "$@"
shift
if [ ! -d /var/lib/mysql/mysql ]; then
    password_file=${MYSQL_ROOT_PASSWORD_FILE:?}
    [ -r "$password_file" ] || { echo "entrypoint: $password_file cannot be read" >&2; exit 1; }
    echo 'entrypoint: initializing the data folder'
    # In memory alone: a password in a file of the data folder would stay there.
    init=/tmp/init.$$
    (umask 077 && printf "ALTER USER 'root'@'localhost' IDENTIFIED BY '%s';\n" "$(cat "$password_file")" >"$init")
    # A folder beside, renamed when whole: a start that is cut short begins anew.
    rm -rf /var/lib/mysql/.new
    mysqld --initialize-insecure --datadir=/var/lib/mysql/.new --init-file="$init" "$@"
    rm "$init"
    mv /var/lib/mysql/.new/* /var/lib/mysql/
    rm -rf /var/lib/mysql/.new
fi
exec mysqld "$@"
