package dev.countersign.protocol;

import java.util.Map;

/**
 * What one user settled: the content of {@code PERMISSIONS.json}.
 *
 * @param schemaVersion 1; another one is refused, as it could say what this code does not see
 * @param rules of the scope {@code user}
 * @param tools by tool name
 */
public record UserDocument(Integer schemaVersion, RuleSet rules, Map<String, Tool> tools) {
  /** The schema this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** A user's document before anything was settled. */
  public static final UserDocument EMPTY = new UserDocument(SCHEMA_VERSION, null, null);

  /**
   * What is settled for one tool.
   *
   * @param level for the whole tool: {@code always}, {@code ask} or {@code never}; null if only
   *     resources are settled
   * @param resources by exact resource or pattern
   * @param until RFC 3339 instant after which {@code level} no longer counts; null for no end
   */
  public record Tool(String level, Map<String, Entry> resources, String until) {
    public Tool {
      resources = Require.map("resources", resources);
    }

    /** A tool whose level has no end. */
    public Tool(String level, Map<String, Entry> resources) {
      this(level, resources, null);
    }
  }

  /**
   * What is settled for one resource.
   *
   * @param until RFC 3339 instant after which it no longer counts; null for no end
   */
  public record Entry(String level, String until) {}

  public UserDocument {
    schemaVersion = schemaVersion == null ? SCHEMA_VERSION : schemaVersion;
    if (schemaVersion != SCHEMA_VERSION) {
      throw new InvalidEventException(
          "schemaVersion", "is %d; only %d is known".formatted(schemaVersion, SCHEMA_VERSION));
    }
    rules = rules == null ? new RuleSet(null, null, null) : rules;
    tools = Require.map("tools", tools);
  }
}
