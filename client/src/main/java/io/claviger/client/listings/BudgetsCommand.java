package io.claviger.client.listings;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.output.Tone;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "budgets",
    description = "List the budgets that apply to your calls, and what is left of them.")
public final class BudgetsCommand extends ListingCommand {
  public static final List<Column> COLUMNS =
      List.of(
          Column.of("OF", BudgetsCommand::holder),
          Column.of("BUDGET", BudgetOption::words),
          Column.number("USED", "settled"),
          Column.number("LEFT", "left").meaning(BudgetsCommand::meaning),
          Column.number("MAY EXCEED BY", "may_exceed_by"),
          Column.of("RESETS", item -> TimeText.words(item, "resets_at")));

  @Option(
      names = "--service",
      completionCandidates = CompletedNames.Services.class,
      paramLabel = "REF",
      description =
          "Only budgets of this service. If the service is yours, also the"
              + " budgets of others who use it.")
  private Optional<String> service = Optional.empty();

  @Option(
      names = "--user",
      completionCandidates = CompletedNames.People.class,
      paramLabel = "USER",
      description = "Only budgets of this user.")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--group",
      completionCandidates = CompletedNames.Groups.class,
      paramLabel = "GROUP",
      description = "Only budgets of this group.")
  private Optional<String> group = Optional.empty();

  public BudgetsCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("service", service.map(session::ref));
    query.put("user", user);
    query.put("group", group.map(name -> name.startsWith("@") ? name.substring(1) : name));
    return Api.query("/v1/budgets", query);
  }

  @Override
  List<Column> columns() {
    return COLUMNS;
  }

  /** A budget counts as nearly used up if less than a tenth of it is left. */
  private static Tone meaning(JsonNode budget) {
    BigDecimal left = number(budget, "left");
    if (left.signum() <= 0) {
      return Tone.BAD;
    }
    return left.multiply(BigDecimal.TEN).compareTo(number(budget, "amount")) < 0
        ? Tone.CARE
        : Tone.GOOD;
  }

  private static BigDecimal number(JsonNode budget, String field) {
    return JsonTrees.optional(budget, field)
        .filter(text -> text.matches("\\d{1,30}(\\.\\d{1,30})?"))
        .map(BigDecimal::new)
        .orElse(BigDecimal.ZERO);
  }

  private static String holder(JsonNode budget) {
    JsonNode holder = budget.path("holder");
    return Stream.of(
            JsonTrees.optional(holder, "service"),
            JsonTrees.optional(holder, "group").map(group -> "@" + group),
            JsonTrees.optional(holder, "project").map("project %s"::formatted),
            JsonTrees.optional(holder, "user"),
            JsonTrees.optional(holder, "token").map("token %s"::formatted))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }
}
