package dev.countersign.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.embedded.DocTables;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/permission-store.md} names every address that changes what a user settled, and every
 * verb of a document by its name.
 */
class WaysToChangeTest {
  private static final List<Class<?>> RESOURCES =
      List.of(
          PermissionsResource.class,
          DocumentsResource.class,
          OverridesResource.class,
          ImportResource.class);

  @Test
  void thePageNamesTheVerbsAndAddressesThatThereAre() {
    assertEquals(served(), told());
  }

  private static Set<String> told() {
    Set<String> told = new TreeSet<>();
    for (List<String> row : DocTables.of("docs/permission-store.md").get("ways to change")) {
      String way = row.get(0);
      int address = way.indexOf("/v1/");
      if (address > 0) {
        for (String verb : way.substring(0, address).split("[, ]+")) {
          told.add(verb + " " + way.substring(address).replaceAll("\\?.*", ""));
        }
      }
    }
    return told;
  }

  private static Set<String> served() {
    Set<String> served = new TreeSet<>();
    for (Class<?> resource : RESOURCES) {
      for (Method method : resource.getDeclaredMethods()) {
        String verb = verb(method);
        if (verb != null && (!verb.equals("GET") || resource == DocumentsResource.class)) {
          served.add(verb + " " + address(resource, method));
        }
      }
    }
    return served;
  }

  /** Null for a method that answers no request. */
  private static String verb(Method method) {
    for (Annotation annotation : method.getAnnotations()) {
      HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
      if (http != null) {
        return http.value();
      }
    }
    return null;
  }

  /** Without variables that may be empty: the page has them in the query. */
  private static String address(Class<?> resource, Method method) {
    Path below = method.getAnnotation(Path.class);
    String whole =
        resource.getAnnotation(Path.class).value() + (below == null ? "" : below.value());
    return whole.replaceAll("\\{\\w+:.*}", "");
  }
}
