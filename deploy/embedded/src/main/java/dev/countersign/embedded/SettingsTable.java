package dev.countersign.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings that the document on operations names. Its tables stand behind lines that say for
 * which services they are.
 */
public final class SettingsTable {
  private static final Pattern NAME = Pattern.compile("`(countersign\\.[a-z.-]+)`");

  private SettingsTable() {}

  /** The properties under {@code countersign} that a service has, as the document says. */
  public static List<String> of(String service) {
    List<String> names = new ArrayList<>();
    boolean ofService = false;
    for (String line : DocTables.section("docs/operations.md", "## Settings")) {
      if (line.startsWith("|") && ofService) {
        Matcher name = NAME.matcher(line.split("\\|")[1]);
        while (name.find()) {
          names.add(name.group(1));
        }
      } else if (line.endsWith(":")) {
        ofService = line.equals("Every service:") || line.contains(service);
      }
    }
    return names;
  }
}
