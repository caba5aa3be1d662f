package dev.countersign.protocol.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a comparison found. */
final class Faults {
  private final List<String> found = new ArrayList<>();

  void add(String fault) {
    found.add(fault);
  }

  void same(String at, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      add(at + " should be " + expected + " but is " + actual);
    }
  }

  void sameNames(String at, Collection<String> expected, Collection<String> actual) {
    expected.stream()
        .filter(name -> !actual.contains(name))
        .forEach(name -> add(at + " lacks " + name));
    actual.stream()
        .filter(name -> !expected.contains(name))
        .forEach(name -> add(at + " has " + name + ", which the code does not have"));
  }

  List<String> list() {
    return List.copyOf(found);
  }
}
