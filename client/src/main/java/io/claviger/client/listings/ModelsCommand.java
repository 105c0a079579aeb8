package io.claviger.client.listings;

import io.claviger.client.output.Column;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "models", description = "List the models that you can run.")
public final class ModelsCommand extends ListingCommand {
  public ModelsCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    return "/v1/models";
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("MODEL", "model"),
        Column.of("PROVIDER", "provider"),
        Column.of("SERVICE", "service"),
        Column.of("KEY", "key_source"),
        Column.number("CONTEXT", "context_limit"),
        Column.of("", item -> item.path("is_default").asBoolean() ? "default" : ""));
  }
}
