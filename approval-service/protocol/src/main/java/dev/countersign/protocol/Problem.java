package dev.countersign.protocol;

import java.net.URI;
import java.util.List;

/**
 * A problem detail (RFC 9457), as {@code application/problem+json}.
 *
 * @param type {@code urn:countersign:problem:} and then the code
 * @param title a short constant sentence for the code
 * @param detail what was wrong here and what would be right; never holds a credential
 * @param code the stable word a program switches on
 * @param errors one entry per fault where there are several; null otherwise
 */
public record Problem(
    URI type, String title, int status, String detail, String code, List<FieldError> errors) {
  /** The media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** One fault: where and what. */
  public record FieldError(String field, String detail) {}

  /** A problem without further entries. */
  public static Problem of(int status, String code, String title, String detail) {
    return new Problem(
        URI.create("urn:countersign:problem:" + code), title, status, detail, code, null);
  }
}
