package io.claviger.client.listings;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.LimitPhrases;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "holders", description = "List to whom a service is lent.")
public final class HoldersCommand extends ListingCommand {
  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only holders whose name contains this text.")
  private Optional<String> search = Optional.empty();

  @Option(
      names = "--at",
      paramLabel = "DAY",
      description =
          "List instead who could use the service on this day (UTC), such as"
              + " 2026-01-31, and in which way.")
  private Optional<String> at = Optional.empty();

  public HoldersCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    if (at.isPresent() && search.isPresent()) {
      throw ClientFault.of("--search is about present holders, so it can't be combined with --at");
    }
    return at.isPresent()
        ? Api.query(ref.path(session, "holders"), Map.of("at", at))
        : Api.query(ref.path(session, "shares"), Map.of("q", search));
  }

  @Override
  List<Column> columns() {
    if (at.isPresent()) {
      return AccessCommand.COLUMNS;
    }
    return List.of(
        Column.of("HOLDER", "grantee"),
        Column.of("ROLE", "role"),
        Column.of("BUDGET", HoldersCommand::budgets),
        Column.of("WEIGHT", "weight"),
        Column.of("UNTIL", share -> TimeText.words(share, "expires_at")),
        Column.of("GIVEN BY", "given_by"));
  }

  /**
   * Names the projects through which everybody may use the service. A project that is open to
   * everybody gives the same access as a share. The list for a day contains such projects itself,
   * and what is open now says nothing about that day.
   */
  @Override
  Optional<String> note(ApiSession session) {
    if (at.isPresent()) {
      return AccessCommand.gap(session, path(session), at.get());
    }
    String projects =
        session.api().all(ref.path(session, "open-projects")).stream()
            .map(open -> JsonTrees.text(open, "project") + each(open))
            .collect(Collectors.joining(", "));
    return projects.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Everybody can use the service through projects that are open to everybody: "
                + projects);
  }

  /** Returns, in brackets, the limits on each person's use of the service through a project. */
  private static String each(JsonNode open) {
    List<String> words = LimitPhrases.of(open.path("limits"));
    return words.isEmpty() ? "" : " (each person: " + String.join(", ", words) + ")";
  }

  private static String budgets(JsonNode share) {
    String words =
        share.path("limits").path("budgets").values().stream()
            .map(BudgetOption::words)
            .collect(Collectors.joining(", "));
    return words.isEmpty() ? "-" : words;
  }
}
