package io.claviger.client.sharing;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.Confirmation;
import io.claviger.client.command.LimitPhrases;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "grant",
    description = "Grant exactly what somebody asks of you. Without an id, list the open requests.")
public final class GrantCommand extends ClientCommand {
  @Parameters(arity = "0..1", paramLabel = "ID", description = "The id of the request.")
  private Optional<String> id = Optional.empty();

  @Option(names = "--decline", description = "Decline the request instead.")
  private boolean decline;

  @Option(
      names = {"-y", "--yes"},
      description =
          "Do not ask for confirmation, even if the limits of a group will no longer"
              + " apply to the user.")
  private boolean sure;

  @Mixin private OutputOptions output = new OutputOptions();

  public GrantCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    if (id.isEmpty()) {
      if (decline) {
        throw wrongUsage("say which request to decline, by its id");
      }
      list(session);
      return DONE;
    }
    String request = Api.path("v1", "requests", id.get());
    JsonNode ended = decline ? declined(session, request) : granted(session, request);
    if (output.json()) {
      out().println(JsonTrees.pretty(ended));
    } else if (output.quiet()) {
      out().println(TerminalText.line(JsonTrees.text(ended, "id")));
    } else {
      out()
          .println(
              TerminalText.line(
                  "%s %s of %s: %s."
                      .formatted(
                          decline ? "Declined the request of" : "Granted",
                          JsonTrees.text(ended, "user") + (decline ? " for more" : " more"),
                          JsonTrees.text(ended, "service"),
                          wish(ended))));
    }
    return DONE;
  }

  private static JsonNode declined(ApiSession session, String request) {
    return session
        .api()
        .call("POST", request + "/decline", null, Map.of())
        .orElseGet(JsonTrees::object);
  }

  /**
   * Grants the request. If a group's pooled limits will no longer apply, the server requires the
   * name of this group.
   */
  private JsonNode granted(ApiSession session, String request) {
    ObjectNode body = JsonTrees.object();
    JsonNode asked = session.api().get(request);
    JsonTrees.optional(asked, "leaves_pool")
        .ifPresent(
            pool -> {
              Confirmation.of(context.terminal(), sure)
                  .require(
                      TerminalText.line(
                          ("The limits that members of @%s have in common would no longer apply"
                                  + " to %s: calls would use the new share. Grant it?")
                              .formatted(pool, JsonTrees.text(asked, "user"))));
              body.put("leaves_pool", pool);
            });
    return session.api().post(request + "/grant", body);
  }

  private void list(ApiSession session) {
    Iterable<List<JsonNode>> open = session.api().pages("/v1/requests?asked=of_me&state=open");
    ListPrinter printer = new ListPrinter(out(), context);
    Column id = Column.of("ID", "id");
    if (output.json()) {
      printer.printJson(open);
    } else if (output.quiet()) {
      printer.printNames(open, id);
    } else {
      printer.printTable(
          open,
          Stream.of(
                  id,
                  Column.of("USER", "user"),
                  Column.of("SERVICE", "service"),
                  Column.of("ASKS FOR", GrantCommand::wish))
              .map(Column::inFull)
              .toList());
    }
  }

  private static String wish(JsonNode request) {
    List<String> parts = new ArrayList<>();
    JsonTrees.optional(request, "role").ifPresent(role -> parts.add("the role " + role));
    for (String list : List.of("models", "operations")) {
      LimitPhrases.named(request, list).ifPresent(parts::add);
    }
    if (request.path("budget").isObject()) {
      parts.add("a budget of " + BudgetOption.wordsInFull(request.path("budget")));
    }
    JsonTrees.time(request, "until").ifPresent(end -> parts.add("until " + TimeText.words(end)));
    JsonTrees.optional(request, "note").ifPresent(note -> parts.add(TerminalText.quoted(note)));
    return String.join("; ", parts);
  }
}
