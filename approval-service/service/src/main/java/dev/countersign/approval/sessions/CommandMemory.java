package dev.countersign.approval.sessions;

import dev.countersign.approval.db.Database;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionCommand;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What was answered to session commands, so that a command sent again changes nothing a second
 * time. An id belongs to its tenant, sender and acting session: from anybody else it is another
 * command, so nobody reads, or spoils, what another's id stands for.
 */
@ApplicationScoped
class CommandMemory {
  private static final String WHERE =
      " WHERE tenant = $1 AND sender = $2 AND acting_session = $3 AND command_id = $4";

  /**
   * What was answered to the command before; empty for the first time, and then the command is this
   * transaction's to carry out. A second transaction waits here until the first has ended.
   *
   * @throws RefusedException {@code command_id_reused} if the id stands for another command
   */
  Optional<byte[]> claim(SqlClient client, SessionCommand command, Sender sender) {
    String digest = digest(command, sender);
    String insert =
        "INSERT INTO session_command (tenant, sender, acting_session, command_id, digest, reply)"
            + " VALUES ($1, $2, $3, $4, $5, ''::bytea) ON CONFLICT DO NOTHING RETURNING digest";
    if (!Database.query(client, insert, key(command, sender).addString(digest)).isEmpty()) {
      return Optional.empty();
    }
    Row row =
        Database.query(
                client, "SELECT digest, reply FROM session_command" + WHERE, key(command, sender))
            .get(0);
    if (!row.getString("digest").equals(digest)) {
      throw new RefusedException(
          "command_id_reused",
          "commandId",
          "was used for another command, or with other roles; use a new one");
    }
    return Optional.of(row.getBuffer("reply").getBytes());
  }

  /** Notes what is answered to a claimed command. */
  void note(SqlClient client, SessionCommand command, Sender sender, byte[] reply) {
    Database.query(
        client,
        "UPDATE session_command SET reply = $5" + WHERE,
        key(command, sender).addValue(Buffer.buffer(reply)));
  }

  /** Gives a claimed command up: it may be carried out later. */
  void release(SqlClient client, SessionCommand command, Sender sender) {
    Database.query(client, "DELETE FROM session_command" + WHERE, key(command, sender));
  }

  private static Tuple key(SessionCommand command, Sender sender) {
    String acting = sender.agent() ? sender.actingSession() : "";
    return Tuple.from(
        Arrays.asList(command.tenant(), sender.person(), acting, command.commandId()));
  }

  /** Roles count: who lost one does not get what it once led to. */
  private static String digest(SessionCommand command, Sender sender) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    List<String> roles = sender.roles().stream().sorted().toList();
    said.writeBytes(String.join(" ", roles).getBytes(StandardCharsets.UTF_8));
    said.write('\n');
    said.writeBytes(Json.write(command));
    return Digest.of(said.toByteArray());
  }
}
