// Asks Countersign over Kafka whether a shell command may run: node ask.js COMMAND
//
// Prints the decision as one line of JSON. Exit status: 0 allow, 1 deny, 2 could not ask.
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

/** What may be done: nothing, unless it is an allow that still holds. */
function verdict(reply, call) {
  const { effect, decidedBy, code } = reply
  if (effect === 'deny') return { effect, decidedBy, code }
  if (effect === 'allow' && Date.parse(reply.validUntil) > Date.now()) {
    return { effect, decidedBy, code, input: reply.editedInput ?? call.input }
  }
  return { effect: 'deny', decidedBy: 'client', code: 'unusable' }
}

async function ask(command) {
  if (command === undefined) throw new Error('usage: node ask.js COMMAND')
  const wait = Number(process.env.COUNTERSIGN_WAIT_SECONDS ?? 60)
  if (!(wait > 0)) throw new Error('COUNTERSIGN_WAIT_SECONDS must be a number above 0')
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
  await send(request, { 'countersign-reply-topic': topic })

  const decided = await Promise.race([replied, sleep((wait + GRACE) * 1000)])
  if (!decided) await send(ids, { ce_type: 'dev.countersign.permission.cancelled' })
  await consumer.disconnect() // Else the next one waits until the group has missed this one.
  return decided ?? { effect: 'deny', decidedBy: 'client', code: 'no_reply' }
}

ask(process.argv[2]).then(
  (decided) => {
    console.log(JSON.stringify(decided))
    process.exit(decided.effect === 'allow' ? 0 : 1)
  },
  (error) => {
    console.error(`ask.js: ${error.message}`) // Without a decision nothing runs.
    process.exit(2)
  },
)
