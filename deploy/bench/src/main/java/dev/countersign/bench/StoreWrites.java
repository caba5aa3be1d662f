package dev.countersign.bench;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.token.Roles;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The store's own typed API over HTTP, one connection per client, as an admin. */
final class StoreWrites implements WriteLoad {
  private final StoredUsers users;
  private final URI address;
  private final String authorization;

  StoreWrites(StoredUsers users, URI address, DevKeys keys) {
    this.users = users;
    this.address = address;
    this.authorization =
        "Bearer "
            + keys.personToken("bench", List.of(Roles.ADMIN), Instant.now(), Duration.ofHours(12));
  }

  @Override
  public Client client() {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return new Client() {
      @Override
      public void write() throws Exception {
        HttpResponse<String> response = http.send(request(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
          throw new IllegalStateException(
              "the store answered " + response.statusCode() + ": " + response.body());
        }
      }

      @Override
      public void close() {
        // The client's threads end with it, once nobody holds it.
      }
    };
  }

  private HttpRequest request() {
    String path =
        "/internal/users/%s/overrides/Bash?resource=%s"
            .formatted(
                users.any(), URLEncoder.encode(StoredUsers.RESOURCE, StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(address.resolve(path))
        .header("Authorization", authorization)
        .PUT(HttpRequest.BodyPublishers.ofString("{\"level\":\"" + StoredUsers.anyLevel() + "\"}"))
        .build();
  }
}
