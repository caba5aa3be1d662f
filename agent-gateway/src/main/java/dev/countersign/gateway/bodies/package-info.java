/**
 * Request bodies, before anything else sees them: who sends, how much, how fast. Uses {@code
 * identity} and {@code http}; hands the bytes to the resources.
 */
package dev.countersign.gateway.bodies;
