package io.claviger.client.listings;

import io.claviger.client.http.Api;
import io.claviger.client.output.Column;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "definitions",
    description = "List the definitions with which services are registered.")
public final class DefinitionsCommand extends ListingCommand {
  @Mixin private OwnerAndProvider only = new OwnerAndProvider();

  public DefinitionsCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    only.addTo(query);
    return Api.query("/v1/llm-definitions", query);
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("DEFINITION", "ref"),
        Column.of("PROVIDER", "provider"),
        Column.of("MODEL", "model"),
        Column.of("ENDPOINT", "endpoint"));
  }
}
