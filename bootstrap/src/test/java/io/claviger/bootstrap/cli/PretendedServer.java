package io.claviger.bootstrap.cli;

import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.bootstrap.node.RunningServer;
import io.claviger.dhampsimport.ImportReport;
import io.claviger.host.Confidential;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    Programs programs =
        new Programs(
            settings -> serving,
            (environment, out) -> serving,
            (settings, recover) ->
                new AdminTokenCommand.Renewed(Confidential.of(""), Optional.empty()),
            (settings, user) -> Confidential.of(""),
            new NoKeys(),
            (settings, order) -> new ImportReport(false, "", Map.of(), List.of()),
            (settings, models, dryRun) -> new Imported(0, 0, 0),
            (settings, span, out) -> {},
            (settings, findings) -> {});
    System.exit(ClavigerCommandLine.of(programs, Map.of()).execute("serve"));
  }
}
