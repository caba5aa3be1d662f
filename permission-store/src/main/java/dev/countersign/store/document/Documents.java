package dev.countersign.store.document;

import dev.countersign.document.DocumentEdit;
import dev.countersign.document.DocumentRules;
import dev.countersign.document.DocumentText;
import dev.countersign.document.Expiry;
import dev.countersign.document.Fault;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
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
   * @param now by the database's clock
   */
  public static Outcome apply(Change change, String text, Instant now) {
    if (change instanceof Change.SetOverride set) {
      return DocumentRules.faultOf(set.tool(), set.resource(), set.level())
          .or(() -> Expiry.faultOf(set.until(), now).map(fault -> "until " + fault))
          .map(Documents::invalid)
          .orElseGet(() -> set(set, DocumentText.read(text)));
    }
    if (change instanceof Change.ClearOverride clear) {
      return DocumentRules.faultOfNames(clear.tool(), clear.resource())
          .map(Documents::invalid)
          .orElseGet(() -> clear(clear, DocumentText.read(text)));
    }
    if (change instanceof Change.Write write) {
      return fitting(write.document());
    }
    if (change instanceof Change.Edit edit) {
      return outcome(DocumentEdit.replace(text, edit.oldText(), edit.newText()));
    }
    if (change instanceof Change.Erase) {
      return fitting(UserDocument.EMPTY);
    }
    throw new IllegalArgumentException("needs more than the document: " + change.action());
  }

  private static Outcome set(Change.SetOverride set, UserDocument document) {
    Map<String, UserDocument.Tool> tools = new TreeMap<>(document.tools());
    UserDocument.Tool tool = tools.getOrDefault(set.tool(), new UserDocument.Tool(null, null));
    Map<String, UserDocument.Entry> resources = new TreeMap<>(tool.resources());
    List<String> narrower = set.level().equals(NEVER) ? narrowerAlways(set, resources) : List.of();
    if (!set.keepNarrower()) {
      resources.keySet().removeAll(narrower);
    }
    UserDocument.Tool settled;
    if (set.resource() == null) {
      settled = new UserDocument.Tool(set.level(), resources, normal(set.until()));
    } else {
      resources.put(set.resource(), new UserDocument.Entry(set.level(), normal(set.until())));
      settled = new UserDocument.Tool(tool.level(), resources, tool.until());
    }
    tools.put(set.tool(), settled);
    List<String> shown = narrower.stream().map(resource -> set.tool() + " " + resource).toList();
    return outcome(
        DocumentEdit.fitting(with(document, tools)),
        set.keepNarrower() ? List.of() : shown,
        set.keepNarrower() ? shown : List.of());
  }

  private static List<String> narrowerAlways(
      Change.SetOverride set, Map<String, UserDocument.Entry> resources) {
    return resources.entrySet().stream()
        .filter(entry -> entry.getValue().level().equals(ALWAYS))
        .map(Map.Entry::getKey)
        .filter(resource -> Resources.isNarrower(resource, set.resource()))
        .toList();
  }

  /** An end as documents write it: in UTC. */
  private static String normal(String until) {
    return until == null ? null : Expiry.end(until).toString();
  }

  private static Outcome clear(Change.ClearOverride clear, UserDocument document) {
    Map<String, UserDocument.Tool> tools = new TreeMap<>(document.tools());
    UserDocument.Tool tool = tools.get(clear.tool());
    if (tool != null) {
      Map<String, UserDocument.Entry> resources = new TreeMap<>(tool.resources());
      boolean whole = clear.resource() == null;
      String level = whole ? null : tool.level();
      if (clear.resource() != null) {
        resources.remove(clear.resource());
      }
      if (level == null && resources.isEmpty()) {
        tools.remove(clear.tool());
      } else {
        tools.put(
            clear.tool(), new UserDocument.Tool(level, resources, whole ? null : tool.until()));
      }
    }
    return fitting(with(document, tools));
  }

  /**
   * Applies a restore.
   *
   * @param earlier the document at that version; null if it is not known any more
   * @param now what ended by then is left out
   */
  public static Outcome restore(Change.Restore restore, String earlier, Instant now) {
    return earlier == null
        ? new Outcome.Refused(
            "unknown_version", "there is no stored document of version " + restore.version())
        : outcome(DocumentEdit.write(living(earlier, now)));
  }

  private static String living(String text, Instant now) {
    return DocumentText.write(Expiry.without(DocumentText.read(text), now));
  }

  private static UserDocument with(UserDocument document, Map<String, UserDocument.Tool> tools) {
    return new UserDocument(document.schemaVersion(), document.rules(), tools);
  }

  private static Outcome invalid(String fault) {
    return new Outcome.Refused("invalid_override", fault);
  }

  private static Outcome fitting(UserDocument document) {
    return outcome(DocumentEdit.fitting(document));
  }

  private static Outcome outcome(DocumentEdit.Result result) {
    return outcome(result, List.of(), List.of());
  }

  private static Outcome outcome(
      DocumentEdit.Result result, List<String> cleared, List<String> kept) {
    if (result instanceof DocumentEdit.Result.Edited edited) {
      return new Outcome.Changed(edited.document(), edited.text(), cleared, kept);
    }
    DocumentEdit.Result.Refused refused = (DocumentEdit.Result.Refused) result;
    return new Outcome.Refused(refused.code(), refused.detail(), refused.faults());
  }

  /** Refuses a change that would store an end in the past, or one that nobody means. */
  public static Outcome timely(Outcome outcome, Instant now) {
    if (!(outcome instanceof Outcome.Changed changed)) {
      return outcome;
    }
    List<Fault> faults = Expiry.faults(changed.document(), now);
    return faults.isEmpty()
        ? outcome
        : new Outcome.Refused("invalid_document", faults.get(0).sentence(), faults);
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
    return Optional.ofNullable(settled.level())
        .map(level -> new UserDocument.Entry(level, settled.until()));
  }
}
