#!/bin/sh
# What the administrator of a Debian host does once, as root. Nothing of garimpo needs root after it.
#   prepare-host.sh [USER [KEY]]      USER is made if it does not exist; without sudo, without a password
#                                     KEY is a file with the public half of the key that opens it by SSH
# May be run again: what is there already stays as it is.
set -eu
user="${1:-garimpo}"
# Read first, so that a mistyped name changes nothing.
key=""
[ -z "${2:-}" ] || key=$(cat "$2")

export DEBIAN_FRONTEND=noninteractive
# A new machine may come up before its network, and look for updates of its own: both are waited for.
for pause in 0 5 10 20 40 60; do
    sleep "$pause"
    if apt-get update -q --error-on=any; then break; fi
    echo "a source of packages does not answer"
done
get() {
    apt-get install -q -y --no-install-recommends -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"
}

# Rootless containers: ranges of ids, a network without root, Docker itself for everybody to start on their own.
get ca-certificates curl dbus-user-session docker.io fuse-overlayfs git iptables openssh-client python3 python3-venv rsync \
    slirp4netns uidmap
# From Debian 13 on Compose 2 and rootless Docker's parts are packages; on Debian 12 Compose 2 has to be handed over.
for package in docker-compose docker-cli rootlesskit; do
    case "$package $(apt-cache policy "$package" | sed -n 's/^  Candidate: //p')" in
    *"(none)" | *" " | "docker-compose 1."*) echo "left out: $package (not in this release)" ;;
    *) get "$package" ;;
    esac
done

# Root's own Docker is of no use here, and would hold ports.
systemctl disable --now docker.service docker.socket containerd.service || true

id "$user" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$user"
grep -q "^$user:" /etc/subuid || usermod --add-subuids 200000-265535 "$user"
grep -q "^$user:" /etc/subgid || usermod --add-subgids 200000-265535 "$user"

# Limits of memory, cpu and processes for its containers (cgroup v2).
mkdir -p /etc/systemd/system/user@.service.d
printf '[Service]\nDelegate=cpu cpuset io memory pids\n' >/etc/systemd/system/user@.service.d/garimpo.conf
systemctl daemon-reload

# Its services run while nobody is logged in.
loginctl enable-linger "$user"

home=$(getent passwd "$user" | cut -d: -f6)
if [ -n "$key" ] && ! grep -qsxF "$key" "$home/.ssh/authorized_keys"; then
    install -d -m 700 -o "$user" -g "$user" "$home/.ssh"
    # An empty line first: the last one may lack its end.
    printf '\n%s\n' "$key" >>"$home/.ssh/authorized_keys"
    chown "$user:" "$home/.ssh/authorized_keys"
    chmod 600 "$home/.ssh/authorized_keys"
fi

# On a cloud machine the key was given to another account: the same key opens this one.
for keys in /home/admin/.ssh/authorized_keys /home/ubuntu/.ssh/authorized_keys; do
    if [ -f "$keys" ] && [ ! -f "$home/.ssh/authorized_keys" ]; then
        install -d -m 700 -o "$user" -g "$user" "$home/.ssh"
        install -m 600 -o "$user" -g "$user" "$keys" "$home/.ssh/authorized_keys"
    fi
done
