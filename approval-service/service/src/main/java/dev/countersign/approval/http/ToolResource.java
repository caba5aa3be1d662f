package dev.countersign.approval.http;

import dev.countersign.approval.tools.ToolViews;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.protocol.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The tool catalogue, to read. */
@Path("/internal/tools")
@Produces(MediaType.APPLICATION_JSON)
public class ToolResource {
  private final Callers callers;

  public ToolResource(Callers callers) {
    this.callers = callers;
  }

  @GET
  public byte[] tools(@HeaderParam("Authorization") String authorization) {
    callers.of(authorization);
    return Json.write(ToolViews.all(ToolCatalogue.inForce()));
  }

  @GET
  @Path("/{name:.+}")
  public byte[] tool(
      @HeaderParam("Authorization") String authorization, @PathParam("name") String name) {
    callers.of(authorization);
    return Json.write(
        ToolViews.named(ToolCatalogue.inForce(), name)
            .orElseThrow(
                () ->
                    ProblemException.notFound(
                        "unknown_tool",
                        "the catalogue lists no tool or group of exactly this name; a tool it does"
                            + " not list is of kind other, and a call of it asks unless something"
                            + " else is settled")));
  }
}
