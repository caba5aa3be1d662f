package dev.countersign.policy.rules;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.CommandText;
import dev.countersign.policy.parts.Mention;
import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Oddities;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.rules.RuleIndex.Entry;
import dev.countersign.policy.rules.RuleIndex.Search;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of one tool name. */
final class RuleBucket {
  private final List<Entry> all = new ArrayList<>();
  private final TokenTrie commands = new TokenTrie();
  private final Map<String, List<Entry>> bySegment = new HashMap<>();
  private final List<Entry> files = new ArrayList<>();
  private final Map<String, List<Entry>> byHost = new HashMap<>();
  private final List<Entry> rest = new ArrayList<>();

  List<Entry> all() {
    return all;
  }

  void add(Entry entry) {
    all.add(entry);
    Specifier specifier = entry.rule().specifier();
    if (specifier instanceof Specifier.Command command) {
      command.pattern().beginnings().forEach(words -> commands.add(words, entry));
    } else if (specifier instanceof Specifier.Path path) {
      String segment = path.pattern().literalSegment();
      files.add(entry);
      (segment == null ? rest : bySegment.computeIfAbsent(segment, s -> new ArrayList<>()))
          .add(entry);
    } else if (specifier instanceof Specifier.Domain domain && domain.pattern().name() != null) {
      byHost.computeIfAbsent(domain.pattern().name(), h -> new ArrayList<>()).add(entry);
    } else {
      rest.add(entry);
    }
  }

  /** Looks at every rule that may concern the part. */
  void look(CallPart part, Search search) {
    search.look(rest);
    if (part.command() == null) {
      commands.look("", search);
    } else {
      texts(part.command()).forEach(text -> commands.look(text, search));
    }
    for (HostTouch host : part.hosts()) {
      DomainPattern.above(host.host()).forEach(name -> search.look(byHost.get(name)));
    }
    lookAtFiles(part.paths(), search);
    lookAtFiles(part.mentions().stream().map(Mention::file).toList(), search);
  }

  private static Set<String> texts(CommandText command) {
    Set<String> texts = new HashSet<>(command.readings());
    texts.add(command.plain());
    texts.addAll(command.outer());
    texts.addAll(command.inner());
    return texts;
  }

  private void lookAtFiles(List<PathTouch> paths, Search search) {
    if (files.isEmpty()) {
      return;
    }
    Set<String> segments = new HashSet<>();
    for (PathTouch path : paths) {
      if (!path.glob().isEmpty()) {
        search.look(files);
        return;
      }
      path.everywhere().forEach(p -> segments.addAll(Paths.segments(Oddities.folded(p))));
    }
    segments.forEach(segment -> search.look(bySegment.get(segment)));
  }
}
