/**
 * What a Kafka cluster must be like for Countersign: its topics, and who may do what with them.
 * Everything else (the local stack, manifests, AsyncAPI) is made from it or compared with it.
 */
package dev.countersign.protocol.kafka;
