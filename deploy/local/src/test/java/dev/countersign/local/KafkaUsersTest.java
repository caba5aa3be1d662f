package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.AclRule;
import dev.countersign.protocol.kafka.KafkaUser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules by which each service reads are what its channels need: none is missing, and none too
 * many. What it writes has channels in part only: {@code SecuredIT} looks what it wrote.
 */
class KafkaUsersTest {
  /** What is read without a channel and a group. */
  private static final Map<ServiceName, Set<String>> READ_DIRECTLY =
      Map.of(
          ServiceName.GATEWAY, Set.of(),
          ServiceName.APPROVAL, Set.of(Topics.OVERRIDE_DOCUMENTS),
          ServiceName.STORE, Set.of(Topics.OVERRIDE_DOCUMENTS));

  private static KafkaUser user(ServiceName service) {
    return KafkaUser.SERVICES.stream()
        .filter(user -> user.name().equals(service.label()))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void aServiceReadsTheTopicsOfItsChannels(ServiceName service) throws IOException {
    Set<String> read = new TreeSet<>(READ_DIRECTLY.get(service));
    read.addAll(values(service, name -> name.matches("mp\\.messaging\\.incoming\\..*\\.topic")));
    assertEquals(
        Topics.ALL.stream().filter(user(service)::mayRead).collect(Collectors.toSet()), read);
  }

  @ParameterizedTest
  @EnumSource
  void aServiceJoinsTheGroupsOfItsChannels(ServiceName service) throws IOException {
    Set<String> groups =
        values(service, name -> name.matches("mp\\.messaging\\.incoming\\..*\\.group\\.id"));
    groups.forEach(group -> assertTrue(user(service).mayJoin(group), group));
    user(service).rules().stream()
        .filter(rule -> rule.resource() == AclRule.Resource.GROUP)
        .forEach(
            rule ->
                assertTrue(
                    groups.stream()
                        .anyMatch(
                            group ->
                                AclRule.allows(
                                    List.of(rule), rule.resource(), group, rule.operation())),
                    rule::toString));
  }

  /** The table of the document, with `kcat` and `ops` as examples. */
  @Test
  void theDocumentSaysTheSame() throws IOException {
    Map<String, KafkaUser> users = new HashMap<>();
    KafkaUser.SERVICES.forEach(user -> users.put(user.name(), user));
    users.put("a direct client, such as kcat", KafkaUser.ofAgent("kcat"));
    users.put("an operator, such as ops", KafkaUser.ofOperator("ops"));
    assertEquals(
        new HashSet<>(BrokerAccess.users()),
        new HashSet<>(users.values()),
        "deploy/up --secure admits whom the document names");
    Set<String> seen = new TreeSet<>();
    for (String line : Files.readAllLines(Launched.CHECKOUT.resolve("docs/operations.md"))) {
      String[] cells = line.split("\\|", -1);
      String name = cells.length == 6 ? cells[1].replace("`", "").strip() : "";
      KafkaUser user = users.get(name);
      if (user == null) {
        continue;
      }
      seen.add(name);
      Set<AclRule> said = new HashSet<>();
      said.addAll(rules(cells[2], AclRule.Resource.TOPIC, AclRule.Operation.WRITE));
      said.addAll(rules(cells[3], AclRule.Resource.TOPIC, AclRule.Operation.READ));
      said.addAll(rules(cells[4], AclRule.Resource.GROUP, AclRule.Operation.READ));
      if (KafkaUser.SERVICES.contains(user)) {
        said.addAll(settingsOf(said));
      }
      assertEquals(new HashSet<>(user.rules()), said, name);
    }
    assertEquals(users.keySet(), seen);
  }

  /** The sentence below the table: of each topic that its row names in whole. */
  private static Set<AclRule> settingsOf(Set<AclRule> said) {
    return said.stream()
        .filter(rule -> rule.resource() == AclRule.Resource.TOPIC)
        .filter(rule -> rule.pattern() == AclRule.Pattern.LITERAL)
        .map(
            rule ->
                new AclRule(
                    AclRule.Resource.TOPIC,
                    AclRule.Pattern.LITERAL,
                    rule.name(),
                    AclRule.Operation.DESCRIBE_CONFIGS))
        .collect(Collectors.toSet());
  }

  private static Set<AclRule> rules(
      String cell, AclRule.Resource resource, AclRule.Operation operation) {
    Set<AclRule> rules = new HashSet<>();
    for (String item : cell.split(",")) {
      Matcher name = Pattern.compile("`([^`]+)`").matcher(item);
      if (name.find()) {
        AclRule.Pattern pattern =
            item.contains("begin with") ? AclRule.Pattern.PREFIXED : AclRule.Pattern.LITERAL;
        rules.add(new AclRule(resource, pattern, name.group(1), operation));
      }
    }
    return rules;
  }

  private static Set<String> values(ServiceName service, Predicate<String> wanted)
      throws IOException {
    Path file =
        Launched.CHECKOUT.resolve(service.module() + "/src/main/resources/application.properties");
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties.stringPropertyNames().stream()
        .filter(wanted)
        .map(properties::getProperty)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
