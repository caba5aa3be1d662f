package dev.countersign.gateway.agents;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What agents are told; text that a model can read as it stands. */
@Path("/v1/agents")
@Tag(name = "Adapters")
public class InstructionsResource {
  private static final byte[] PERMISSIONS = text("/agents/permissions.md");

  @GET
  @Path("/permissions.md")
  @Produces("text/markdown;charset=UTF-8")
  @Operation(summary = "What an agent must know of its user's permissions; needs no token")
  @SecurityRequirements
  public byte[] permissions() {
    return PERMISSIONS.clone();
  }

  private static byte[] text(String name) {
    try (InputStream in = InstructionsResource.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
