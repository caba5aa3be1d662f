package dev.countersign.policy.rules;

import dev.countersign.policy.paths.PathPattern;

/** What stands in the brackets of a rule. */
sealed interface Specifier {
  /** Nothing: every use of the tool. */
  record Any() implements Specifier {}

  /** A shell command. */
  record Command(CommandPattern pattern) implements Specifier {}

  /** Files. */
  record Path(PathPattern pattern) implements Specifier {}

  /** A class of folders. */
  record Folder(PathClass kind) implements Specifier {}

  /** A host. */
  record Domain(DomainPattern pattern) implements Specifier {}

  /** The value of an input field. */
  record Parameter(String name, TextGlob value) implements Specifier {}

  /** The name an agent tool is called with, or any text an unknown tool is called with. */
  record Name(TextGlob value) implements Specifier {}
}
