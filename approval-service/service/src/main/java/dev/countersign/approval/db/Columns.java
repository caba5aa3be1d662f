package dev.countersign.approval.db;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Rows turned into columns, for {@code FROM unnest(…)}: one array parameter per column, so one
 * statement takes a whole batch.
 *
 * @param <T> what a row is made of
 */
public final class Columns<T> {
  private final List<T> rows;
  private final List<String> names = new ArrayList<>();
  private final List<String> types = new ArrayList<>();
  private final Tuple params = Tuple.tuple();

  public Columns(List<T> rows) {
    this.rows = rows;
  }

  public Columns<T> text(String name, Function<T, String> value) {
    params.addArrayOfString(rows.stream().map(value).toArray(String[]::new));
    return column(name, "text[]");
  }

  public Columns<T> number(String name, Function<T, Long> value) {
    params.addArrayOfLong(rows.stream().map(value).toArray(Long[]::new));
    return column(name, "bigint[]");
  }

  public Columns<T> flag(String name, Function<T, Boolean> value) {
    params.addArrayOfBoolean(rows.stream().map(value).toArray(Boolean[]::new));
    return column(name, "boolean[]");
  }

  public Columns<T> bytes(String name, Function<T, byte[]> value) {
    params.addValue(rows.stream().map(value).map(Columns::buffer).toArray(Buffer[]::new));
    return column(name, "bytea[]");
  }

  public Columns<T> time(String name, Function<T, Instant> value) {
    params.addArrayOfOffsetDateTime(
        rows.stream().map(value).map(Columns::offset).toArray(OffsetDateTime[]::new));
    return column(name, "timestamptz[]");
  }

  private Columns<T> column(String name, String type) {
    names.add(name);
    types.add(type);
    return this;
  }

  /** {@code unnest($1::text[], …) AS alias(name, …)}. */
  public String unnest(String alias) {
    StringBuilder sql = new StringBuilder("unnest(");
    for (int i = 0; i < types.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append('$').append(i + 1).append("::").append(types.get(i));
    }
    return sql.append(") AS ")
        .append(alias)
        .append('(')
        .append(String.join(", ", names))
        .append(')')
        .toString();
  }

  /** Adds a plain parameter after the columns and returns its placeholder. */
  public String scalar(Object value) {
    params.addValue(value);
    return "$" + params.size();
  }

  /** The parameters, in order. */
  public Tuple params() {
    return params;
  }

  private static Buffer buffer(byte[] bytes) {
    return bytes == null ? null : Buffer.buffer(bytes);
  }

  /** An instant as Postgres wants it. */
  public static OffsetDateTime offset(Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
