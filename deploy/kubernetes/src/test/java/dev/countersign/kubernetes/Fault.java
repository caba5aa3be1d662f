package dev.countersign.kubernetes;

/**
 * What is wrong with one object.
 *
 * @param object its kind and name
 * @param wrong what is wrong
 * @param right what would be right
 */
record Fault(String object, String wrong, String right) {
  @Override
  public String toString() {
    return object + ": " + wrong + "; right would be: " + right;
  }
}
