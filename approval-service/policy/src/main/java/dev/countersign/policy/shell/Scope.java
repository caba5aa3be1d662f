package dev.countersign.policy.shell;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a script has set so far. A subshell sees its parent's and keeps its own to itself. */
final class Scope {
  private final Scope parent;
  private static final int LONGEST_SEEMING = 200;

  private Map<String, String> constants = Map.of();
  private Map<String, String> seeming = Map.of();
  private Set<String> functions = Set.of();
  private Set<String> aliases = Set.of();
  private Set<String> sure = Set.of();
  private Set<String> numbers = Set.of();
  private final Copies copies;
  private String taint;
  private Directory directory;
  private boolean moves;
  private boolean inRounds;
  private boolean dynamic;

  Scope() {
    this(null);
  }

  private Scope(Scope parent) {
    this.parent = parent;
    this.copies = parent == null ? new Copies() : parent.copies;
    this.directory = parent == null ? Directory.START : parent.directory;
    this.taint = parent == null ? null : parent.taint;
    this.moves = parent != null && parent.moves;
    this.dynamic = parent != null && parent.dynamic;
    this.inRounds = parent != null && parent.inRounds;
  }

  Scope subshell() {
    return new Scope(this);
  }

  /** Notes a variable's value; null if it is not known. */
  void assign(String name, String value) {
    // Most scripts set nothing.
    constants = constants.isEmpty() ? new HashMap<>() : constants;
    constants.put(name, value);
    if (seeming(name) != null) {
      seem(name, null);
    }
  }

  /** Notes what a variable of which the value is not known was written as; for denying only. */
  void seem(String name, String written) {
    seeming = seeming.isEmpty() ? new HashMap<>() : seeming;
    seeming.put(name, written != null && written.length() > LONGEST_SEEMING ? null : written);
  }

  /** What a variable was last written as; null if its value is known, or nothing of it. */
  String seeming(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.seeming.containsKey(name)) {
        return scope.seeming.get(name);
      }
    }
    return null;
  }

  private static Set<String> with(Set<String> names, Set<String> more) {
    if (more.isEmpty()) {
      return names;
    }
    Set<String> all = names.isEmpty() ? new HashSet<>() : names;
    all.addAll(more);
    return all;
  }

  /** The constant a variable was last given; null if it is not known. */
  String value(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.constants.containsKey(name)) {
        return scope.constants.get(name);
      }
    }
    return null;
  }

  boolean assigned(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.constants.containsKey(name)) {
        return true;
      }
    }
    return false;
  }

  void define(String function) {
    functions = with(functions, Set.of(function));
  }

  boolean isFunction(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.functions.contains(name)) {
        return true;
      }
    }
    return false;
  }

  void alias(String name) {
    aliases = with(aliases, Set.of(name));
  }

  boolean isAlias(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.aliases.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** Names that are set once, whatever happens. */
  void sure(Set<String> names) {
    sure = with(sure, names);
  }

  /** What the script evaluates may set anything. */
  void becomeDynamic() {
    dynamic = true;
  }

  boolean isSure(String name) {
    if (dynamic) {
      return false;
    }
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.sure.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** Names that only ever hold numbers. */
  void numbers(Set<String> names) {
    numbers = with(numbers, names);
  }

  boolean isNumber(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.numbers.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** What the script copies, anywhere in it. */
  Copies copies() {
    return copies;
  }

  /** From here on no command is surely what its name says. */
  void taint(String why) {
    if (taint == null) {
      taint = why;
    }
  }

  String taint() {
    return taint;
  }

  Directory directory() {
    return directory;
  }

  void directory(Directory now) {
    directory = now;
  }

  /** Whether the script changes its directory anywhere. */
  boolean moves() {
    return moves;
  }

  /** Starts walking a loop round by round; false inside such a loop, which would cost too much. */
  boolean startRounds() {
    boolean may = !inRounds;
    inRounds = true;
    return may;
  }

  void endRounds() {
    inRounds = false;
  }

  void willMove() {
    moves = true;
  }
}
