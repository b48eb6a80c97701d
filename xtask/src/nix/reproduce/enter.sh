# In a mount namespace of its own. $1: what stands for /nix; $2: the library that moves the clock, or nothing;
# $3: a folder for what is laid over /etc; $4: by how much the clock is moved; then the command.
set -eu
mkdir -p /nix
mount --bind "$1" /nix
if [ -n "$2" ]; then
    mkdir -p "$3/upper" "$3/work"
    mount -t overlay overlay -o "lowerdir=/etc,upperdir=$3/upper,workdir=$3/work" /etc
    echo "$4" > /etc/faketimerc
    # Nothing to share between processes: the library's counters outlive theirs, and whoever inherits the name waits for ever.
    mount -t tmpfs -o ro tmpfs /dev/shm
    # Builders get a clean environment: the loader's own list reaches them.
    echo "$2" > /etc/ld.so.preload
fi
shift 4
exec "$@"
