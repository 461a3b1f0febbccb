#!/bin/sh
# `langnghe ...` with the settings and the account of the service. Install it, then type it as root:
#   install -m 755 deploy/langnghe.sh /usr/local/sbin/langnghe
# It works in /var/lib/langnghe: files are read from there and written there, unless you name another folder that the
# account langnghe may read or write.
set -eu
set -a
. "${LANGNGHE_ENV:-/etc/langnghe/langnghe.env}"
set +a
export HOME=/var/lib/langnghe LANGNGHE_DATA_DIR=/var/lib/langnghe
umask 077
cd /var/lib/langnghe
exec runuser -u langnghe -- /opt/langnghe/.venv/bin/langnghe "$@"
