package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.node.RunningServer;
import io.claviger.bootstrap.settings.GivenVariables;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The program with a server that does nothing but end, well or badly. */
final class PretendedServer {
  private PretendedServer() {}

  public static void main(String[] arguments) {
    boolean endsWell = arguments[0].equals("well");
    RunningServer serving =
        new RunningServer() {
          @Override
          public URI api() {
            return URI.create("http://a");
          }

          @Override
          public URI gateway() {
            return URI.create("http://g");
          }

          @Override
          public void stop(Duration grace) {
            System.out.println("stopping within " + grace);
            if (!endsWell) {
              throw new IllegalStateException("ends badly");
            }
          }
        };
    Programs programs = NoKeys.programs(settings -> serving, (environment, out) -> serving);
    System.exit(ClavigerCommandLine.of(programs, GivenVariables.of(Map.of())).execute("serve"));
  }
}
