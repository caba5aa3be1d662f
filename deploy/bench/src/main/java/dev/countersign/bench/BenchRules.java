package dev.countersign.bench;

import static dev.countersign.policy.RuleEffect.ALLOW;
import static dev.countersign.policy.RuleEffect.ASK;
import static dev.countersign.policy.RuleEffect.DENY;

import dev.countersign.bench.Subject.Command;
import dev.countersign.bench.Subject.CommandEnding;
import dev.countersign.bench.Subject.FileName;
import dev.countersign.bench.Subject.FileTool;
import dev.countersign.bench.Subject.Folder;
import dev.countersign.bench.Subject.Host;
import dev.countersign.bench.Subject.McpTool;
import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Rules as a large organisation has them: a few that settle the measured calls, a few that no index
 * can file, and the rest about other commands, folders, hosts and tools with much the same words.
 * The same seed gives the same rules.
 */
final class BenchRules {
  private static final long SEED = 20_260_101;

  /** Ten rules; they settle every measured call, and no other rule touches one. */
  private static final List<BenchRule> SETTLING =
      List.of(
          new BenchRule(ALLOW, new Command("npm run")),
          new BenchRule(ALLOW, new Command("npm ci")),
          new BenchRule(ALLOW, new Command("npm test")),
          new BenchRule(ALLOW, new Command("git status")),
          new BenchRule(ASK, new Command("git push")),
          new BenchRule(DENY, new FileName(FileTool.READ, ".env")),
          new BenchRule(ALLOW, new Folder(FileTool.READ, "/services/billing")),
          new BenchRule(DENY, new Folder(FileTool.EDIT, "/services/billing/migrations")),
          new BenchRule(ALLOW, new Host("docs.example.com")),
          new BenchRule(ALLOW, new McpTool("tracker", "get-issue")));

  /** They begin with a star, so every call of the tool meets them. Nobody writes many of these. */
  private static final List<BenchRule> STARRED =
      List.of(
          new BenchRule(DENY, new FileName(FileTool.READ, "*.pem")),
          new BenchRule(DENY, new FileName(FileTool.READ, "*.key")),
          new BenchRule(DENY, new FileName(FileTool.EDIT, "*.lock")),
          new BenchRule(ASK, new FileName(FileTool.EDIT, "*.sql")),
          new BenchRule(DENY, new CommandEnding("--no-verify")),
          new BenchRule(ASK, new CommandEnding("--force")));

  private static final List<String> COMMANDS =
      List.of(
          "npm run-script",
          "npm install",
          "npm exec",
          "git checkout",
          "git merge",
          "git push origin",
          "git fetch origin",
          "docker build -t",
          "docker compose up",
          "kubectl get",
          "kubectl apply -f",
          "make",
          "mvn test -pl",
          "gradle",
          "cargo test -p",
          "go test",
          "terraform plan",
          "aws s3 ls",
          "psql -d",
          "pytest");
  private static final List<String> TOPS =
      List.of("services", "packages", "libs", "apps", "src", "docs", "infra", "tools");
  private static final List<String> BELOW =
      List.of("", "/src", "/test", "/config", "/api", "/internal", "/generated", "/resources");
  private static final List<String> WORDS =
      List.of(
          "auth",
          "cart",
          "catalog",
          "checkout",
          "claims",
          "customer",
          "delivery",
          "email",
          "export",
          "feed",
          "fraud",
          "gateway",
          "geo",
          "identity",
          "import",
          "inventory",
          "invoice",
          "ledger",
          "login",
          "media",
          "metrics",
          "notify",
          "order",
          "partner",
          "payment",
          "pricing",
          "profile",
          "promo",
          "quota",
          "rating",
          "refund",
          "report",
          "returns",
          "review",
          "risk",
          "search",
          "session",
          "shipping",
          "stock",
          "store",
          "tax",
          "tenant",
          "user",
          "wallet");
  private static final List<String> TOOLS =
      List.of("get", "list", "create", "update", "delete", "search", "export", "comment");

  private final Random random = new Random(SEED);

  private BenchRules() {}

  /** So many rules, of which the settling ones lie anywhere among the others. */
  static List<BenchRule> of(int size) {
    return new BenchRules().generate(size);
  }

  private List<BenchRule> generate(int size) {
    List<BenchRule> rules = new ArrayList<>(SETTLING);
    if (size > SETTLING.size()) {
      rules.addAll(STARRED);
    }
    Set<Subject> seen = new LinkedHashSet<>();
    rules.forEach(rule -> seen.add(rule.subject()));
    while (rules.size() < size) {
      Subject subject = subject();
      if (seen.add(subject)) {
        rules.add(new BenchRule(effect(), subject));
      }
    }
    Collections.shuffle(rules, random);
    return List.copyOf(rules);
  }

  private Subject subject() {
    int share = random.nextInt(100);
    if (share < 45) {
      return new Command(pick(COMMANDS) + " " + name());
    }
    if (share < 75) {
      FileTool tool = pick(FileTool.ALL);
      return random.nextInt(6) == 0
          ? new FileName(tool, name() + pick(List.of(".yaml", ".json", ".properties", ".tfvars")))
          : new Folder(tool, "/" + pick(TOPS) + "/" + name() + pick(BELOW));
    }
    return share < 85
        ? new Host(pick(WORDS) + "." + name() + pick(List.of(".example.com", ".example.org")))
        : new McpTool(pick(WORDS), pick(TOOLS) + "-" + name());
  }

  /** One word as often as two, because short names share an index entry sooner. */
  private String name() {
    return random.nextBoolean() ? pick(WORDS) : pick(WORDS) + "-" + pick(WORDS);
  }

  private RuleEffect effect() {
    int share = random.nextInt(100);
    return share < 60 ? ALLOW : share < 75 ? ASK : DENY;
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
