package dev.countersign.policy.parts;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The words of a program that reads all below its folders, as far as they are understood. */
enum SearchSyntax {
  GREP(
      "-[rnilHhswvcoLIaEFGPxqzZ]+|-[ABCm]?[0-9]+|--colou?r(=[a-z]+)?"
          + "|--(recursive|line-number|ignore-case|with-filename"
          + "|no-filename|no-messages|word-regexp|line-regexp|invert-match|count|only-matching"
          + "|files-with-matches|files-without-match|text|extended-regexp|fixed-strings"
          + "|basic-regexp|perl-regexp|quiet|silent)",
      "-[rnilHhswvcoLIaEFGPxqzZ]*e",
      "--include|--exclude(-dir)?",
      "--exclude(-dir)?=.*",
      "--include=[^!].*"),

  RIPGREP(
      "-[nilwvcoFSsxPNuzaHI.]+|-[ABCm]?[0-9]+"
          + "|--(hidden|no-ignore|line-number|ignore-case|smart-case|word-regexp|line-regexp"
          + "|fixed-strings|invert-match|count|only-matching|files-with-matches|unrestricted"
          + "|text)",
      "-e",
      "-g|--glob|-t|--type",
      "(--glob=|-g)!.+",
      "(--glob=|-g)[^!].*"),

  TAR(
      "-[cvzjJ]+|--(create|verbose|gzip|bzip2|xz)",
      "-C|-[cvzjJ]*f",
      "--exclude",
      "--exclude=[\\w.*?-]+",
      "(?!)"),

  RSYNC(
      "-[avzrltpgoDnhHAXuc]+"
          + "|--(archive|recursive|verbose|compress|dry-run|delete|progress|stats"
          + "|human-readable)",
      "(?!)",
      "--exclude",
      "--exclude=[\\w.*?-]+",
      "(?!)");

  /** Types of {@code rg} that are made of endings alone, in every version. */
  private static final Map<String, List<String>> TYPES =
      Map.ofEntries(
          Map.entry("cs", List.of("*.cs")),
          Map.entry("css", List.of("*.css", "*.scss")),
          Map.entry("go", List.of("*.go")),
          Map.entry("h", List.of("*.h", "*.hh", "*.hpp")),
          Map.entry("html", List.of("*.ejs", "*.htm", "*.html")),
          Map.entry("java", List.of("*.java", "*.jsp", "*.jspx", "*.properties")),
          Map.entry("js", List.of("*.cjs", "*.js", "*.jsx", "*.mjs", "*.vue")),
          Map.entry("kotlin", List.of("*.kt", "*.kts")),
          Map.entry("md", List.of("*.ma*down", "*.md*", "*.mk*")),
          Map.entry("py", List.of("*.py", "*.pyi")),
          Map.entry("rust", List.of("*.rs")),
          Map.entry("scala", List.of("*.sbt", "*.scala")),
          Map.entry("sql", List.of("*.psql", "*.sql")),
          Map.entry("swift", List.of("*.swift")),
          Map.entry("ts", List.of("*.cts", "*.mts", "*.ts", "*.tsx")),
          Map.entry("yaml", List.of("*.yaml", "*.yml")));

  private final Pattern alone;
  private final Pattern valued;
  private final Pattern apart;
  private final Pattern exclusion;
  private final Pattern inclusion;

  SearchSyntax(String alone, String valued, String apart, String exclusion, String inclusion) {
    this.alone = Pattern.compile(alone);
    this.valued = Pattern.compile(valued);
    this.apart = Pattern.compile(apart);
    this.exclusion = Pattern.compile(exclusion, Pattern.DOTALL);
    this.inclusion = Pattern.compile(inclusion, Pattern.DOTALL);
  }

  /** The syntax of a program; null if none is understood. */
  static SearchSyntax of(String program) {
    return switch (program) {
      case "grep", "egrep", "fgrep", "rgrep", "ggrep" -> GREP;
      case "rg" -> RIPGREP;
      case "tar", "gtar", "bsdtar" -> TAR;
      case "rsync" -> RSYNC;
      default -> null;
    };
  }

  /** The globs of a type of files; null if they are not known. */
  static List<String> ofType(String type) {
    return TYPES.get(type);
  }

  /** Options without a value. */
  Pattern alone() {
    return alone;
  }

  /** Options of which the next word is the value. */
  Pattern valued() {
    return valued;
  }

  /** What takes the next word for what is left out or kept to. */
  Pattern apart() {
    return apart;
  }

  /** What leaves files out, as one word. */
  Pattern exclusion() {
    return exclusion;
  }

  /** What keeps to some files, as one word. */
  Pattern inclusion() {
    return inclusion;
  }
}
