package io.claviger.bootstrap.cli;

import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import java.util.Map;
import java.util.Optional;

/** Where no command should ask for encryption keys. */
final class NoKeys implements KeyCommand.Program {
  /** Programs that do nothing, except for those that start a server. */
  static Programs programs(ServeCommand.Program serve, DemoCommand.Program demo) {
    return new Programs(
        serve,
        demo,
        (settings, recover) -> new AdminTokenCommand.Renewed(Confidential.of(""), Optional.empty()),
        (settings, user) -> Confidential.of(""),
        new NoKeys(),
        (settings, read, dryRun) ->
            new PricesCommand.Done(read.apply(Map.of()), new Imported(0, 0, 0)),
        (settings, span, out) -> {},
        (settings, findings) -> {});
  }

  @Override
  public KeyCommand.OpenKeys open(Settings settings, boolean lost) {
    throw new StartRefused("no keys here");
  }
}
