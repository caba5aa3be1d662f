package dev.countersign.approval.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.policies.ManagedRulesFile;
import dev.countersign.approval.policies.PolicyAssembler;
import dev.countersign.approval.requests.Texts;
import dev.countersign.policy.ApprovalPolicy;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Profile;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Refuses settings that mean nothing. The words of closed lists were checked as they were read. */
final class SettingsCheck {
  private static final int MAX_RULES = 2000;
  private static final int MAX_ENTRIES = 1000;

  private SettingsCheck() {}

  /** Checks what a command wants to set. */
  static void words(SessionSettings s) {
    try {
      Texts.check("settings", Json.mapper().<JsonNode>valueToTree(s));
    } catch (InvalidEventException e) {
      throw new RefusedException("invalid_setting", "settings", e.getMessage());
    }
    if (s.profile() != null && !Profile.isOne(s.profile())) {
      throw oneOf("profile", Profile.words());
    }
    if (s.workspaceRoots() != null) {
      s.workspaceRoots().forEach(root -> absolute("workspaceRoots", root));
    }
    if (s.planFile() != null) {
      absolute("planFile", s.planFile());
    }
    size("overlay", s.overlay());
    size("project", s.project());
    size("session", s.session());
    if (s.engine() != null) {
      size("engine.tools", s.engine().tools());
      size("engine.injectedTools", s.engine().injectedTools());
      size("engine.args", s.engine().args());
    }
  }

  /**
   * Refuses an approval policy that bypassPermissions makes void: nothing asks there, whatever
   * stands beside it.
   */
  static void policy(SessionSettings settings, List<SessionSettings> ancestors) {
    String policy = settings.approvalPolicy();
    if (policy == null || policy.equals(ApprovalPolicy.NEVER_ASK.word())) {
      return;
    }
    List<SessionSettings> chain = new ArrayList<>(ancestors);
    chain.add(settings);
    PermissionMode mode = SessionRules.effective(chain, Map.of()).mode();
    if (mode == PermissionMode.BYPASS_PERMISSIONS) {
      throw new RefusedException(
          "invalid_setting",
          "approvalPolicy",
          "must be never_ask in permissionMode bypassPermissions, where nothing asks, not "
              + policy
              + "; send never_ask with the mode, or take another mode");
    }
  }

  /**
   * Checks that the settings of a session make a policy.
   *
   * @return what people should know about it
   */
  static List<String> rules(SessionSettings settings, List<SessionSettings> ancestors) {
    try {
      return CompiledPolicy.compile(
              PolicyAssembler.assemble(
                  settings, ancestors, UserDocument.EMPTY, ManagedRulesFile.NONE, Instant.EPOCH))
          .warnings();
    } catch (InvalidRulesException e) {
      throw new RefusedException(
          "invalid_setting",
          "rules",
          e.problems().stream()
              .map(p -> "\"" + p.text() + "\" at " + p.position() + ": " + p.reason())
              .collect(Collectors.joining("; ")));
    }
  }

  private static void size(String field, RuleSet rules) {
    if (rules != null
        && rules.allow().size() + rules.ask().size() + rules.deny().size() > MAX_RULES) {
      throw new RefusedException("invalid_setting", field, "has more than " + MAX_RULES + " rules");
    }
  }

  private static void size(String field, List<String> entries) {
    if (entries != null && entries.size() > MAX_ENTRIES) {
      throw new RefusedException(
          "invalid_setting", field, "has more than " + MAX_ENTRIES + " entries");
    }
  }

  private static void absolute(String field, String path) {
    if (path == null || !path.startsWith("/")) {
      throw new RefusedException("invalid_setting", field, "must be absolute: " + path);
    }
  }

  private static RefusedException oneOf(String field, String words) {
    return new RefusedException("invalid_setting", field, "must be one of " + words);
  }
}
