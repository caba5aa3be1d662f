#!/usr/bin/env python3
"""Asks Countersign over Kafka whether a shell command may run: ask.py COMMAND

Prints the decision as one line of JSON. Exit status: 0 allow, 1 deny, 2 could not ask, or stopped.
After an allow run the `input` that is printed: a person may have changed it. Never run the command
you passed.

Needs confluent-kafka. ../../direct-agents.md says what the environment must hold.
"""
import hashlib
import json
import os
import re
import signal
import sys
import time
import uuid
from datetime import datetime, timezone

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

PATIENCE = 10  # seconds for the broker
GRACE = 5  # seconds for a decision of the last moment to arrive


def required(name):
    if not os.environ.get(name):
        raise LookupError("set " + name)
    return os.environ[name]


def settings():
    """The login, which is a file of NAME=VALUE lines for librdkafka, and where to use it."""
    with open(required("COUNTERSIGN_KAFKA_LOGIN"), encoding="utf-8") as file:
        login = dict(line.strip().split("=", 1) for line in file if "=" in line)
    more = {"bootstrap.servers": required("COUNTERSIGN_KAFKA"), "log_level": 0, "error_cb": refuse}
    return {**login, **more}


def refuse(error):
    """librdkafka would try for ever. Other errors pass, or end at the deadline."""
    if error.code() in (KafkaError._AUTHENTICATION, KafkaError._SSL):
        raise KafkaException(error)


def digest(call):
    """SHA-256 of the canonical JSON. With numbers in the input, take a library for RFC 8785."""
    text = json.dumps(call, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def ends(consumer, topic):
    """Where the partitions of the reply topic end now: a reply to what is sent later is behind."""
    try:
        partitions = consumer.list_topics(topic, PATIENCE).topics[topic].partitions
    except KafkaException:
        consumer.poll(0)  # If refuse() knows the reason, this raises it.
        raise
    if not partitions:
        raise LookupError(f"there is no topic {topic}, or this login may not read it")
    found = [TopicPartition(topic, partition) for partition in partitions]
    for place in found:
        place.offset = consumer.get_watermark_offsets(place, PATIENCE)[1]
    return found


def send(producer, event, headers):
    """Returns once the broker has it. The same key: the same partition, and so the same order."""
    failed = []
    producer.produce(
        "permission.requests",
        key=event["sessionId"],
        value=json.dumps(event),
        headers={"countersign-token": required("COUNTERSIGN_AGENT_TOKEN"), **headers},
        on_delivery=lambda error, _: failed.append(error) if error else None,
    )
    if producer.flush(PATIENCE) or failed:
        raise KafkaException(failed[0] if failed else KafkaError(KafkaError._MSG_TIMED_OUT))


def reply_in(record, mine):
    """The reply in a record if it is about exactly this call, else None."""
    try:
        reply = json.loads(record.value())
        about = {name: reply.get(name) for name in mine}
        if reply.get("effect") == "deny" and "digest" not in reply:
            about["digest"] = mine["digest"]  # What could not be read has none.
        return reply if about == mine else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def holds(valid_until):
    """Whether it is a time in UTC, such as 2026-05-04T09:35:00.125Z, that lies in the future."""
    form = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})([.][0-9]+)?Z"
    try:
        seconds = re.fullmatch(form, valid_until)[1]
        return datetime.fromisoformat(seconds + "+00:00") > datetime.now(timezone.utc)
    except (TypeError, ValueError):
        return False


def verdict(reply, call):
    """What may be done: nothing, unless it is an allow that still holds."""
    said = ("effect", "decidedBy", "code", "reason", "execution")
    told = {name: reply[name] for name in said if name in reply}
    if told.get("effect") == "deny":
        return told
    edited = reply.get("editedInput")
    run = call["input"] if edited is None else edited
    if told.get("effect") == "allow" and holds(reply.get("validUntil")) and isinstance(run, dict):
        return {**told, "input": run}
    return {"effect": "deny", "decidedBy": "client", "code": "unusable"}


def stop(number, _):
    raise InterruptedError("stopped by " + signal.Signals(number).name)


def ask(command):
    seconds = os.environ.get("COUNTERSIGN_WAIT_SECONDS", "60")
    if not re.fullmatch("[1-9][0-9]*", seconds):
        raise ValueError("COUNTERSIGN_WAIT_SECONDS must be a whole number above 0")
    wait = int(seconds)
    kafka = settings()
    client = kafka["sasl.username"]
    topic = "permission.replies." + client
    call = {"tool": "Bash", "input": {"command": command}, "cwd": os.getcwd(),
            "home": os.path.expanduser("~"), "resolvedPaths": {}, "workspaceRoots": []}
    ids = {"tenant": os.environ.get("COUNTERSIGN_TENANT", "default"),
           "sessionId": required("COUNTERSIGN_SESSION"), "requestId": str(uuid.uuid4())}
    mine = {**ids, "digest": digest(call)}

    producer = Producer({**kafka, "partitioner": "murmur2_random"})  # as clients in Java do
    # Without offsets in the group: every process reads every partition, for itself.
    consumer = Consumer({**kafka, "group.id": client, "enable.auto.commit": False})
    consumer.assign(ends(consumer, topic))
    reply = None
    try:
        send(producer, {**ids, "toolCall": call, "maxWaitMillis": wait * 1000},
             {"countersign-reply-topic": topic})
        deadline = time.monotonic() + wait + GRACE
        while reply is None and (left := deadline - time.monotonic()) > 0:
            record = consumer.poll(min(left, 1))  # A signal is noticed between two of these.
            reply = reply_in(record, mine) if record and not record.error() else None
    finally:  # Whatever ends it: nobody is asked for a program that no longer waits.
        if reply is None:
            send(producer, ids, {"ce_type": "dev.countersign.permission.cancelled"})
    return verdict(reply, call) if reply else {
        "effect": "deny", "decidedBy": "client", "code": "no_reply"}


try:
    for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    if len(sys.argv) != 2:
        raise ValueError("usage: ask.py COMMAND")
    decided = ask(sys.argv[1])
    print(json.dumps(decided))
    sys.exit(0 if decided["effect"] == "allow" else 1)
except Exception as e:  # Whatever it is: without a decision nothing runs.
    print("ask.py:", e, file=sys.stderr)
    sys.exit(2)
