package dev.countersign.approval.answers;

import dev.countersign.protocol.PermissionAnswer;

/**
 * An answer whose sender is proven.
 *
 * @param person who answers
 * @param admin whether they may answer for others
 * @param replyTo the mark that its sender wants back; may be null
 */
public record Answer(PermissionAnswer value, String person, boolean admin, String replyTo) {}
