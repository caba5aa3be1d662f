package dev.countersign.store.http;

import dev.countersign.store.publishing.DocumentPublisher;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** For operators: the topic {@code override.documents}. */
@Path("/internal/documents")
public class DocumentsResource {
  private final Callers callers;
  private final DocumentPublisher publisher;

  DocumentsResource(Callers callers, DocumentPublisher publisher) {
    this.callers = callers;
    this.publisher = publisher;
  }

  /** Rebuilds the topic: sends every document of the admin's tenant again. */
  @POST
  @Path("/republish")
  public Uni<Response> republish(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
    return publisher
        .republish(callers.tenantOfAdmin(authorization))
        .map(users -> Answers.accepted(new Answers.Republishing(users)));
  }
}
