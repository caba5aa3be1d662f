package dev.countersign.store.users;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

/** The reply a command got, byte for byte: the same command gets it again and changes nothing. */
@Entity
@Table(name = "command_result")
public class CommandResult extends PanacheEntityBase {
  /** A command's identity: its id, which is its sender's choice, among those of its user. */
  @Embeddable
  public record Key(
      @Column(name = "tenant") String tenant,
      @Column(name = "user_id") String user,
      @Column(name = "command_id") String commandId) {}

  @EmbeddedId public Key key;

  /**
   * Of what the command asks for; the same id with another digest is another command. After an
   * erase it is {@link Erased#DIGEST}, and whatever comes under the id gets the reply that says so.
   */
  @Column(nullable = false)
  public String digest;

  /** Empty after an erase. */
  @Column(nullable = false)
  public byte[] reply;

  @Column(nullable = false)
  public Instant at;
}
