#!/bin/sh
# Countersign's hook command for Claude Code. Needs sh and curl, nothing else.
#
# Name it in Claude Code's settings for PreToolUse (matcher "*"), and if you like for SessionStart
# and SessionEnd. It reads from its environment:
#   COUNTERSIGN_URL           the gateway, such as http://127.0.0.1:8080
#   COUNTERSIGN_AGENT_TOKEN   the agent's session token
#   COUNTERSIGN_HOOK_SECONDS  how long it may take in all; must be less than the hook's "timeout"
#                             in the settings. 55 if unset: under every default there has been
#
# It fails closed. Claude Code goes on when a hook fails in any way but exit status 2, so this
# prints an answer only if it came whole from the gateway; in every other case it says why on
# standard error and exits with 2, which blocks the tool.

curl_pid=
guard_pid=
out=

refuse() {
  printf 'Countersign: %s The tool was not run.\n' "$1" >&2
  exit 2
}

finish() {
  status=$?
  trap - EXIT
  trap '' HUP INT QUIT ALRM TERM PIPE
  [ -z "$curl_pid" ] || kill "$curl_pid" 2>/dev/null
  [ -z "$guard_pid" ] || kill "$guard_pid" 2>/dev/null
  [ -z "$out" ] || rm -f "$out"
  [ "$status" -eq 0 ] || status=2
  exit "$status"
}

trap finish EXIT
trap 'refuse "The hook was stopped before a decision came."' HUP INT QUIT ALRM TERM PIPE

command -v curl >/dev/null 2>&1 || refuse 'curl is not installed.'

url=${COUNTERSIGN_URL:-}
token=${COUNTERSIGN_AGENT_TOKEN:-}
limit=${COUNTERSIGN_HOOK_SECONDS:-55}
[ -n "$url" ] || refuse 'COUNTERSIGN_URL is not set.'
[ -n "$token" ] || refuse 'COUNTERSIGN_AGENT_TOKEN is not set.'
case $url in
  http://?* | https://?*) ;;
  *) refuse 'COUNTERSIGN_URL must begin with http:// or https://.' ;;
esac
case $url in
  *[!A-Za-z0-9:/.~%_-]*) refuse 'COUNTERSIGN_URL holds a character that has no place there.' ;;
esac
case $token in
  *[!A-Za-z0-9._-]*) refuse 'COUNTERSIGN_AGENT_TOKEN is not a token.' ;;
esac
case $limit in
  '' | 0* | *[!0-9]* | ?????*) refuse 'COUNTERSIGN_HOOK_SECONDS must be a number from 5 to 9999.' ;;
esac
[ "$limit" -ge 5 ] || refuse 'COUNTERSIGN_HOOK_SECONDS must be a number from 5 to 9999.'

# A path that cannot stand in a header is left out.
home=${HOME:-}
case $home in *[!A-Za-z0-9/._+@-]*) home= ;; esac
project=${CLAUDE_PROJECT_DIR:-}
case $project in *[!A-Za-z0-9/._+@-]*) project= ;; esac

umask 077
out=$(mktemp "${TMPDIR:-/tmp}/countersign-hook.XXXXXX") || refuse 'No temporary file can be made.'

# Whatever hangs, this ends it in time.
(
  trap 'kill $! 2>/dev/null; exit 0' TERM
  sleep "$limit" &
  wait $! && kill -TERM $$
) </dev/null >/dev/null 2>&1 &
guard_pid=$!

# The token goes through a pipe, never over a command line. Settings in ~/.curlrc and proxies in
# the environment are not for this.
exec 4<&0
curl -q -K /dev/fd/3 --data-binary @- <&4 >"$out" 2>/dev/null 3<<CONFIG &
url = "${url%/}/v1/hooks/claude-code"
header = "Authorization: Bearer $token"
header = "Content-Type: application/json"
header = "Accept: text/plain"
header = "Prefer: wait=$((limit - 4))"
header = "Countersign-Home: $home"
header = "Countersign-Project-Dir: $project"
header = "Expect:"
write-out = "\n%{http_code}\n"
silent
globoff
noproxy = "*"
proto = "=http,https"
max-redirs = 0
max-filesize = 1048576
connect-timeout = 4
max-time = $((limit - 1))
CONFIG
curl_pid=$!
wait "$curl_pid"
status=$?
curl_pid=

case $status in
  0) ;;
  6 | 7) refuse "The gateway at $url does not answer." ;;
  28) refuse 'No decision came in time.' ;;
  *) refuse "The gateway's answer did not arrive whole (curl: $status)." ;;
esac

first= json= last= code= more=
{
  IFS= read -r first
  IFS= read -r json
  IFS= read -r last
  IFS= read -r code
  IFS= read -r more
} <"$out"

if [ "$first" = 'countersign-hook 1' ] && [ "$last" = 'end countersign-hook' ] &&
  [ "$code" = 200 ] && [ -z "$more" ]; then
  case $json in
    '{}' | '{"hookSpecificOutput":{'*'}}')
      printf '%s\n' "$json" || exit 2
      exit 0
      ;;
  esac
fi

# A problem of the gateway is one line of JSON and then the status.
case $first in
  '{"'*'"detail":"'*)
    detail=${first#*'"detail":"'}
    refuse "The gateway refused: ${detail%%'"'*}"
    ;;
esac
refuse 'The gateway answered something that is no decision.'
