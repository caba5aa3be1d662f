package dev.countersign.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a session effectively may: the minimum over itself, all its ancestors and the mode its agent
 * claims. Everything that depends on permissions reads it here.
 *
 * @param profiles all that bound the session, the narrowest first; what any of them does not cover
 *     is not covered
 * @param roots every set of workspace roots that bounds it; an empty one is the call's cwd
 * @param planFile the one file that plan mode may write; null if none
 */
public record EffectivePermissions(
    PermissionMode mode,
    List<NamedProfile> profiles,
    ApprovalPolicy approvalPolicy,
    ExecutionPolicy executionPolicy,
    boolean headless,
    List<List<String>> roots,
    String planFile) {

  /** A profile and the word it was set with. */
  public record NamedProfile(String word, Profile profile) {}

  /** From the one that lets least through to the one that lets most through. */
  private static final List<ApprovalPolicy> POLICIES =
      List.of(
          ApprovalPolicy.BLOCK_REQUIRES_APPROVAL,
          ApprovalPolicy.ASK_ON_BOUNDARY,
          ApprovalPolicy.APPROVE_TRUSTED,
          ApprovalPolicy.NEVER_ASK);

  public EffectivePermissions {
    profiles = List.copyOf(profiles);
    roots = List.copyOf(roots);
  }

  /**
   * The minimum.
   *
   * @param claimed the mode the agent says it is in; it can only lower; null if it says nothing
   */
  public static EffectivePermissions of(
      Permissions session,
      List<Ancestor> ancestors,
      PermissionMode claimed,
      Map<String, Profile> customProfiles) {
    List<Permissions> chain = new ArrayList<>();
    chain.add(session);
    ancestors.forEach(a -> chain.add(a.permissions()));
    PermissionMode mode =
        chain.stream().map(Permissions::mode).min(Comparator.naturalOrder()).orElseThrow();
    if (claimed != null && claimed.compareTo(mode) < 0) {
      mode = claimed;
      chain.add(new Permissions(claimed, null, null, null, false, List.of(), session.planFile()));
    }
    Map<String, NamedProfile> profiles = new LinkedHashMap<>();
    for (Permissions one : chain) {
      Profile own = Profile.of(one.mode());
      String word = one.profile() == null ? own.base().word() : one.profile();
      Profile profile = one.profile() == null ? own : Profile.of(word, customProfiles);
      profiles.put(word, new NamedProfile(word, profile));
    }
    if (mode == PermissionMode.PLAN) {
      String word = Profile.Base.READ_ONLY.word();
      profiles.put(word, new NamedProfile(word, Profile.of(PermissionMode.PLAN)));
    }
    return new EffectivePermissions(
        mode,
        profiles.values().stream().sorted(Comparator.comparing(p -> p.profile().base())).toList(),
        policy(chain, mode),
        chain.stream()
            .map(p -> p.executionPolicy() == null ? executionOf(p.mode()) : p.executionPolicy())
            .min(Comparator.naturalOrder())
            .orElseThrow(),
        chain.stream().anyMatch(Permissions::headless),
        chain.stream().map(Permissions::workspaceRoots).distinct().toList(),
        session.planFile());
  }

  /** In bypassPermissions nothing asks, whatever policy is named beside it. */
  private static ApprovalPolicy policy(List<Permissions> chain, PermissionMode mode) {
    ApprovalPolicy least =
        chain.stream()
            .map(p -> p.approvalPolicy() == null ? policyOf(p.mode()) : p.approvalPolicy())
            .min(Comparator.comparing(POLICIES::indexOf))
            .orElseThrow();
    boolean asks = least != ApprovalPolicy.BLOCK_REQUIRES_APPROVAL;
    return mode == PermissionMode.BYPASS_PERMISSIONS && asks ? ApprovalPolicy.NEVER_ASK : least;
  }

  /** The approval policy of a mode. */
  public static ApprovalPolicy policyOf(PermissionMode mode) {
    return switch (mode) {
      case PLAN, DEFAULT, ACCEPT_EDITS -> ApprovalPolicy.ASK_ON_BOUNDARY;
      case DONT_ASK -> ApprovalPolicy.BLOCK_REQUIRES_APPROVAL;
      case AUTO -> ApprovalPolicy.APPROVE_TRUSTED;
      case BYPASS_PERMISSIONS -> ApprovalPolicy.NEVER_ASK;
    };
  }

  /** The execution policy of a mode. */
  public static ExecutionPolicy executionOf(PermissionMode mode) {
    return switch (mode) {
      case PLAN -> ExecutionPolicy.FOREGROUND_ONLY;
      case DONT_ASK, DEFAULT, ACCEPT_EDITS, AUTO -> ExecutionPolicy.BACKGROUND_PREFERRED;
      case BYPASS_PERMISSIONS -> ExecutionPolicy.FLEET_PREFERRED;
    };
  }

  /** Whether every profile is full access: nothing is outside the boundary. */
  public boolean fullAccess() {
    return profiles.stream()
        .allMatch(p -> p.profile().equals(Profile.of(Profile.Base.FULL_ACCESS)));
  }

  /** The same as plain settings, with nothing left to the mode. */
  public Permissions asPermissions(List<String> workspaceRoots) {
    return new Permissions(
        mode,
        profiles.get(0).word(),
        approvalPolicy,
        executionPolicy,
        headless,
        workspaceRoots,
        planFile);
  }
}
