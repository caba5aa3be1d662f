package dev.countersign.protocol;

import java.util.regex.Pattern;

/**
 * The one definition of names that stand for somebody or something. Every door checks by it:
 * tokens, HTTP, Kafka, imported folders. So what one service accepts, no other refuses later.
 */
public final class Identifiers {
  /** What an identifier of a thing may be, in words. */
  public static final String ID_RULE =
      "must have 1 to 128 letters, digits and . _ : @ + - and be neither . nor ..";

  /** What a user may be, in words. */
  public static final String USER_RULE =
      "must have 1 to 255 printable ASCII characters, no blank at either end, and be neither . nor"
          + " ..";

  /** What a client may be that speaks Kafka itself: its name is in its topic's. */
  public static final String CLIENT_PATTERN = "[a-z0-9][a-z0-9._-]{0,63}";

  /** The client of sessions that name none: nobody who speaks Kafka is called so. */
  public static final String DEFAULT_CLIENT = "gateway";

  /** In words of a regular expression; the schemas hold the same. */
  static final String ID_PATTERN = "^(?!\\.{1,2}$)[A-Za-z0-9._:@+-]+$";

  static final String USER_PATTERN = "^(?!\\.{1,2}$)[!-~]([ -~]*[!-~])?$";

  private static final int LONGEST_ID = 128;
  private static final int LONGEST_USER = 255;
  private static final Pattern ID = Pattern.compile(ID_PATTERN);
  private static final Pattern USER = Pattern.compile(USER_PATTERN);
  private static final Pattern CLIENT = Pattern.compile(CLIENT_PATTERN);

  private Identifiers() {}

  /** Whether a text names a tenant, session, request, prompt, command or anything else of ours. */
  public static boolean isId(String text) {
    return text != null && text.length() <= LONGEST_ID && ID.matcher(text).matches();
  }

  /**
   * Whether a text names a user: any subject that an identity provider gives, such as {@code
   * auth0|5f7c}, an e-mail address or a distinguished name. It may hold a slash.
   */
  public static boolean isUser(String text) {
    return text != null && text.length() <= LONGEST_USER && USER.matcher(text).matches();
  }

  /** Whether a text names a client that speaks Kafka itself. It holds no slash. */
  public static boolean isClient(String text) {
    return text != null && CLIENT.matcher(text).matches();
  }
}
