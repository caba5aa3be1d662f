/**
 * The whole system on one machine: Kafka, Postgres and the three services as processes of their
 * own. {@link dev.countersign.local.Up} is what {@code deploy/up} runs; {@link
 * dev.countersign.local.Stack} starts, stops and kills the parts, also for the system tests.
 */
package dev.countersign.local;
