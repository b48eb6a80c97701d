#!/bin/sh
# One line for each thing the account lacks to run rootless Docker; nothing where it lacks nothing. Changes nothing.
user=$(id -un)
root="ask the administrator to run $1 $user as root"

[ "$(id -u)" -ne 0 ] || echo "the user is root: garimpo runs as an ordinary user; give another ansible_user"
for kind in subuid subgid; do
    count=$(awk -F: -v user="$user" -v id="$(id -u)" '$1 == user || $1 == id {sum += $3} END {print sum + 0}' "/etc/$kind" 2>/dev/null)
    [ "${count:-0}" -ge 65536 ] || echo "/etc/$kind gives $user ${count:-0} ids, and containers need 65536: usermod --add-${kind}s 200000-265535 $user (as root; or $root)"
done
for program in newuidmap newgidmap; do
    command -v "$program" >/dev/null || echo "$program is missing: apt-get install uidmap (as root; or $root)"
done
unshare --user true 2>/dev/null || echo "user namespaces are closed: sysctl -w kernel.unprivileged_userns_clone=1 (as root; or $root)"
[ -d "/run/user/$(id -u)" ] || echo "no session of systemd for $user: loginctl enable-linger $user (as root; or $root)"
command -v git >/dev/null || echo "git is missing: apt-get install git (as root; or $root)"
exit 0
