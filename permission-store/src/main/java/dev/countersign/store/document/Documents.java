package dev.countersign.store.document;

import dev.countersign.document.DocumentEdit;
import dev.countersign.document.DocumentRules;
import dev.countersign.document.DocumentText;
import dev.countersign.protocol.UserDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a change makes of a document: pure functions of the change and the stored text. */
public final class Documents {
  private static final String NEVER = "never";
  private static final String ALWAYS = "always";

  private Documents() {}

  /**
   * Applies a change that needs nothing but the present document.
   *
   * @param text the present document in its normal form
   */
  public static Outcome apply(Change change, String text) {
    if (change instanceof Change.SetOverride set) {
      return DocumentRules.faultOf(set.tool(), set.resource(), set.level())
          .map(Documents::invalid)
          .orElseGet(() -> set(set, DocumentText.read(text)));
    }
    if (change instanceof Change.ClearOverride clear) {
      return DocumentRules.faultOfNames(clear.tool(), clear.resource())
          .map(Documents::invalid)
          .orElseGet(() -> clear(clear, DocumentText.read(text)));
    }
    if (change instanceof Change.Write write) {
      return fitting(write.document(), List.of());
    }
    if (change instanceof Change.Edit edit) {
      return outcome(DocumentEdit.replace(text, edit.oldText(), edit.newText()), List.of());
    }
    if (change instanceof Change.Erase) {
      return fitting(UserDocument.EMPTY, List.of());
    }
    throw new IllegalArgumentException("needs more than the document: " + change.action());
  }

  private static Outcome set(Change.SetOverride set, UserDocument document) {
    Map<String, UserDocument.Tool> tools = new TreeMap<>(document.tools());
    UserDocument.Tool tool = tools.getOrDefault(set.tool(), new UserDocument.Tool(null, null));
    List<String> cleared = new ArrayList<>();
    Map<String, UserDocument.Entry> resources = new TreeMap<>(tool.resources());
    if (set.level().equals(NEVER) && !set.keepNarrower()) {
      resources
          .entrySet()
          .removeIf(
              entry -> {
                boolean goes =
                    entry.getValue().level().equals(ALWAYS)
                        && Resources.isNarrower(entry.getKey(), set.resource());
                if (goes) {
                  cleared.add(set.tool() + " " + entry.getKey());
                }
                return goes;
              });
    }
    String level = tool.level();
    if (set.resource() == null) {
      level = set.level();
    } else {
      resources.put(set.resource(), new UserDocument.Entry(set.level(), null));
    }
    tools.put(set.tool(), new UserDocument.Tool(level, resources));
    return fitting(with(document, tools), cleared);
  }

  private static Outcome clear(Change.ClearOverride clear, UserDocument document) {
    Map<String, UserDocument.Tool> tools = new TreeMap<>(document.tools());
    UserDocument.Tool tool = tools.get(clear.tool());
    if (tool != null) {
      Map<String, UserDocument.Entry> resources = new TreeMap<>(tool.resources());
      String level = clear.resource() == null ? null : tool.level();
      if (clear.resource() != null) {
        resources.remove(clear.resource());
      }
      if (level == null && resources.isEmpty()) {
        tools.remove(clear.tool());
      } else {
        tools.put(clear.tool(), new UserDocument.Tool(level, resources));
      }
    }
    return fitting(with(document, tools), List.of());
  }

  /**
   * Applies a restore.
   *
   * @param earlier the document at that version; null if it is not known any more
   */
  public static Outcome restore(Change.Restore restore, String earlier) {
    return earlier == null
        ? new Outcome.Refused(
            "unknown_version", "there is no stored document of version " + restore.version())
        : outcome(DocumentEdit.write(earlier), List.of());
  }

  private static UserDocument with(UserDocument document, Map<String, UserDocument.Tool> tools) {
    return new UserDocument(document.schemaVersion(), document.rules(), tools);
  }

  private static Outcome invalid(String fault) {
    return new Outcome.Refused("invalid_override", fault);
  }

  private static Outcome fitting(UserDocument document, List<String> cleared) {
    return outcome(DocumentEdit.fitting(document), cleared);
  }

  private static Outcome outcome(DocumentEdit.Result result, List<String> cleared) {
    if (result instanceof DocumentEdit.Result.Edited edited) {
      return new Outcome.Changed(edited.document(), edited.text(), cleared);
    }
    DocumentEdit.Result.Refused refused = (DocumentEdit.Result.Refused) result;
    return new Outcome.Refused(refused.code(), refused.detail(), refused.faults());
  }

  /** The level a document holds for exactly this tool or resource, if it holds one. */
  public static Optional<UserDocument.Entry> find(
      UserDocument document, String tool, String resource) {
    UserDocument.Tool settled = document.tools().get(tool);
    if (settled == null) {
      return Optional.empty();
    }
    if (resource != null) {
      return Optional.ofNullable(settled.resources().get(resource));
    }
    return Optional.ofNullable(settled.level()).map(level -> new UserDocument.Entry(level, null));
  }
}
