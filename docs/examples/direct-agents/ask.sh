#!/usr/bin/env bash
# Asks Countersign over Kafka whether a shell command may run: ask.sh COMMAND
#
# Prints the decision as one line of JSON. Exit status: 0 allow, 1 deny, 2 could not ask, or stopped.
# After an allow run the `input` that is printed: a person may have changed it. Never run the command
# you passed.
#
# Needs kcat, jq and sha256sum. ../../direct-agents.md says what the environment must hold.
#
# kcat takes headers from its command line alone, which others who are logged in to this machine can
# read, and with it the session's token. Where there are any, use a client library.

set -euo pipefail

fail() {
  printf 'ask.sh: %s\n' "$1" >&2
  exit 2
}

reader=   # the process that reads the replies
undecided= # whether a request was sent that has no reply

# Whatever ends this: nobody is asked for a program that no longer waits.
finish() {
  [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
  [ -z "$undecided" ] || send "$ids" ce_type=dev.countersign.permission.cancelled >/dev/null 2>&1 || true
}
trap finish EXIT
trap 'exit 2' ERR HUP INT TERM

[ $# = 1 ] || fail 'usage: ask.sh COMMAND'
for name in HOME COUNTERSIGN_KAFKA COUNTERSIGN_KAFKA_LOGIN COUNTERSIGN_SESSION COUNTERSIGN_AGENT_TOKEN; do
  [ -n "${!name:-}" ] || fail "set $name"
done
client=$(sed -n 's/^sasl\.username=//p' "$COUNTERSIGN_KAFKA_LOGIN") || fail "there is no login"
topic=permission.replies.$client
wait=${COUNTERSIGN_WAIT_SECONDS:-60}
[[ $wait =~ ^[1-9][0-9]*$ ]] || fail 'COUNTERSIGN_WAIT_SECONDS must be a whole number above 0'
grace=5 # seconds for a decision of the last moment to arrive

# --- What is asked ----------------------------------------------------------------------------------

call=$(jq -cn --arg command "$1" --arg cwd "$PWD" --arg home "$HOME" \
  '{tool: "Bash", input: {command: $command}, cwd: $cwd, home: $home, resolvedPaths: {}, workspaceRoots: []}')
# jq -S writes texts as RFC 8785 has them, all but DEL. With numbers in the input, take a library for it.
digest=$(jq -cS . <<<"$call" | sed -E ':a; s/([^\\](\\\\)*)\\u007f/\1\x7f/; ta' |
  tr -d '\n' | sha256sum | cut -d ' ' -f 1)
id=$(cat /proc/sys/kernel/random/uuid)
ids=$(jq -cn --arg tenant "${COUNTERSIGN_TENANT:-default}" --arg session "$COUNTERSIGN_SESSION" \
  --arg id "$id" '{tenant: $tenant, sessionId: $session, requestId: $id}')
request=$(jq -c --argjson call "$call" --argjson wait "$wait" \
  '. + {toolCall: $call, maxWaitMillis: ($wait * 1000)}' <<<"$ids")

# --- Kafka ------------------------------------------------------------------------------------------

# send EVENT HEADER: the same key, so the same partition, chosen as clients in Java do.
send() {
  printf '%s' "$1" | kcat -F "$COUNTERSIGN_KAFKA_LOGIN" -b "$COUNTERSIGN_KAFKA" \
    -P -t permission.requests -k "$COUNTERSIGN_SESSION" \
    -X partitioner=murmur2_random -X message.timeout.ms=10000 \
    -H "countersign-token=$COUNTERSIGN_AGENT_TOKEN" -H "$2"
}

# The reply that is about exactly this call. What could not be read has no digest, and is denied.
about='fromjson? | .payload | fromjson? | objects
  | select({tenant, sessionId, requestId} == $ids)
  | select(.digest == $digest or (.effect == "deny" and (has("digest") | not)))'

undecided=1
said=$(send "$request" "countersign-reply-topic=$topic" 2>&1) ||
  fail "Kafka did not take the request: $(grep -m 1 -o 'SASL auth.*' <<<"$said" || tail -n 1 <<<"$said")"
# kcat cannot begin where each partition ended before: the last 1000 of each hold the reply, or it is
# missed. A time (-o s@…) is no way: where nothing is newer yet it begins at the end, some moments late.
exec 3< <(exec timeout $((wait + grace)) kcat -q -u -J -F "$COUNTERSIGN_KAFKA_LOGIN" \
  -b "$COUNTERSIGN_KAFKA" -C -t "$topic" -o -1000 -X auto.offset.reset=earliest 2>/dev/null)
reader=$!
reply=
while [ -z "$reply" ] && read -r record <&3; do
  if [[ $record == *"$id"* ]]; then
    reply=$(jq -cR --argjson ids "$ids" --arg digest "$digest" "$about" <<<"$record") || reply=
  fi
done

# --- What may be done: nothing, unless it is an allow that still holds ---------------------------------

if [ -n "$reply" ]; then
  undecided=
else
  reply='{"effect": "deny", "decidedBy": "client", "code": "no_reply"}'
fi
decided=$(jq -c --argjson call "$call" '
  def holds: type == "string"
    and test("\\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z\\z")
    and (try (.[:19] + "Z" | fromdate > now) catch false);
  with_entries(select(.key | IN("effect", "decidedBy", "code", "reason", "execution"))) as $told
  | (if .editedInput == null then $call.input else .editedInput end) as $input
  | if .effect == "deny" then $told
    elif .effect == "allow" and (.validUntil | holds) and ($input | type == "object")
    then $told + {$input}
    else {effect: "deny", decidedBy: "client", code: "unusable"} end' <<<"$reply")
printf '%s\n' "$decided"
[ "$(jq -r .effect <<<"$decided")" = allow ] || exit 1
