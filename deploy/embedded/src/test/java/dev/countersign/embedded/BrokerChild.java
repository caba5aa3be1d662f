package dev.countersign.embedded;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A {@link BrokerProcess}, as the launcher starts one. */
final class BrokerChild {
  private BrokerChild() {}

  /**
   * @param options of its JVM
   */
  static Process start(List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(options);
    command.add(BrokerProcess.class.getName());
    command.addAll(List.of(arguments));
    // Not this JVM's own: by those it talks with the build.
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/broker-child.log")));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.start();
  }
}
