/**
 * A real Kafka broker and a real Postgres without any installation, the topics, development keys,
 * and a TCP proxy for fault tests. For the local stack and for integration tests; nothing here is
 * meant for production.
 */
package dev.countersign.embedded;
