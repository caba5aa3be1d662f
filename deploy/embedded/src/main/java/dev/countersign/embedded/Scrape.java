package dev.countersign.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a service says of itself to Prometheus, at one moment.
 *
 * @param samples by series: the name with its labels in alphabetical order, such as {@code
 *     up{a="1",b="2"}}
 */
public record Scrape(SortedMap<String, Double> samples) {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final Pattern SAMPLE = Pattern.compile("([^\\s{]+)(?:\\{(.*)})? (\\S+)");
  private static final List<String> OF_OTHERS = List.of("kafka_", "jvm_", "process_", "system_");
  private static final Pattern LABEL = Pattern.compile("([^,=]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  public Scrape {
    samples = Collections.unmodifiableSortedMap(new TreeMap<>(samples));
  }

  /** Scrapes an address, and keeps no connection to it. */
  public static Scrape of(URI metrics) {
    try {
      HttpURLConnection http = (HttpURLConnection) metrics.toURL().openConnection();
      http.setRequestProperty("Accept", "text/plain; version=0.0.4");
      http.setRequestProperty("Connection", "close");
      http.setConnectTimeout(TIMEOUT_MILLIS);
      http.setReadTimeout(TIMEOUT_MILLIS);
      if (http.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IllegalStateException(metrics + " answered " + http.getResponseCode());
      }
      try (InputStream text = http.getInputStream()) {
        return parse(new String(text.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the text format of Prometheus. */
  static Scrape parse(String text) {
    SortedMap<String, Double> samples = new TreeMap<>();
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              if (!sample.matches()) {
                throw new IllegalArgumentException("no sample: " + line);
              }
              samples.put(series(sample.group(1), labels(sample.group(2))), value(sample.group(3)));
            });
    return new Scrape(samples);
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    if (text != null) {
      LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
    }
    return labels;
  }

  private static String series(String name, Map<String, String> labels) {
    StringBuilder series = new StringBuilder(name);
    new TreeMap<>(labels)
        .forEach(
            (label, value) ->
                series
                    .append(series.length() == name.length() ? "{" : ",")
                    .append("%s=\"%s\"".formatted(label, value)));
    return series.append(labels.isEmpty() ? "" : "}").toString();
  }

  /**
   * The value of one series.
   *
   * @param labels names and values in turn; all that it has
   * @return 0 if there is none: a counter that never counted
   */
  public double value(String name, String... labels) {
    Map<String, String> all = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      all.put(labels[i], labels[i + 1]);
    }
    return samples.getOrDefault(series(name, all), 0.0);
  }

  /** By how much each series of a metric has grown since an earlier scrape; those that have. */
  public SortedMap<String, Double> growth(String name, Scrape earlier) {
    SortedMap<String, Double> growth = new TreeMap<>();
    samples.forEach(
        (series, value) -> {
          double grown = value - earlier.samples().getOrDefault(series, 0.0);
          if (name(series).equals(name) && grown != 0) {
            growth.put(series, grown);
          }
        });
    return growth;
  }

  /** The names of all series. */
  public SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    samples.keySet().forEach(series -> names.add(name(series)));
    return names;
  }

  /** The series that an earlier scrape did not have. */
  public SortedSet<String> newSince(Scrape earlier) {
    SortedSet<String> added = new TreeSet<>(samples.keySet());
    added.removeAll(earlier.samples().keySet());
    return added;
  }

  /**
   * The series that an earlier scrape did not have, but for those of Kafka and the JVM, which tell
   * of new things in their own time, none of them a client's.
   */
  public SortedSet<String> ownNewSince(Scrape earlier) {
    SortedSet<String> added = newSince(earlier);
    added.removeIf(series -> OF_OTHERS.stream().anyMatch(series::startsWith));
    return added;
  }

  /** The topics of the series that begin so; as for Prometheus, no topic is the empty one. */
  public SortedSet<String> topics(String beginning) {
    SortedSet<String> topics = new TreeSet<>();
    samples.keySet().stream()
        .filter(series -> series.startsWith(beginning))
        .map(series -> labels(series.substring(series.indexOf('{') + 1)))
        .forEach(labels -> topics.add(labels.getOrDefault("topic", "")));
    return topics;
  }

  private static String name(String series) {
    int labels = series.indexOf('{');
    return labels < 0 ? series : series.substring(0, labels);
  }
}
