package dev.countersign.policy.shell;

import java.util.List;
import java.util.Random;

/** Makes shell scripts of every shape, mostly valid ones; the same seed makes the same scripts. */
final class ScriptMaker {
  private static final List<String> NAMES =
      List.of("ls", "rm", "echo", "git", "make", "cat", "foo", "npm", "x1", "grep", "true", "./a");
  private static final List<String> PLAIN =
      List.of(
          "a", "b.txt", "-rf", "--all", "src/x", "*.c", "~", "~/x", "{a,b}", "1", "=", "a=b", "%s",
          "x#y", "..", "[a]", "@", ",", "then", "fi", "do", "{", "}", "!", "a[1]", "^", "+");

  private final Random random;
  private int left;

  ScriptMaker(long seed) {
    random = new Random(seed);
  }

  String script() {
    left = 2 + random.nextInt(9);
    String script = list(0) + documents;
    documents = "";
    return random.nextInt(5) == 0 ? mutated(script) : script;
  }

  private String documents = "";

  private String mutated(String script) {
    StringBuilder text = new StringBuilder(script);
    String noise = "'\"`$(){}<>|&;\n\\ #!=[]*?~afidone";
    for (int i = 1 + random.nextInt(3); i > 0 && text.length() > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, noise.charAt(random.nextInt(noise.length())));
        default -> text.setCharAt(at, noise.charAt(random.nextInt(noise.length())));
      }
    }
    return text.toString();
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String list(int depth) {
    StringBuilder list = new StringBuilder();
    int count = 1 + random.nextInt(left > 0 ? 3 : 1);
    for (int i = 0; i < count; i++) {
      list.append(andOr(depth));
      boolean last = i == count - 1;
      list.append(last ? pick(List.of("", "", ";", " &")) : end());
    }
    return list.toString();
  }

  private String end() {
    if (!documents.isEmpty()) {
      String end = documents;
      documents = "";
      return end;
    }
    return pick(List.of("; ", "\n", " & ", ";", " # comment ' \"\n", " ;\n\n"));
  }

  private String andOr(int depth) {
    StringBuilder text = new StringBuilder(pipeline(depth));
    while (random.nextInt(4) == 0 && documents.isEmpty()) {
      text.append(pick(List.of(" && ", " || ", "&&", " ||\n"))).append(pipeline(depth));
    }
    return text.toString();
  }

  private String pipeline(int depth) {
    StringBuilder text = new StringBuilder(random.nextInt(12) == 0 ? "! " : "");
    text.append(depth == 0 && random.nextInt(9) == 0 ? "time " : "").append(command(depth));
    while (random.nextInt(5) == 0 && documents.isEmpty()) {
      text.append(pick(List.of(" | ", "|", " |& "))).append(command(depth));
    }
    return text.toString();
  }

  private String command(int depth) {
    left--;
    if (depth > 3 || left < 0 || !documents.isEmpty() || random.nextInt(3) > 0) {
      return simple(depth);
    }
    int inner = depth + 1;
    return switch (random.nextInt(14)) {
      case 0 -> "( " + list(inner) + closing() + ")" + redirects(inner);
      case 1 -> "{ " + list(inner) + ended() + "}" + redirects(inner);
      case 2 ->
          "if "
              + list(inner)
              + ended()
              + "then "
              + list(inner)
              + ended()
              + alternative(inner)
              + "fi";
      case 3 ->
          "while "
              + list(inner)
              + ended()
              + "do "
              + list(inner)
              + ended()
              + "done"
              + redirects(inner);
      case 4 ->
          "for i in "
              + word(inner)
              + " "
              + word(inner)
              + ended()
              + "do "
              + list(inner)
              + ended()
              + "done";
      case 5 ->
          "case "
              + word(inner)
              + " in a|b) "
              + list(inner)
              + closing()
              + ";; *) "
              + list(inner)
              + closing()
              + " esac";
      case 6 -> pick(List.of("f() ", "function g ", "h ( ) ")) + "{ " + list(inner) + ended() + "}";
      case 7 -> "[[ " + pick(List.of("-f ", "! -n ", "")) + word(inner) + " ]]";
      case 8 ->
          "[[ "
              + word(inner)
              + pick(List.of(" == ", " != ", " =~ ", " < "))
              + pick(List.of("a*", "b", "x.y"))
              + " && ( -n x ) ]]";
      case 9 -> pick(List.of("((i++))", "((1 + 2))", "(( a < 3 ? 1 : 2 ))"));
      case 10 -> "for ((i=0; i<3; i++)); do " + list(inner) + ended() + "done";
      case 11 -> "until " + list(inner) + ended() + "do " + list(inner) + ended() + "done";
      case 12 -> "for x do " + list(inner) + ended() + "done";
      default -> "select y in a b; do " + list(inner) + ended() + "done";
    };
  }

  /** Ends a list before a reserved word. */
  private String ended() {
    if (!documents.isEmpty()) {
      return end();
    }
    return pick(List.of("; ", "\n")).replace(";", random.nextInt(3) == 0 ? "\n" : "\n ");
  }

  private String closing() {
    return documents.isEmpty() ? pick(List.of("", " ", "\n")) : end();
  }

  private String alternative(int depth) {
    return switch (random.nextInt(3)) {
      case 0 -> "else " + list(depth) + ended();
      case 1 -> "elif " + list(depth) + ended() + "then " + list(depth) + ended();
      default -> "";
    };
  }

  private String simple(int depth) {
    StringBuilder text = new StringBuilder();
    while (random.nextInt(8) == 0) {
      text.append(pick(List.of("A=1 ", "B=$(ls) ", "C+=x ", "D='a b' ", "E= ")));
    }
    text.append(random.nextInt(12) == 0 ? word(depth) : pick(NAMES));
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(pick(List.of(" ", "  ", "\t", " \\\n"))).append(word(depth));
    }
    return text.append(redirects(depth)).toString();
  }

  private String redirects(int depth) {
    if (random.nextInt(6) > 0) {
      return "";
    }
    return switch (random.nextInt(8)) {
      case 0 -> " > " + pick(PLAIN.subList(0, 5));
      case 1 -> " 2>&1";
      case 2 -> " &> out";
      case 3 -> " <<< " + word(depth);
      case 4 -> " 3< in >> out";
      case 5 -> document(" << EOF", "\nx $(ls) `true` ${y:-z}\nEOF\n");
      case 6 -> document(" <<-'END'", "\n\tx $(ls\n\tEND\n");
      default -> " >| b {fd}< c";
    };
  }

  private String document(String operator, String body) {
    if (!documents.isEmpty()) {
      return " < in";
    }
    documents = body;
    return operator;
  }

  private String word(int depth) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5) == 0 ? 2 : 1; i > 0; i--) {
      text.append(piece(depth));
    }
    return text.toString();
  }

  private String piece(int depth) {
    int kind = random.nextInt(depth > 4 || left < 0 || !documents.isEmpty() ? 9 : 16);
    return switch (kind) {
      case 0 -> "'a $(b) \"'";
      case 1 -> "\"c $v ${w}\"";
      case 2 -> "$'\\x41\\n'";
      case 3 -> "\\;";
      case 4 -> "${x:-y}";
      case 5 -> "$1$@";
      case 6 -> "${#z}${a[0]}${q//a/b}${r%.*}";
      case 7 -> "$((1+2))";
      case 9 -> "$(" + nested(depth + 1) + ")";
      case 10 -> "\"$(" + nested(depth + 1) + ")\"";
      case 11 -> "`ls a; rm b`";
      case 12 -> "<(" + nested(depth + 1) + ")";
      case 13 -> "${x:-$(" + nested(depth + 1) + ")}";
      case 14 -> "$(( 1 + $(ls b) ))";
      default -> pick(PLAIN);
    };
  }

  private String nested(int depth) {
    String outer = documents;
    documents = "";
    String list = list(depth);
    String body = documents;
    documents = outer;
    return (list.startsWith("(") ? " " : "") + list + body;
  }
}
