package dev.countersign.policy.shell;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@link CountedReader} writes into the reader's code: each turn of a loop, each call of a
 * method and each object made is a step; a call into the JDK that looks through a text or a list
 * takes as many as it may look at. Such calls are those that have a method here: receiver first,
 * otherwise the same name and parameters.
 */
public final class Steps {
  private static long taken;

  private Steps() {}

  static long taken() {
    return taken;
  }

  public static void step() {
    taken++;
  }

  public static int indexOf(String text, int c) {
    return looked(text, 0, text.indexOf(c));
  }

  public static int indexOf(String text, int c, int from) {
    return looked(text, from, text.indexOf(c, from));
  }

  public static int indexOf(String text, String sought) {
    return looked(text, 0, text.indexOf(sought));
  }

  public static int indexOf(String text, String sought, int from) {
    return looked(text, from, text.indexOf(sought, from));
  }

  public static int lastIndexOf(String text, int c) {
    taken += text.length();
    return text.lastIndexOf(c);
  }

  public static boolean contains(String text, CharSequence sought) {
    taken += text.length();
    return text.contains(sought);
  }

  public static boolean matches(String text, String pattern) {
    taken += text.length();
    return text.matches(pattern);
  }

  public static String[] split(String text, String pattern) {
    taken += text.length();
    return text.split(pattern);
  }

  public static String replaceAll(String text, String pattern, String by) {
    taken += text.length();
    return text.replaceAll(pattern, by);
  }

  public static String strip(String text) {
    taken += text.length();
    return text.strip();
  }

  public static String substring(String text, int from) {
    taken += text.length() - from;
    return text.substring(from);
  }

  public static String substring(String text, int from, int to) {
    taken += to - from;
    return text.substring(from, to);
  }

  public static boolean equals(String text, Object other) {
    boolean compared = other instanceof String s && s != text && s.length() == text.length();
    taken += compared ? text.length() : 1;
    return text.equals(other);
  }

  public static Matcher matcher(Pattern pattern, CharSequence text) {
    taken += text.length();
    return pattern.matcher(text);
  }

  public static boolean contains(List<?> list, Object sought) {
    taken += list.size();
    return list.contains(sought);
  }

  public static int indexOf(List<?> list, Object sought) {
    taken += list.size();
    return list.indexOf(sought);
  }

  public static Object remove(List<?> list, int at) {
    taken += list.size() - at;
    return list.remove(at);
  }

  public static <T> void add(List<T> list, int at, T element) {
    taken += list.size() - at;
    list.add(at, element);
  }

  public static <T> List<T> copyOf(Collection<T> list) {
    List<T> copy = List.copyOf(list);
    taken += copy == list ? 1 : list.size();
    return copy;
  }

  private static int looked(String text, int from, int found) {
    taken += (found < 0 ? text.length() : found + 1) - Math.min(from, text.length());
    return found;
  }
}
