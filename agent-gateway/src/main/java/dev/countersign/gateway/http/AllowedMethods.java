package dev.countersign.gateway.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which methods an address has, read from the resources themselves. */
@ApplicationScoped
public class AllowedMethods {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\s*[\\w.-]+\\s*(?::\\s*([^{}]+))?}");

  private record Address(Pattern path, String method) {}

  private final List<Address> addresses = new ArrayList<>();

  AllowedMethods(BeanManager beans) {
    for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
      Path root = bean.getBeanClass().getAnnotation(Path.class);
      if (root != null) {
        Stream.of(bean.getBeanClass().getMethods()).forEach(method -> add(root.value(), method));
      }
    }
  }

  private void add(String root, Method method) {
    Path own = method.getAnnotation(Path.class);
    Pattern path = pattern(own == null ? root : root + "/" + own.value());
    for (Annotation annotation : method.getAnnotations()) {
      HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
      if (http != null) {
        addresses.add(new Address(path, http.value()));
      }
    }
  }

  /** The methods of an address, sorted; empty if there is no such address. */
  public Set<String> at(String path) {
    Set<String> methods = new TreeSet<>();
    for (Address address : addresses) {
      if (address.path().matcher(path).matches()) {
        methods.add(address.method());
      }
    }
    if (methods.contains(HttpMethod.GET)) {
      methods.add(HttpMethod.HEAD);
    }
    return methods;
  }

  private static Pattern pattern(String template) {
    String plain = ("/" + template).replaceAll("/{2,}", "/").replaceAll("/$", "");
    StringBuilder expression = new StringBuilder();
    var variable = VARIABLE.matcher(plain);
    int end = 0;
    while (variable.find()) {
      expression.append(Pattern.quote(plain.substring(end, variable.start())));
      expression.append(variable.group(1) == null ? "[^/]+" : variable.group(1));
      end = variable.end();
    }
    return Pattern.compile(expression.append(Pattern.quote(plain.substring(end))) + "/?");
  }
}
