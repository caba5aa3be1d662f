package dev.countersign.gateway.store;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Upstream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an address names: a user, a tool, and one resource of it or none. It is read from the
 * address as it was sent, once decoded and no further: {@code %2F} in a resource is a slash, {@code
 * ;} and {@code +} are themselves.
 *
 * @param resource null for the whole tool
 */
record OverridePath(String user, String tool, String resource) {
  private static final Pattern ADDRESS = Pattern.compile("/v1/users/([^/]*)/overrides/(.*)");

  /**
   * Reads an address.
   *
   * @param rawPath as it was sent, without the query
   * @param queried the values of the query parameter {@code resource}
   */
  static OverridePath of(String rawPath, List<String> queried) {
    Matcher address = ADDRESS.matcher(rawPath);
    if (!address.matches()) {
      throw invalid("path", "must be written plainly, without . or .. or empty segments");
    }
    String user = decoded("user", address.group(1));
    String rest = address.group(2);
    int slash = rest.indexOf('/');
    String tool = decoded("tool", slash < 0 ? rest : rest.substring(0, slash));
    String inPath = slash < 0 ? null : inPath(rest.substring(slash + 1));
    if (queried.size() > 1) {
      throw invalid("resource", "the query names more than one resource");
    }
    String inQuery = queried.isEmpty() ? null : queried.get(0);
    if (inQuery != null && inPath != null && !inQuery.equals(inPath)) {
      throw invalid("resource", "the path names one resource and the query another");
    }
    return new OverridePath(user, tool, inPath != null ? inPath : inQuery);
  }

  private static String inPath(String raw) {
    if (raw.isEmpty()) {
      throw invalid("resource", "is empty; without a slash behind the tool, all of it is meant");
    }
    for (String segment : raw.split("/")) {
      String plain = segment.replace("%2e", ".").replace("%2E", ".");
      if (plain.equals(".") || plain.equals("..")) {
        throw invalid("resource", "a path cannot hold . or .. ; send ?resource= instead");
      }
    }
    return decoded("resource", raw);
  }

  private static String decoded(String field, String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(octet(field, raw, i));
        i += 2;
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid(field, "is not UTF-8 once it is decoded");
    }
  }

  private static int octet(String field, String raw, int at) {
    int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
    int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw invalid(field, "holds a % that two hexadecimal digits do not follow; send %25");
    }
    return high * 16 + low;
  }

  private static ProblemException invalid(String field, String detail) {
    return Problems.invalid("invalid_request", field, field + " " + detail);
  }

  /** Where the store keeps it. */
  String inStore() {
    return "/internal/users/"
        + Upstream.encode(user)
        + "/overrides/"
        + Upstream.encode(tool)
        + (resource == null ? "" : "?resource=" + Upstream.encode(resource));
  }

  /** Where grants for it are given. */
  String ofGrants() {
    return "/internal/users/"
        + Upstream.encode(user)
        + "/grants?tool="
        + Upstream.encode(tool)
        + (resource == null ? "" : "&resource=" + Upstream.encode(resource));
  }
}
