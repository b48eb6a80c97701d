#!/bin/sh
# look-at-dump.sh FILE: 1 where the dump is not whole, and why. Changes nothing.
exec 2>&1
gzip -t "$1" || exit 1
# A dump that broke off has no last line of its own.
gzip -dc "$1" | tail -n 1 | grep -q 'Dump completed' || { echo "its last line does not say 'Dump completed'"; exit 1; }
