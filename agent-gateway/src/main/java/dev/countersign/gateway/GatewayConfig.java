package dev.countersign.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Everything that can be set on the gateway, under {@code countersign}. */
@ConfigMapping(prefix = "countersign")
public interface GatewayConfig {
  /** Who may sign what, with public keys. */
  Path trustFile();

  /** This gateway's private key; its issuer must be trusted for sessions and assertions. */
  Path signingKeyFile();

  /** Names this replica: the mark on its records, and its consumer group. Unique per replica. */
  String instanceId();

  /** How long a session token lives. Starting the same session again gives a fresh one. */
  @WithDefault("P1D")
  Duration sessionTokenLifetime();

  /** The approval service's internal HTTP. */
  Service approval();

  /** The permission store's internal HTTP. */
  Service store();

  /** Connections of clients. */
  Connections connections();

  /** The bodies of requests, and answers. */
  Bodies bodies();

  /** What goes to Kafka. */
  Kafka kafka();

  /** Tool calls that wait for a decision. */
  Requests requests();

  /** The adapters of real agents. */
  Hooks hooks();

  /** The stream of what changes in a person's inbox. */
  Events events();

  /** A service behind the gateway. */
  interface Service {
    /** Its base address, such as {@code http://127.0.0.1:8081}. */
    URI url();

    /** How long one answer may take. */
    @WithDefault("PT30S")
    Duration timeout();
  }

  /** What connections may cost. */
  interface Connections {
    /**
     * How many may be open at once; one over that is closed. Without it one for every 128 KiB of
     * the heap.
     */
    OptionalInt max();

    /** How long the headers of one request may take to arrive. */
    @WithDefault("PT10S")
    Duration headerTime();

    /**
     * How long one stays open on which everything is answered and nothing is asked, or whose client
     * takes nothing of what waits for it.
     */
    @WithDefault("PT75S")
    Duration idleTime();
  }

  /** What request bodies and answers may cost. */
  interface Bodies {
    /**
     * How many bytes of bodies and unread answers this replica holds at once; one caller gets half
     * of them. Without it an eighth of the heap, but at least two of the largest bodies.
     */
    OptionalLong maxBytesInFlight();

    /** How long one body may take to arrive. */
    @WithDefault("PT30S")
    Duration maxTime();
  }

  /** What records may cost until Kafka has them. */
  interface Kafka {
    /**
     * How many bytes of records wait at once until Kafka has taken or refused them; one caller gets
     * half of them. Without it an eighth of the heap, but at least eight of the largest requests.
     */
    OptionalLong maxBytesWaiting();
  }

  /** Limits of waiting requests. */
  interface Requests {
    /**
     * How many requests and session commands of one user may wait at once; more are refused with
     * 429.
     */
    @WithDefault("200")
    int maxInFlightPerUser();

    /** How long a request waits when the caller names no time; a prompt ends the wait at once. */
    @WithDefault("PT10S")
    Duration defaultWait();

    /** The longest a caller may wait in one HTTP request. */
    @WithDefault("PT60S")
    Duration maxWait();
  }

  /** Settings of the adapters. */
  interface Hooks {
    /** Whether every session of an agent becomes a child of its token's session. */
    @WithDefault("true")
    boolean childSessions();

    /** The longest a hook may wait in one HTTP request. */
    @WithDefault("PT1H")
    Duration maxWait();
  }

  /** Settings of the event stream. */
  interface Events {
    /** How far back a client can resume. */
    @WithDefault("PT15M")
    Duration window();

    /** The most events kept for resuming, over all partitions. */
    @WithDefault("50000")
    int maxKept();

    /** The most events that wait for a slow client before it is told to read again. */
    @WithDefault("256")
    int clientQueue();

    /** How many streams one person may have open at once; more are refused with 429. */
    @WithDefault("16")
    int streamsPerPerson();

    /** How often a quiet stream says that it lives. */
    @WithDefault("PT15S")
    Duration heartbeat();
  }
}
