package io.claviger.client.listings;

import io.claviger.client.output.Column;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "providers",
    description = "List the providers, with the default values for services at each of them.")
public final class ProvidersCommand extends ListingCommand.Fixed {
  public ProvidersCommand(ProgramContext context) {
    super(
        context,
        "/v1/providers",
        List.of(
            Column.of("PROVIDER", "name"),
            Column.of("FORMAT", "format"),
            Column.of("API STANDARD", "api_standard"),
            Column.of("ENDPOINT", "endpoint"),
            Column.of("DEFINED HERE", item -> item.path("defined").asBoolean() ? "yes" : "-")));
  }
}
