package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;

/** Whether labels are selected, as Kubernetes says. */
final class Selectors {
  private Selectors() {}

  /** As a Service selects: an empty one selects nothing. */
  static boolean matches(Map<String, String> selector, Map<String, String> labels) {
    return selector != null
        && !selector.isEmpty()
        && labels.entrySet().containsAll(selector.entrySet());
  }

  /** As everything else selects: an empty one selects everything, none selects nothing. */
  static boolean matches(LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    return (selector.getMatchLabels() == null
            || labels.entrySet().containsAll(selector.getMatchLabels().entrySet()))
        && (selector.getMatchExpressions() == null
            || selector.getMatchExpressions().stream().allMatch(each -> matches(each, labels)));
  }

  private static boolean matches(LabelSelectorRequirement each, Map<String, String> labels) {
    String value = labels.get(each.getKey());
    return switch (each.getOperator()) {
      case "In" -> value != null && each.getValues().contains(value);
      case "NotIn" -> value == null || !each.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> throw new IllegalArgumentException("no operator: " + each.getOperator());
    };
  }
}
