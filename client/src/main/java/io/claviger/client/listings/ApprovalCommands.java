package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands for changes that were requested for services and wait for the consent of others. */
public final class ApprovalCommands {
  private static final String PATH = "/v1/approvals";

  private ApprovalCommands() {}

  @Command(
      name = "approvals",
      description = "List the waiting changes that you asked for, or to which you may consent.")
  public static final class ListWaiting extends ListingCommand.Fixed {
    public ListWaiting(ProgramContext context) {
      super(
          context,
          PATH,
          Stream.of(
                  Column.of("ID", "id"),
                  Column.of("SERVICE", "service"),
                  Column.of(
                      "CHANGE", approval -> String.join(", ", texts(approval.path("fields")))),
                  Column.of("VALUES", ApprovalCommands::values),
                  Column.of("ASKED BY", "asked_by"),
                  Column.of("NEEDS", "needs"),
                  Column.of("UNTIL", approval -> TimeText.words(approval, "until")))
              .map(Column::inFull)
              .toList());
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  private static String values(JsonNode approval) {
    return approval
        .path("changes")
        .valueStream()
        .map(
            each ->
                JsonTrees.text(each, "field")
                    + ": "
                    + JsonTrees.optional(each, "before").map(TerminalText::name).orElse("nothing")
                    + " \u2192 "
                    + JsonTrees.optional(each, "after").map(TerminalText::name).orElse("nothing"))
        .collect(Collectors.joining("; "));
  }

  @Command(
      name = "approve",
      description = {
        "Consent to a change of a service that somebody else asked for.",
        "The change is made as soon as nobody's consent is missing."
      })
  public static final class Approve extends Deciding {
    public Approve(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      JsonNode approval = decided(session, "approve");
      out()
          .println(
              JsonTrees.text(approval, "state").equals("applied")
                  ? "The change is made."
                  : "You have consented. The change still needs the consent of others.");
      return DONE;
    }
  }

  @Command(
      name = "decline",
      description =
          "Decline a change of a service that waits for consent, or take back a"
              + " change that you asked for.")
  public static final class Decline extends Deciding {
    public Decline(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      JsonNode unused = decided(session, "decline");
      out().println("The change is declined.");
      return DONE;
    }
  }

  /** A command with which the user decides about one change. */
  abstract static class Deciding extends ClientCommand {
    @Parameters(
        paramLabel = "ID",
        description = "The id of the change, as `claviger approvals` shows it.")
    private String id;

    @SuppressWarnings("NullAway.Init") // picocli sets the arguments
    Deciding(ProgramContext context) {
      super(context);
    }

    final JsonNode decided(ApiSession session, String decision) {
      return session
          .api()
          .post(Api.path("v1", "approvals", TerminalText.line(id), decision), JsonTrees.object());
    }
  }
}
