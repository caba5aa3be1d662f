package dev.countersign.protocol;

import java.util.List;

/** Subjects as real identity providers give them. */
public final class Users {
  public static final List<String> REAL =
      List.of(
          "auth0|5f7c8ec7c33c6c004bbafe82",
          "google-oauth2|103547991597142817347",
          "mira@example.com",
          "o'neill+test@example.com",
          "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
          "AItOawmwtWwcT0k51BayewNvutrJUqsvl6qs7A4",
          "samlp|corp|CN=Mira Vance,OU=Dev,DC=corp",
          "spiffe://example.org/ns/dev/sa/mira",
          "CORP\\mira",
          "100%",
          "x".repeat(255));

  private Users() {}
}
