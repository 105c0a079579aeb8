package io.claviger.client.operations;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.Confirmation;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "retention",
    description = {
      "Show for how many months usage and the audit trail are kept, or set it."
          + " Only administrators can do this.",
      "Every hour, nodes delete older data, which can't be restored."
    })
public final class RetentionCommand extends ClientCommand {
  private static final String PATH = "/v1/retention";
  private static final String USAGE = "usage_months";
  private static final String AUDIT = "audit_months";

  @Option(
      names = "--usage-months",
      paramLabel = "MONTHS",
      description =
          "The number of whole months before the current month for which usage is kept,"
              + " or `none` for no limit.")
  private Optional<String> usage = Optional.empty();

  @Option(
      names = "--audit-months",
      paramLabel = "MONTHS",
      description =
          "The number of whole months before the current month for which the audit trail"
              + " is kept, or `none` for no limit.")
  private Optional<String> audit = Optional.empty();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask for confirmation.")
  private boolean sure;

  @Option(names = "--json", description = "Print JSON in the form of the API.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      hidden = true,
      description = "Changes nothing. It is accepted, because scripts may contain it.")
  @SuppressWarnings("UnusedVariable") // picocli sets it
  private boolean quiet;

  public RetentionCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    JsonNode now = session.api().get(PATH);
    if (usage.isEmpty() && audit.isEmpty()) {
      print(now);
      return DONE;
    }
    ObjectNode change = JsonTrees.object();
    put(change, USAGE, usage, now);
    put(change, AUDIT, audit, now);
    Confirmation.of(context.terminal(), sure)
        .require(
            "Keep usage for %s and the audit trail for %s, and remove older data?"
                .formatted(words(change, USAGE), words(change, AUDIT)));
    Optional<JsonNode> set =
        session.api().call("PUT", PATH, change, Map.of("If-Match", Api.tag(now)));
    print(set.orElse(change));
    return DONE;
  }

  private void put(ObjectNode change, String field, Optional<String> given, JsonNode now) {
    if (given.isEmpty()) {
      change.set(field, now.path(field));
    } else if (given.get().equals("none")) {
      change.putNull(field);
    } else {
      try {
        change.put(field, Integer.parseInt(given.get()));
      } catch (NumberFormatException e) {
        throw wrongUsage("months are a whole number, or none");
      }
    }
  }

  private void print(JsonNode retention) {
    if (json) {
      out().println(JsonTrees.pretty(retention));
      return;
    }
    out().printf("usage        %s%n", kept(retention, USAGE));
    out().printf("audit trail  %s%n", kept(retention, AUDIT));
  }

  private static String kept(JsonNode retention, String field) {
    return "kept for "
        + words(retention, field)
        + JsonTrees.optional(retention, field + "_at_most")
            .map(most -> "; the operator allows %s months".formatted(TerminalText.line(most)))
            .orElse("");
  }

  private static String words(JsonNode retention, String field) {
    return JsonTrees.optional(retention, field)
        .map(months -> months.equals("1") ? "1 month" : TerminalText.line(months) + " months")
        .orElse("as long as the operator allows");
  }
}
