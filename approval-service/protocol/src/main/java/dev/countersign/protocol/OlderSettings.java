package dev.countersign.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Translates the settings of older tools. They are read here and nowhere else. */
public final class OlderSettings {
  /** The settings that are read. */
  public static final List<String> NAMES =
      List.of("mode", "approval_mode", "allow_shell", "trust_mode", "sandbox_mode");

  /**
   * What older settings are today.
   *
   * @param settings to start a session with
   * @param carried one line per older word: what it became
   * @param lost one line per word that could not be carried over, and why
   */
  public record Translation(SessionSettings settings, List<String> carried, List<String> lost) {
    public Translation {
      carried = List.copyOf(carried);
      lost = List.copyOf(lost);
    }
  }

  /** Older settings that cannot be read, with every fault in them. */
  public static final class UnreadableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem.FieldError> faults;

    UnreadableException(List<Problem.FieldError> faults) {
      super(String.join("; ", faults.stream().map(Problem.FieldError::detail).toList()));
      this.faults = List.copyOf(faults);
    }

    public List<Problem.FieldError> faults() {
      return faults;
    }
  }

  private final List<Problem.FieldError> faults = new ArrayList<>();
  private final List<String> carried = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();

  private OlderSettings() {}

  /** Whether a name is one that only older settings had, in any spelling. */
  public static boolean isOlderName(String name) {
    return NAMES.stream().anyMatch(older -> OlderWords.plain(older).equals(OlderWords.plain(name)));
  }

  /**
   * What older settings are today.
   *
   * @throws UnreadableException if a name or a word is none of the older ones
   */
  public static Translation translate(ObjectNode older) {
    return new OlderSettings().read(older);
  }

  private Translation read(ObjectNode older) {
    older.fieldNames().forEachRemaining(this::known);
    String mode = word(older, "mode", OlderWords.MODES, "permissionMode");
    String policy = word(older, "approval_mode", OlderWords.APPROVALS, "approvalPolicy");
    String sandbox = word(older, "sandbox_mode", OlderWords.SANDBOXES, "profile");
    String profile = profile(sandbox, flag(older, "trust_mode"));
    RuleSet rules = shell(flag(older, "allow_shell"));
    if (!faults.isEmpty()) {
      throw new UnreadableException(faults);
    }
    SessionSettings settings =
        new SessionSettings(
            asking(mode, policy, older),
            profile,
            policy,
            null,
            null,
            null,
            null,
            null,
            rules,
            null,
            null);
    return new Translation(settings, carried, lost);
  }

  /** In bypassPermissions nothing asks: of a mode and a policy that disagree the policy counts. */
  private String asking(String mode, String policy, ObjectNode older) {
    if (policy == null || !"bypassPermissions".equals(mode)) {
      return mode;
    }
    String word = older.get("mode").textValue();
    carried.removeIf(line -> line.startsWith("mode " + word + " became"));
    lost.add(
        "mode %s: approval_mode says less, and the narrower of the two counts".formatted(word));
    return null;
  }

  private void known(String name) {
    if (!NAMES.contains(name)) {
      fault(name, "is no older setting; these are " + String.join(", ", NAMES));
    }
  }

  private String word(ObjectNode older, String name, OlderWords words, String setting) {
    JsonNode value = older.get(name);
    if (value == null) {
      return null;
    }
    String now = value.isTextual() ? words.today(value.textValue()).orElse(null) : null;
    if (now == null) {
      fault(name, "must be one of " + String.join(", ", words.all()));
    } else {
      carried.add("%s %s became %s %s".formatted(name, value.textValue(), setting, now));
    }
    return now;
  }

  private Boolean flag(ObjectNode older, String name) {
    JsonNode value = older.get(name);
    if (value == null || value.isBoolean()) {
      return value == null ? null : value.booleanValue();
    }
    fault(name, "must be true or false");
    return null;
  }

  private String profile(String sandbox, Boolean trust) {
    if (trust == null) {
      return sandbox;
    }
    if (!trust) {
      carried.add("trust_mode false became nothing: the workspace is the boundary by itself");
      return sandbox;
    }
    if (sandbox == null || sandbox.equals("full_access")) {
      carried.add("trust_mode true became profile full_access");
      return "full_access";
    }
    lost.add("trust_mode true: sandbox_mode says less, and the narrower of the two counts");
    return sandbox;
  }

  private RuleSet shell(Boolean allowed) {
    if (allowed == null) {
      return null;
    }
    if (allowed) {
      carried.add("allow_shell true became nothing: mode and rules say which commands may run");
      return null;
    }
    carried.add("allow_shell false became the deny rule Bash of the session");
    return new RuleSet(List.of(), List.of(), List.of("Bash"));
  }

  private void fault(String name, String problem) {
    faults.add(new Problem.FieldError(name, name + " " + problem));
  }
}
