package dev.countersign.policy;

import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Calls of a tool that between them meet whatever a policy may say about it. */
final class Probes {
  static final String DIGEST = "digest-of-the-first";

  private static final Map<String, List<Object>> VALUES =
      Map.of(
          "command",
          List.of(
              "ls",
              "cat /proj/a.txt",
              "cat /etc/passwd",
              "npm test",
              "git push origin",
              "touch /proj/src/b.ts",
              "echo x > /proj/plan.md",
              "rm -rf /proj/x",
              "rm -rf /",
              "curl https://a.com/x",
              "$(echo rm) x",
              "python -c 'print(1)'",
              "ls && npm test",
              "echo 'unclosed",
              7),
          "argv",
          List.of(
              List.of("ls"),
              List.of("npm", "test"),
              List.of("bash", "-c", "rm -rf x"),
              List.of("rm", "-rf", "/"),
              "ls"),
          "path",
          List.of(
              "/proj/a.txt",
              "/proj/src/b.ts",
              "src/.env",
              "/proj/.git/config",
              "/proj/plan.md",
              "/etc/passwd",
              "/home/u/.ssh/id_rsa",
              List.of("x")),
          "patch",
          List.of(
              "*** Add File: /proj/a.txt\n+x",
              "*** Update File: /proj/plan.md\n+x",
              "*** Delete File: src/b.ts\n",
              "*** Add File: /etc/x\n+x",
              "nonsense"),
          "url",
          List.of("https://a.com/x", "https://b.a.com/", "http://z.org", "no address"),
          "mode",
          Stream.concat(
                  Stream.of("nonsense"), Stream.of(PermissionMode.values()).map(m -> m.word()))
              .map(m -> (Object) m)
              .toList(),
          "name",
          List.of("Explore", "abc"),
          "background",
          List.of(true, false),
          "glob",
          List.of("*.ts", "**"),
          "files",
          List.of(List.of("src/*.ts"), List.of("/etc/passwd"), List.of(".env"), List.of()));

  private Probes() {}

  /** The calls; never the same input twice. */
  static List<ToolCall> of(ToolEntry tool) {
    List<Map<String, Object>> inputs = new ArrayList<>();
    inputs.add(new HashMap<>());
    for (String role : tool.fields().keySet().stream().sorted().toList()) {
      List<Map<String, Object>> more = new ArrayList<>();
      String key = role.replace("?", "").replace("destination", "path").replace("listed", "glob");
      if (!VALUES.containsKey(key)) {
        continue;
      }
      boolean aside = key.equals("background") || key.equals("glob");
      for (Map<String, Object> input : inputs) {
        for (Object value : aside && !more.isEmpty() ? List.of() : VALUES.get(key)) {
          Map<String, Object> with = new HashMap<>(input);
          with.put(tool.fields().get(role).get(0), value);
          more.add(with);
        }
        if (role.endsWith("?")) {
          more.add(input);
        }
      }
      inputs = more;
    }
    if (tool.fields().isEmpty()) {
      inputs.add(Map.of("q", "abc"));
      inputs.add(Map.of("q", "x", "timeout", 5));
    }
    List<ToolCall> calls = new ArrayList<>();
    for (Map<String, Object> input : inputs) {
      String digest = calls.isEmpty() ? DIGEST : "digest-" + calls.size();
      calls.add(new ToolCall(tool.name(), input, "/proj", "/home/u", Map.of(), digest, null));
    }
    return calls;
  }
}
