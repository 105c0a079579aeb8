package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.node.RunningServer;
import io.claviger.bootstrap.settings.GivenVariables;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The program with a start that is not complete before a signal comes. */
final class InterruptedStart {
  private InterruptedStart() {}

  /** Takes the command and the data directory. */
  public static void main(String[] arguments) {
    CountDownLatch signal = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(signal::countDown));
    Programs programs =
        NoKeys.programs(
            settings -> until(signal, Node.start(settings)),
            (environment, out) -> until(signal, DemoCommand.start(environment, out)));
    Map<String, String> environment =
        Map.of(
            "CLAVIGER_DATA_DIR", arguments[1], "CLAVIGER_PORT", "0", "CLAVIGER_GATEWAY_PORT", "0");
    System.exit(
        ClavigerCommandLine.of(programs, GivenVariables.of(environment)).execute(arguments[0]));
  }

  private static RunningServer until(CountDownLatch signal, RunningServer started) {
    System.out.println("in the middle of the start");
    try {
      signal.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return started;
  }
}
