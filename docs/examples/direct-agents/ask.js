// Asks Countersign over Kafka whether a shell command may run: node ask.js COMMAND
//
// Prints the decision as one line of JSON. Exit status: 0 allow, 1 deny, 2 could not ask, or stopped.
// After an allow run the `input` that is printed: a person may have changed it. Never run the command
// you passed.
//
// Needs kafkajs. ../../direct-agents.md says what the environment must hold.
'use strict'

const { createHash, randomUUID } = require('node:crypto')
const { readFileSync } = require('node:fs')
const { homedir } = require('node:os')
const { setTimeout: sleep } = require('node:timers/promises')
const { AssignerProtocol, Kafka, Partitioners, logLevel } = require('kafkajs')

const GRACE = 5 // seconds for a decision of the last moment to arrive

function required(name) {
  if (!process.env[name]) throw new Error(`set ${name}`)
  return process.env[name]
}

/** A file of NAME=VALUE lines, named as librdkafka names its settings. */
function login() {
  const lines = readFileSync(required('COUNTERSIGN_KAFKA_LOGIN'), 'utf8').split('\n')
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))
}

/** RFC 8785: JSON.stringify writes texts and numbers as it wants them, and the names are sorted. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`
}

/**
 * kafkajs reads in groups only, and a group shares out its partitions: a process would miss the
 * replies on those of another. Here every member gets all.
 */
const everythingToEverybody = ({ cluster }) => ({
  name: 'everything-to-everybody',
  version: 0,
  async assign({ members, topics }) {
    const partitions = (topic) => cluster.findTopicPartitionMetadata(topic).map((p) => p.partitionId)
    const assignment = Object.fromEntries(topics.map((topic) => [topic, partitions(topic)]))
    const memberAssignment = AssignerProtocol.MemberAssignment.encode({ version: 0, assignment })
    return members.map(({ memberId }) => ({ memberId, memberAssignment }))
  },
  protocol({ topics }) {
    const metadata = AssignerProtocol.MemberMetadata.encode({ version: 0, topics })
    return { name: 'everything-to-everybody', metadata }
  },
})

/** The reply in a record if it is about exactly this call, else nothing. */
function replyIn(record, mine) {
  try {
    const reply = JSON.parse(record.value)
    const unread = reply.effect === 'deny' && !('digest' in reply) // What could not be read has none.
    const about = unread ? { ...reply, digest: mine.digest } : reply
    return Object.keys(mine).every((name) => about[name] === mine[name]) ? reply : undefined
  } catch {
    return undefined
  }
}

/** Whether it is a time in UTC, such as 2026-05-04T09:35:00.125Z, that lies in the future. */
function holds(validUntil) {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
  return typeof validUntil === 'string' && form.test(validUntil) && Date.parse(validUntil) > Date.now()
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What may be done: nothing, unless it is an allow that still holds. */
function verdict(reply, call) {
  const { effect, decidedBy, code, reason, execution } = reply
  const told = { effect, decidedBy, code, reason, execution }
  if (effect === 'deny') return told
  const input = reply.editedInput ?? call.input
  if (effect === 'allow' && holds(reply.validUntil) && isObject(input)) return { ...told, input }
  return { effect: 'deny', decidedBy: 'client', code: 'unusable' }
}

async function ask([command, ...more]) {
  if (command === undefined || more.length > 0) throw new Error('usage: node ask.js COMMAND')
  const seconds = process.env.COUNTERSIGN_WAIT_SECONDS ?? '60'
  if (!/^[1-9]\d*$/.test(seconds)) {
    throw new Error('COUNTERSIGN_WAIT_SECONDS must be a whole number above 0')
  }
  const wait = Number(seconds)
  const settings = login()
  const client = settings['sasl.username']
  const topic = `permission.replies.${client}`
  const kafka = new Kafka({
    brokers: required('COUNTERSIGN_KAFKA').split(','),
    ssl: { ca: [readFileSync(settings['ssl.ca.location'], 'utf8')] },
    sasl: { mechanism: 'scram-sha-512', username: client, password: settings['sasl.password'] },
    logLevel: logLevel.NOTHING,
  })
  const call = {
    tool: 'Bash',
    input: { command },
    cwd: process.cwd(),
    home: homedir(),
    resolvedPaths: {},
    workspaceRoots: [],
  }
  const tenant = process.env.COUNTERSIGN_TENANT ?? 'default'
  const ids = { tenant, sessionId: required('COUNTERSIGN_SESSION'), requestId: randomUUID() }
  const digest = createHash('sha256').update(canonical(call)).digest('hex')

  // Where the reply topic ends now: a reply to what is sent later is behind.
  const admin = kafka.admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(topic)

  const consumer = kafka.consumer({ groupId: client, partitionAssigners: [everythingToEverybody] })
  // Also when another process comes or goes.
  consumer.on(consumer.events.GROUP_JOIN, () =>
    ends.forEach(({ partition, high }) => consumer.seek({ topic, partition, offset: high })),
  )
  await consumer.connect()
  await consumer.subscribe({ topic })
  let decide
  const replied = new Promise((resolve) => (decide = resolve))
  const eachMessage = async ({ message }) => {
    const reply = replyIn(message, { ...ids, digest })
    if (reply) decide(verdict(reply, call))
  }
  await consumer.run({ autoCommit: false, eachMessage })

  // The same key: the same partition, and so the same order. As clients in Java choose it.
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const send = (event, more) => {
    const headers = { 'countersign-token': required('COUNTERSIGN_AGENT_TOKEN'), ...more }
    const messages = [{ key: event.sessionId, value: JSON.stringify(event), headers }]
    return producer.send({ topic: 'permission.requests', messages })
  }
  const request = { ...ids, toolCall: call, maxWaitMillis: wait * 1000 }
  const stop = new AbortController()
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort())
  let decided
  try {
    await send(request, { 'countersign-reply-topic': topic })
    const deadline = sleep((wait + GRACE) * 1000, undefined, { signal: stop.signal })
    decided = await Promise.race([replied, deadline])
  } finally {
    // Whatever ends it: nobody is asked for a program that no longer waits.
    if (!decided) await send(ids, { ce_type: 'dev.countersign.permission.cancelled' })
    await consumer.disconnect() // Else the next one waits until the group has missed this one.
  }
  return decided ?? { effect: 'deny', decidedBy: 'client', code: 'no_reply' }
}

ask(process.argv.slice(2)).then(
  (decided) => {
    console.log(JSON.stringify(decided))
    process.exit(decided.effect === 'allow' ? 0 : 1)
  },
  (error) => {
    console.error(`ask.js: ${error.message}`) // Without a decision nothing runs.
    process.exit(2)
  },
)
