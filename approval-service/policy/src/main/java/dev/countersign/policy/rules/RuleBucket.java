package dev.countersign.policy.rules;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Clues;
import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.paths.PathPattern;
import dev.countersign.policy.rules.RuleIndex.Entry;
import dev.countersign.policy.rules.RuleIndex.Search;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules of one tool name. */
final class RuleBucket {
  private final List<Entry> all = new ArrayList<>();
  private final TokenTrie commands = new TokenTrie();
  private final Map<Long, List<Entry>> byInside = new HashMap<>();
  private final List<Entry> files = new ArrayList<>();
  private final TokenTrie byFolders = new TokenTrie();
  private final Map<String, List<Entry>> byExtension = new HashMap<>();
  private final Map<String, List<Entry>> byFileName = new HashMap<>();
  private final Map<String, List<Entry>> byHost = new HashMap<>();
  private final List<Entry> rest = new ArrayList<>();

  List<Entry> all() {
    return all;
  }

  void add(Entry entry) {
    all.add(entry);
    Specifier specifier = entry.rule().specifier();
    if (specifier instanceof Specifier.Command command) {
      command.pattern().beginnings().forEach(words -> command(words, command.pattern(), entry));
    } else if (specifier instanceof Specifier.Path path) {
      files.add(entry);
      file(path.pattern(), entry);
    } else if (specifier instanceof Specifier.Domain domain && domain.pattern().name() != null) {
      byHost.computeIfAbsent(domain.pattern().name(), h -> new ArrayList<>()).add(entry);
    } else {
      rest.add(entry);
    }
  }

  private void command(List<String> words, CommandPattern pattern, Entry entry) {
    Long inside = words.isEmpty() ? pattern.inside() : null;
    if (inside == null) {
      commands.add(words, entry);
    } else {
      byInside.computeIfAbsent(inside, i -> new ArrayList<>()).add(entry);
    }
  }

  private void file(PathPattern pattern, Entry entry) {
    if (!pattern.anchored()) {
      byFileName.computeIfAbsent(pattern.fileName(), n -> new ArrayList<>()).add(entry);
    }
    List<String> run = pattern.literalRun();
    String extension = pattern.extension();
    if (!run.isEmpty()) {
      byFolders.add(run, entry);
    } else if (extension != null) {
      byExtension.computeIfAbsent(extension, e -> new ArrayList<>()).add(entry);
    } else {
      rest.add(entry);
    }
  }

  private void look(HostTouch host, Search search) {
    DomainPattern.above(host.host()).forEach(name -> search.look(byHost.get(name)));
  }

  /** Looks at every rule that concerns the part, or may concern it if that is searched for. */
  void look(CallPart part, Search search) {
    Clues clues = part.clues();
    search.look(rest);
    for (List<String> line : clues.lines()) {
      commands.look(line, search);
    }
    if (!byInside.isEmpty()) {
      part.grams().packed().forEach(gram -> search.look(byInside.get(gram)));
    }
    if (!byHost.isEmpty()) {
      part.hosts().forEach(host -> look(host, search));
      part.namedHosts().forEach(named -> look(named.host(), search));
    }
    if (clues.searching() && search.possible()) {
      search.look(files);
      return;
    }
    for (String name : clues.names()) {
      search.look(byFileName.get(name));
    }
    for (List<String> route : clues.routes()) {
      byFolders.lookWithin(route, search);
    }
    for (String extension : clues.extensions()) {
      search.look(byExtension.get(extension));
    }
  }
}
