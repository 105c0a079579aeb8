package io.claviger.bootstrap.node;

import io.claviger.application.prices.PriceListImport;
import io.claviger.application.prices.port.ImportedModel;
import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.host.StartRefused;
import io.claviger.wiring.CommandContext;
import java.util.List;
import java.util.Optional;

/**
 * The program behind {@code prices import}. It works with or without running nodes, and needs no
 * encryption key.
 */
public final class ImportPrices implements Programs.ImportPrices {
  @Override
  public Imported run(Settings settings, List<ImportedModel> models, boolean dryRun) {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      database.migrate();
      try (CommandContext context =
          CommandContext.of(database.pool(), Optional.empty(), "prices import")) {
        return context.get(PriceListImport.class).run(models, dryRun);
      }
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database became unreachable; nothing was changed", e);
    }
  }
}
