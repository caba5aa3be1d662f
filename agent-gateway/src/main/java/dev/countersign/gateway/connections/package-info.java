/**
 * Connections, before there is a request and between two: how many there are, how long one may take
 * to say what it wants or to take what it is sent, and how much it may ask at once. Uses nothing of
 * the gateway but its configuration.
 */
package dev.countersign.gateway.connections;
