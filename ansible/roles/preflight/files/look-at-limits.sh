#!/bin/sh
# One line for each limit that containers of this user could not be held to. Changes nothing.
if [ ! -f /sys/fs/cgroup/cgroup.controllers ]; then
    echo "cgroup v1: memory, cpu and process limits of rootless containers are ignored: boot with systemd.unified_cgroup_hierarchy=1 (as root)"
    exit 0
fi
held=$(cat "/sys/fs/cgroup/user.slice/user-$(id -u).slice/user@$(id -u).service/cgroup.controllers" 2>/dev/null)
for controller in cpu memory pids; do
    case " $held " in
    *" $controller "*) ;;
    *) echo "the controller $controller is not delegated to $(id -un): Delegate=cpu cpuset io memory pids in /etc/systemd/system/user@.service.d/garimpo.conf, then systemctl daemon-reload (as root)" ;;
    esac
done
exit 0
