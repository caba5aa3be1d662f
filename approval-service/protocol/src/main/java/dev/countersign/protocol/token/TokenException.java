package dev.countersign.protocol.token;

/** A token that proves nothing. The message never repeats the token. */
public final class TokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  public TokenException(String code, String detail) {
    super(detail);
    this.code = code;
  }

  /**
   * A stable word: {@code missing_token}, {@code malformed_token}, {@code unknown_key}, {@code
   * bad_signature}, {@code wrong_type}, {@code beyond_issuer}, {@code expired_token}, {@code
   * not_yet_valid}.
   */
  public String code() {
    return code;
  }
}
