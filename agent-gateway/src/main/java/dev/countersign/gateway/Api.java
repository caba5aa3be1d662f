package dev.countersign.gateway;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * What the API is about, for its OpenAPI document. Its resources run in workers: what they do is
 * proportional to what callers send, and must not hold up the event loops.
 */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Countersign",
            version = "1",
            description =
                "Decides whether an AI agent's tool call may run. A session token asks; a person's"
                    + " token answers. Errors are problem details (RFC 9457), `code` is stable."
                    + " Whatever is answered with 503 may be sent again with the same id."),
    security = @SecurityRequirement(name = "bearer"),
    tags = {
      @Tag(name = "Sessions", description = "One agent run on behalf of one user"),
      @Tag(name = "Requests", description = "Tool calls that want a decision"),
      @Tag(name = "Prompts", description = "Questions to people, and their answers"),
      @Tag(name = "Permissions", description = "What a user settled"),
      @Tag(name = "Tools", description = "The tool catalogue"),
      @Tag(name = "Receipts", description = "Every decision, for audit"),
      @Tag(name = "Evaluate", description = "Dry runs"),
      @Tag(name = "Adapters", description = "Hooks of real agents")
    })
@SecurityScheme(
    securitySchemeName = "bearer",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    bearerFormat = "JWT")
@Blocking
public class Api extends Application {}
