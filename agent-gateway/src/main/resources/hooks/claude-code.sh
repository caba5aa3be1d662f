#!/bin/sh
# Countersign's hook command for Claude Code. Needs sh and curl, nothing else.
#
# Name it in Claude Code's settings for PreToolUse (matcher "*"), and for SessionStart,
# UserPromptSubmit, PostToolUse, PostToolUseFailure, Stop and SessionEnd: the model is told what it
# may do, and the session's status shows what still runs. It reads from its environment:
#   COUNTERSIGN_URL           the gateway, such as http://127.0.0.1:8080
#   COUNTERSIGN_AGENT_TOKEN   the agent's session token
#   COUNTERSIGN_HOOK_SECONDS  how long it may take in all; must be less than the hook's "timeout"
#                             in the settings. 55 if unset: under every default there has been
#
# It fails closed. Claude Code goes on when a hook fails in any way but exit status 2, so this
# prints an answer only if it came whole from the gateway; in every other case it says why on
# standard error and exits with 2, which blocks the tool. Only where the event is certainly not
# about a tool that is to run, it exits with 1, which blocks nothing.

child_pid=
guard_pid=
out=
event=
whole=

# Whether the event that was read only tells something. An input could hold such a name too, but it
# cannot take "PreToolUse" away. With its quotes: within a text they would be escaped, so a text that
# speaks of it is none.
only_tells() {
  [ -n "$whole" ] || return 1
  LC_ALL=C grep -q '"PreToolUse"' "$event"
  [ $? -eq 1 ] || return 1
  LC_ALL=C grep -Eq '"hook_event_name" *: *"(SessionStart|UserPromptSubmit|PostToolUse|PostToolUseFailure|Stop|SessionEnd)"' "$event"
}

# Whether the event certainly asks about a tool that is to run.
asks() {
  [ -n "$whole" ] && LC_ALL=C grep -Eq '"hook_event_name" *: *"PreToolUse"' "$event"
}

# Whether the event has a name and nothing in it speaks of a tool.
names_no_tool() {
  [ -n "$whole" ] || return 1
  LC_ALL=C grep -iq '"PreToolUse"\|"[^"\\]*tool[^"\\]*" *:' "$event"
  [ $? -eq 1 ] || return 1
  LC_ALL=C grep -Eq '"hook_event_name" *: *"[A-Za-z]' "$event"
}

refuse() {
  if only_tells; then
    printf 'Countersign: %s\n' "$1" >&2
    exit 1
  fi
  printf 'Countersign: %s The tool was not run.\n' "$1" >&2
  exit 2
}

finish() {
  status=$?
  trap - EXIT
  trap '' HUP INT QUIT ALRM TERM PIPE
  [ -z "$child_pid" ] || kill "$child_pid" 2>/dev/null
  [ -z "$guard_pid" ] || kill "$guard_pid" 2>/dev/null
  [ "$status" -eq 0 ] || status=2
  [ "$status" -eq 0 ] || ! only_tells || status=1
  [ -z "$out" ] || rm -f "$out" "$event"
  exit "$status"
}

trap finish EXIT
trap 'refuse "The hook was stopped before a decision came."' HUP INT QUIT ALRM TERM PIPE

command -v curl >/dev/null 2>&1 || refuse 'curl is not installed.'

limit=${COUNTERSIGN_HOOK_SECONDS:-55}
timely=yes
case $limit in
  '' | [0-4] | 0* | *[!0-9]* | ?????*)
    limit=55
    timely=
    ;;
esac

umask 077
out=$(mktemp "${TMPDIR:-/tmp}/countersign-hook.XXXXXX") || refuse 'No temporary file can be made.'
event=$(mktemp "$out.XXXXXX") || refuse 'No temporary file can be made.'

# Whatever hangs, this ends it in time.
(
  trap 'kill $! 2>/dev/null; exit 0' TERM
  sleep "$limit" &
  wait $! && kill -TERM $$
) </dev/null >/dev/null 2>&1 &
guard_pid=$!

# The whole event comes first, so that it is known what it is about.
exec 4<&0
cat <&4 >"$event" &
child_pid=$!
wait "$child_pid" && whole=yes
child_pid=
[ -n "$whole" ] || refuse 'The event cannot be read.'

url=${COUNTERSIGN_URL:-}
token=${COUNTERSIGN_AGENT_TOKEN:-}
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
[ -n "$timely" ] || refuse 'COUNTERSIGN_HOOK_SECONDS must be a number from 5 to 9999.'

# A path that cannot stand in a header is left out.
home=${HOME:-}
case $home in *[!A-Za-z0-9/._+@-]*) home= ;; esac
project=${CLAUDE_PROJECT_DIR:-}
case $project in *[!A-Za-z0-9/._+@-]*) project= ;; esac

# The token goes through a pipe, never over a command line. Settings in ~/.curlrc and proxies in
# the environment are not for this.
curl -q -K /dev/fd/3 --data-binary @- <"$event" >"$out" 2>/dev/null 3<<CONFIG &
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
child_pid=$!
wait "$child_pid"
status=$?
child_pid=

case $status in
  0) ;;
  6 | 7) refuse "The gateway at $url does not answer." ;;
  28) refuse 'No decision came in time.' ;;
  *) refuse "The gateway's answer did not arrive whole (curl: $status)." ;;
esac

first= json= last= code= more= print=
{
  IFS= read -r first
  IFS= read -r json
  IFS= read -r last
  IFS= read -r code
  IFS= read -r more
} <"$out"

if [ "$first" = 'countersign-hook 1' ] && [ "$last" = 'end countersign-hook' ] &&
  [ "$code" = 200 ] && [ -z "$more" ]; then
  answer='{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":'
  case $json in
    "$answer"'"allow",'*'}}' | "$answer"'"deny",'*'}}')
      reason=${json#*'"permissionDecisionReason":"Countersign: '}
      asks || refuse "The event is no known one. ${reason%%'"'*}"
      print=yes
      ;;
    '{}' | '{"hookSpecificOutput":{'*'}}')
      only_tells || names_no_tool || refuse 'The gateway decided nothing.'
      print=yes
      ;;
  esac
fi
if [ -n "$print" ]; then
  printf '%s\n' "$json" || exit 2
  exit 0
fi

# A problem of the gateway is one line of JSON and then the status.
case $first in
  '{"'*'"detail":"'*)
    detail=${first#*'"detail":"'}
    refuse "The gateway refused: ${detail%%'"'*}"
    ;;
esac
refuse 'The gateway answered something that is no decision.'
