#!/bin/sh
# What the tests need from the system: a browser, LibreOffice, nginx, systemd's own check of units, and if possible PostgreSQL 15.
# Fails when no browser can be had.
set -eu
bin="$1"
have_browser() { command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || ls "$HOME"/.cache/ms-playwright/chromium* >/dev/null 2>&1; }
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  missing=""
  have_browser || missing="chromium"
  [ -x /usr/lib/postgresql/15/bin/initdb ] || missing="$missing postgresql-15"
  command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
  # The reverse proxy that deploy/nginx.conf is written for, and the programme that reads units; neither is started as a service here.
  [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
  command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
  command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
  # Reports are opened as an office opens them: 97 MB to load, 303 MB on the disk, without any screen parts.
  command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-writer-nogui libreoffice-calc-nogui fonts-liberation2"
  if [ -n "$missing" ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || true
    # PostgreSQL is a convenience (another version comes from the package index), the browser is not.
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null || apt-get install -y -qq --no-install-recommends chromium >/dev/null
  fi
fi
have_browser || "$bin/python" -m playwright install chromium
# Debian's Chromium without its window takes a third less of the processor for the same tests. Of the same version only, so
# that nothing of this machine is upgraded; where it cannot be had, the tests do with the whole one.
if command -v chromium >/dev/null 2>&1 && ! command -v chromium-headless-shell >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  shell="chromium-headless-shell=$(dpkg-query -W -f='${Version}' chromium 2>/dev/null || true)"
  export DEBIAN_FRONTEND=noninteractive
  timeout 180 apt-get install -y -qq --no-install-recommends "$shell" >/dev/null 2>&1 ||
    { timeout 60 apt-get update -qq && timeout 180 apt-get install -y -qq --no-install-recommends "$shell"; } >/dev/null 2>&1 || true
fi
