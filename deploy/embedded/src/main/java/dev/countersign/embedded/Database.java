package dev.countersign.embedded;

/** One database of a {@link PostgresServer} and the role that owns it. */
public record Database(String name, String user, String password, int port) {
  /** For {@code quarkus.datasource.jdbc.url}. */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:%s/%s".formatted(port, name);
  }

  /** For {@code quarkus.datasource.reactive.url}. */
  public String reactiveUrl() {
    return "postgresql://127.0.0.1:%s/%s".formatted(port, name);
  }

  @Override
  public String toString() {
    return jdbcUrl() + " as " + user;
  }
}
