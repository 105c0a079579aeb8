package io.claviger.client.listings;

import io.claviger.client.command.Budget;
import io.claviger.client.http.Api;
import io.claviger.client.json.Json;
import io.claviger.client.output.Column;
import io.claviger.client.output.Times;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.Surroundings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "budgets", description = "List the budgets of your calls and what is left of them.")
public final class BudgetsCommand extends ListingCommand {
  public static final List<Column> COLUMNS =
      List.of(
          Column.of("OF", BudgetsCommand::holder),
          Column.of("BUDGET", Budget::words),
          Column.number("USED", "settled"),
          Column.number("LEFT", "left"),
          Column.of("BEGINS ANEW", item -> Times.words(item, "resets_at")));

  @Option(
      names = "--service",
      paramLabel = "REF",
      description = "Only those of this service; if it is yours, of all who use it.")
  private Optional<String> service = Optional.empty();

  @Option(names = "--user", paramLabel = "USER", description = "Only those of this user.")
  private Optional<String> user = Optional.empty();

  @Option(names = "--group", paramLabel = "GROUP", description = "Only those of this group.")
  private Optional<String> group = Optional.empty();

  public BudgetsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("service", service.map(session::ref));
    query.put("user", user);
    query.put("group", group);
    return Api.query("/v1/budgets", query);
  }

  @Override
  List<Column> columns() {
    return COLUMNS;
  }

  private static String holder(JsonNode budget) {
    JsonNode holder = budget.path("holder");
    return Stream.of(
            Json.optional(holder, "service"),
            Json.optional(holder, "group").map(group -> "@" + group),
            Json.optional(holder, "user"),
            Json.optional(holder, "token").map("token %s"::formatted))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }
}
