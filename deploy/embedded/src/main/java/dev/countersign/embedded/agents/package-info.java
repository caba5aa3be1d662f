/**
 * Runs real agents against a scripted model on loopback, so that adapters are tested with the real
 * program. JDK only.
 */
package dev.countersign.embedded.agents;
