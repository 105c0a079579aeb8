package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The commands for access reviews. */
public final class ReviewCommands {
  private static final String PATH = "/v1/reviews";

  private ReviewCommands() {}

  @Command(name = "reviews", description = "List the access reviews that you may see.")
  public static final class ListReviews extends ListingCommand.Fixed {
    public ListReviews(ProgramContext context) {
      super(
          context,
          PATH,
          List.of(
              Column.of("ID", "id"),
              Column.of("OF", ReviewCommands::subject),
              Column.of("STARTED BY", "started_by"),
              Column.of("STARTED", review -> TimeText.words(review, "created_at")),
              Column.number("GRANTS", "grants"),
              Column.number("DECIDED", "decided"),
              Column.of("UNTIL", review -> TimeText.words(review, "until"))));
    }
  }

  private static String subject(JsonNode review) {
    return JsonTrees.optional(review, "service")
        .or(() -> JsonTrees.optional(review, "group").map(group -> "@" + group))
        .orElse("-");
  }

  @Command(
      name = "review",
      description = {
        "Start an access review of a service or a group, or continue one.",
        "A review lists everybody who has a share of the service or is in the group, with their "
            + "last use.",
        "A decision to end a grant takes effect immediately: the share or membership ends."
      })
  public static final class OneReview extends ClientCommand {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final List<Column> COLUMNS =
        List.of(
            Column.of("WHO", "grantee").inFull(),
            Column.of("ROLE", "role").inFull(),
            Column.of("GIVEN BY", "given_by"),
            Column.of("SINCE", grant -> TimeText.words(grant, "since")),
            Column.of("UNTIL", grant -> TimeText.words(grant, "expires_at")),
            Column.of("LAST USE", "last_use"),
            Column.of("NOW", "state"),
            Column.of("DECISION", "decision"));

    @Parameters(
        paramLabel = "WHAT",
        description = "OWNER/HANDLE or HANDLE of a service, @GROUP, or the ID of a review.")
    private String what;

    @Option(
        names = "--keep",
        paramLabel = "NAME",
        description = "Keep the grants of this user or group. May be repeated.")
    private List<String> keep = List.of();

    @Option(
        names = "--end",
        paramLabel = "NAME",
        description = "End the grants of this user or group. May be repeated.")
    private List<String> end = List.of();

    @Option(names = "--csv", description = "Print the review as a CSV file.")
    private boolean csv;

    @Option(names = "--json", description = "Print JSON in the form of the API.")
    private boolean json;

    @SuppressWarnings("NullAway.Init") // picocli sets the arguments
    public OneReview(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      if (csv && json) {
        throw wrongUsage("--csv or --json, not both");
      }
      Optional<String> both = keep.stream().filter(end::contains).findFirst();
      if (both.isPresent()) {
        throw wrongUsage("either keep or end " + both.get());
      }
      String id = ID.matcher(what).matches() ? what : started(session);
      keep.forEach(name -> decide(session, id, name, "keep"));
      end.forEach(name -> decide(session, id, name, "end"));
      if (csv) {
        printFile(session, Api.path("v1", "reviews", id, "_export"));
        return DONE;
      }
      ListPrinter printer = new ListPrinter(out(), context);
      Iterable<List<JsonNode>> pages = session.api().pages(Api.path("v1", "reviews", id));
      if (json) {
        printer.printJson(pages);
      } else {
        out().println("Review " + TerminalText.line(id));
        printer.printTable(pages, COLUMNS);
      }
      return DONE;
    }

    private String started(ApiSession session) {
      ObjectNode body = JsonTrees.object();
      if (what.startsWith("@")) {
        body.put("group", what.substring(1));
      } else {
        body.put("service", session.ref(what));
      }
      return JsonTrees.text(session.api().post(PATH, body), "id");
    }

    /**
     * Sends one of the command's decisions to the server. If a decision is refused, the decisions
     * that were sent before it remain valid.
     */
    private void decide(ApiSession session, String id, String name, String decision) {
      ObjectNode body = JsonTrees.object();
      body.put("decision", decision);
      try {
        JsonNode unused =
            session.api().post(Api.path("v1", "reviews", id, name.replace('/', ':')), body);
      } catch (ApiRefusal e) {
        throw e.fault("Nothing was decided about %s.".formatted(TerminalText.line(name)));
      }
    }
  }
}
