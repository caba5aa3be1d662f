package dev.countersign.gateway;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** What this process still holds. */
final class Living {
  private Living() {}

  /** How many objects of a class anybody can still reach. */
  static int count(Class<?> type) throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {null},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length > 3 && columns[3].equals(type.getName()))
        .mapToInt(columns -> Integer.parseInt(columns[1]))
        .sum();
  }
}
