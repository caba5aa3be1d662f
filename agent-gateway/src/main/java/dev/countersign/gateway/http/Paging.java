package dev.countersign.gateway.http;

/**
 * Which page of a list a caller wants. Every list is paged in the same way: {@code next} of a page
 * goes into {@code after} for the one that follows, and is absent on the last.
 *
 * @param limit how many entries at most
 * @param after null for the first page; what it may be, the list knows
 */
public record Paging(int limit, String after) {
  private static final int MAX_CURSOR = 1000;

  /**
   * Reads the parameters.
   *
   * @param limit null for {@code usual}
   * @throws ProblemException 400 unless limit is a number from 1 to {@code most}
   */
  public static Paging of(String limit, String after, int usual, int most) {
    if (after != null && (after.isBlank() || after.length() > MAX_CURSOR)) {
      throw Problems.invalid("invalid_request", "after", "after must be the next of a page");
    }
    if (limit == null) {
      return new Paging(usual, after);
    }
    int wanted = limit.matches("\\d{1,9}") ? Integer.parseInt(limit) : 0;
    if (wanted < 1 || wanted > most) {
      throw Problems.invalid(
          "invalid_request", "limit", "limit must be a number from 1 to " + most);
    }
    return new Paging(wanted, after);
  }
}
