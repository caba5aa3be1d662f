/**
 * The decision core: whether a tool call may run, by whose rule, and why.
 *
 * <p>{@link dev.countersign.policy.Authority} is the order of decision; its layers stand in {@code
 * Layers}, what a mode covers in {@code Coverage}, every sentence an agent reads in {@link
 * dev.countersign.policy.Reasons}. A call is broken up by {@code parts}, shell scripts are read by
 * {@code shell}, rules by {@code rules}, paths by {@code paths}, and {@code tools} knows the tools.
 * Readable tables ship beside the classes: {@code tools.txt}, {@code managed-rules.txt}, {@code
 * protected-paths.txt}.
 *
 * <p>Nothing here reads a file of the session, a clock or a database: the same input gives the same
 * decision.
 */
package dev.countersign.policy;
