package dev.countersign.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Everything that can be set for this service, beside Quarkus' own settings. */
@ConfigMapping(prefix = "countersign")
public interface StoreConfig {
  /** Who may sign which tokens, with which public keys (JSON). */
  Path trustFile();

  /** The private key that signs what the store says: replies and documents (JWK). */
  Path signingKeyFile();

  /** The operator's tools and their defaults, the same file as the approval service's. */
  Optional<Path> toolsFile();

  Store store();

  /** What the internal HTTP works on at once. */
  Http http();

  @WithName("import")
  Import imports();

  /** Settings of the store itself. */
  interface Store {
    /** How often documents that are not on the topic yet are looked for. */
    @WithDefault("500ms")
    Duration publishSweep();

    /** How many users' documents are published at the same time. */
    @WithDefault("4")
    int publishConcurrency();

    /** How many users' commands are carried out at the same time. */
    @WithDefault("8")
    int commandConcurrency();

    /**
     * How many writes of one user over HTTP may wait while another of theirs is carried out, and
     * how many pages of their history; more are refused with 429, and so is what waited longer than
     * {@link #patience}.
     */
    @WithDefault("64")
    int waitingPerUser();

    /** How long a command sent again is still known. Longer than the command topic keeps it. */
    @WithDefault("P30D")
    Duration resultRetention();

    /**
     * How long lines of a user's history are kept, but for erases and the latest change by anybody;
     * at least thirty days. For good unless it is set.
     */
    Optional<Duration> historyRetention();

    /** How often what is older than that is removed. */
    @WithDefault("1h")
    Duration resultSweep();

    /** How often documents are looked for of which something ended. */
    @WithDefault("1s")
    Duration expirySweep();

    /**
     * How long one transaction may take, with its sends. One that takes longer counts as failed and
     * is tried again; the database may have committed it nevertheless.
     */
    @WithDefault("10s")
    Duration patience();

    /** How long readiness checks wait for Kafka and for Postgres. */
    @WithDefault("2s")
    Duration healthTimeout();
  }

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

  /** Settings of the import of existing files. */
  interface Import {
    /**
     * A folder with one folder for each user, in which the user's {@code PERMISSIONS.json} stands.
     * It is read at the start, and whenever an admin asks for it.
     */
    Optional<Path> folder();

    /** The tenant whose users those are. */
    @WithDefault("default")
    String tenant();

    /** How many files are imported at the same time. */
    @WithDefault("4")
    int concurrency();
  }
}
