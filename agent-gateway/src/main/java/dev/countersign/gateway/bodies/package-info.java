/**
 * Request bodies, before anything else sees them: who sends, how much, how fast; and answers, until
 * they are sent. Uses {@code identity} and {@code http}; hands the bytes to the resources.
 */
package dev.countersign.gateway.bodies;
