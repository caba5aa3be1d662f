package dev.countersign.gateway.hooks;

/**
 * A session as an agent's own program counts them.
 *
 * @param id the child session's id
 * @param engine which agent
 * @param workspace the folder it works in; null leaves it to the calls
 */
record AgentSession(String id, String engine, String workspace) {}
