package io.claviger.bootstrap.cli;

import io.claviger.application.prices.PriceListImport;
import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.application.providers.Providers;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.prices.LiteLlmPrices;
import io.claviger.bootstrap.prices.PriceList;
import io.claviger.bootstrap.prices.UnreadablePrices;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.definitions.Provider;
import io.claviger.host.StartRefused;
import io.claviger.wiring.CommandContext;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "prices", description = "Import prices of models.")
public final class PricesCommand extends CommandGroup {
  private static final long MOST_BYTES = 16L << 20;

  private final Program importPrices;
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  PricesCommand(Program importPrices, Map<String, String> environment) {
    this.importPrices = importPrices;
    this.environment = environment;
  }

  @Command(
      name = "import",
      header = "Import prices from a list in LiteLLM's format.",
      description = {
        "Import prices, output maxima and context limits from a file such as LiteLLM's"
            + " model_prices_and_context_window.json, valid from today (UTC) on. Either everything"
            + " or nothing is imported. Prices of other models stay. The same file again changes"
            + " nothing.",
        "Exit code 3: done, but a model was left out. The report says which and why."
      })
  int importList(
      @Parameters(
              paramLabel = "FILE",
              description = "The file with the list: JSON of at most 16 MiB.")
          Path file,
      @Option(
              names = "--dry-run",
              description = "Do everything, print the report, and roll everything back.")
          boolean dryRun,
      @Option(
              names = "--free",
              description = "Accept prices of zero. Models with such prices cost nothing.")
          boolean free) {
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    Done done = importPrices.run(settings, defined -> read(file, free, defined), dryRun);
    PriceList list = done.list();
    PrintWriter out = spec.commandLine().getOut();
    print(list, done.imported(), dryRun, out);
    out.flush();
    return list.leftOutInAll() > 0 ? ExitCode.SOMETHING_LEFT_OUT : ExitCode.DONE;
  }

  private static PriceList read(Path file, boolean free, Map<String, List<Provider>> defined) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new StartRefused("the list of prices " + file + " is larger than 16 MiB");
      }
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        return LiteLlmPrices.read(in, free, defined);
      }
    } catch (IOException e) {
      throw new StartRefused("the list of prices " + file + " can't be read", e);
    } catch (UnreadablePrices e) {
      throw new StartRefused("the list of prices " + file + ": " + e.getMessage(), e);
    }
  }

  private static void print(PriceList list, Imported done, boolean dryRun, PrintWriter out) {
    int priced = list.models().size() - list.withoutPrice();
    out.printf(
        Locale.ROOT,
        "%s%d prices: %d new, %d changed, %d unchanged%n",
        dryRun ? "dry run, nothing is stored: " : "",
        priced,
        done.added(),
        done.changed(),
        priced - done.added() - done.changed());
    out.printf(Locale.ROOT, "limits of models: %d new or changed%n", done.bounds());
    out.printf(
        Locale.ROOT,
        "without a price: %d models that state none or zero; of other providers: %d models%n",
        list.withoutPrice(),
        list.otherProviders());
    list.leftOut().forEach(line -> out.println("left out: " + line));
    if (list.leftOutInAll() > list.leftOut().size()) {
      out.printf(Locale.ROOT, "left out: %d more%n", list.leftOutInAll() - list.leftOut().size());
    }
  }

  /** A list of prices, and the prices that were imported from it. */
  public record Done(PriceList list, Imported imported) {}

  /** Imports models' prices into the database. */
  @FunctionalInterface
  public interface Program {
    /**
     * @param read the function that reads the list of prices. The function's argument maps names in
     *     price lists to the stored providers with these names
     * @param dryRun whether to roll back all changes at the end
     */
    Done run(
        Settings settings, Function<Map<String, List<Provider>>, PriceList> read, boolean dryRun);
  }

  /**
   * This command works whether or not nodes are running. The command needs an encryption key only
   * if the database's schema is of an earlier version.
   */
  public static Done run(
      Settings settings, Function<Map<String, List<Provider>>, PriceList> read, boolean dryRun) {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      database.migrateForCommand(() -> KeyCommand.keyring(settings), false);
      try (CommandContext context =
          CommandContext.of(database.pool(), Optional.empty(), "prices import")) {
        PriceList list = read.apply(context.get(Providers.class).byPriceList());
        return new Done(list, context.get(PriceListImport.class).run(list.models(), dryRun));
      }
    } catch (StoreUnavailable e) {
      throw new StartRefused(e.getMessage() + "; nothing was changed", e);
    }
  }
}
