package dev.countersign.approval.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Everything that can be set under {@code countersign.*}. */
@ConfigMapping(prefix = "countersign")
public interface ApprovalConfig {
  /** Who may sign what, with which public keys (JSON). */
  Path trustFile();

  /** This service's private key (JWK with {@code iss}); signs its override commands. */
  Path signingKeyFile();

  /** The administrator's rules (JSON); without one only the shipped rules apply. */
  Optional<Path> managedRulesFile();

  /** The operator's tools and their defaults, beside those that ship; read at the start. */
  Optional<Path> toolsFile();

  /** The mode of sessions that name none and whose engine names none. */
  Optional<String> defaultPermissionMode();

  /** How long a person has to answer, where the agent does not wait shorter. */
  @WithDefault("10M")
  Duration promptTimeout();

  /** The most prompts of one session that wait for a person; what would be one more is denied. */
  @WithDefault("256")
  int sessionPrompts();

  /** The most bytes that their tool calls, options and edits have together. */
  @WithDefault("33554432")
  long sessionPromptBytes();

  /** How long an allow may be acted on. */
  @WithDefault("5M")
  Duration allowValidity();

  /** Requests appended longer ago than this are denied {@code expired}. */
  @WithDefault("24H")
  Duration requestRetention();

  /**
   * How long session commands are remembered, so that one sent again changes nothing. Longer than
   * {@link #requestRetention} by a wide margin.
   */
  @WithDefault("8D")
  Duration commandRetention();

  /** How long a grant that died is kept, so that a person can see what became of it. */
  @WithDefault("365D")
  Duration grantRetention();

  /**
   * How long the tool call of a decided request is kept; at least {@link #requestRetention}. For
   * good unless it is set.
   */
  Optional<Duration> inputRetention();

  /**
   * How long receipts are kept, with the prompt and the tool call that belong to them; at least
   * thirty days, {@link #requestRetention} and {@link Sessions#idleAfter}, so that no request is
   * decided again after its receipt is gone. For good unless it is set.
   */
  Optional<Duration> receiptRetention();

  /** After this the command that stores an "always" is sent again. */
  @WithDefault("2S")
  Duration overrideResend();

  /** After this an "always" that could not be stored ends as a denial. */
  @WithDefault("30S")
  Duration overrideTimeout();

  /** How often the database is looked at for something to publish, end or judge again. */
  @WithDefault("500MS")
  Duration sweepInterval();

  /** How often the metrics that only the database knows are read from it. */
  @WithDefault("10S")
  Duration metricsInterval();

  /** How often the managed rules file is looked at for a new revision. */
  @WithDefault("5S")
  Duration managedRulesInterval();

  /**
   * How long {@code override.documents} is read on before the brokers are asked again which
   * partitions it has, and what was signed with an unknown key is read again.
   */
  @WithDefault("30S")
  Duration documentsPass();

  /** Most compiled policies kept in memory. */
  @WithDefault("2000")
  int policyCacheSize();

  /** How many sessions may be open. */
  Sessions sessions();

  /** How many sessions may be open. */
  interface Sessions {
    /** Most open sessions below one root session. */
    @WithDefault("1000")
    int maxBelowRoot();

    /** Most open sessions directly below one session. */
    @WithDefault("500")
    int maxBelowParent();

    /** After this without a request an agent's session may be closed to make room at a limit. */
    @WithDefault("24H")
    Duration idleAfter();
  }

  /** Threads that evaluate dry runs. */
  @WithDefault("2")
  int evaluateThreads();

  /** Dry runs that may wait for a thread before callers are told to come back. */
  @WithDefault("16")
  int evaluateQueue();

  /** What the internal HTTP works on at once. */
  Http http();

  /** Settings of the internal HTTP. */
  interface Http {
    /** How many requests of one caller are worked on at once; more are refused with 429. */
    @WithDefault("128")
    int requestsPerCaller();

    /** How many requests of all callers; more are refused with 503. */
    @WithDefault("512")
    int requests();

    /**
     * How many bytes their bodies and answers hold at once, of which one caller gets half: over
     * that 429, all of it taken 503. An eighth of the heap unless it is set.
     */
    OptionalLong maxBytesInFlight();

    /** How long a body may take to arrive. */
    @WithDefault("PT30S")
    Duration bodyTime();
  }
}
