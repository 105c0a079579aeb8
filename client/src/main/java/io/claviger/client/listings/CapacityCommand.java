package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "capacity",
    description = "Show what the provider allows a service, and who used it in the last hour.")
public final class CapacityCommand extends ClientCommand {
  private static final List<Column> LIMITS =
      List.of(
          Column.of("LIMIT", CapacityCommand::limit),
          Column.of("MODEL", "model"),
          Column.number("STATED", "stated"),
          Column.number("LEARNED", "learned"),
          Column.of("LEARNED AT", item -> TimeText.words(item, "learned_at")),
          Column.number("USED", "used"),
          Column.number("LEFT", "left"));

  private static final List<Column> BORROWERS =
      List.of(
          Column.of("WHO", "user"),
          Column.number("WEIGHT", "weight"),
          used("REQUESTS", "requests"),
          used("INPUT TOKENS", "input_tokens"),
          used("OUTPUT TOKENS", "output_tokens"),
          Column.number("WAITED", "waited"),
          new Column("SECONDS EACH", true, CapacityCommand::secondsEach),
          Column.number("REFUSED", "refused"),
          Column.number("WAITING", "waiting"));

  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Option(names = "--json", description = "Print JSON in the form of the API.")
  private boolean json;

  public CapacityCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    JsonNode capacity = session.api().get(ref.path(session, "capacity"));
    if (json) {
      out().println(JsonTrees.pretty(capacity));
      return DONE;
    }
    ListPrinter printer = new ListPrinter(out(), context);
    List<JsonNode> limits = List.copyOf(capacity.path("limits").values());
    if (limits.isEmpty()) {
      out()
          .println(
              "The provider's limits are not known, or you may not see them. Owners state"
                  + " these limits in the settings of the service: in the console, or in the field"
                  + " `provider_limits` of a file for claviger apply.");
    } else {
      printer.printTable(List.of(limits), LIMITS);
      out().println();
    }
    List<JsonNode> borrowers = List.copyOf(capacity.path("borrowers").values());
    if (borrowers.isEmpty()) {
      out()
          .println(
              "No calls were counted in the last hour, or you may not see them. Calls are counted"
                  + " here only while a limit of the provider is known.");
    } else {
      printer.printTable(List.of(borrowers), BORROWERS);
    }
    JsonNode waiting = capacity.path("waiting");
    if (waiting.path("calls").asInt() > 0) {
      long longest = waiting.path("longest_ms").asLong(0);
      String one =
          longest > 0 ? String.format(Locale.ROOT, ", one of them for %.1f s", longest / 1e3) : "";
      out().printf("%n%d waiting%s%n", waiting.path("calls").asInt(), one);
    }
    return DONE;
  }

  private static String limit(JsonNode item) {
    return JsonTrees.text(item, "limit").replace("_per_minute", " a minute").replace('_', ' ');
  }

  private static Column used(String head, String field) {
    Function<JsonNode, String> number = item -> JsonTrees.text(item.path("used"), field);
    return new Column(head, true, number);
  }

  private static String secondsEach(JsonNode borrower) {
    long calls = borrower.path("waited").asLong();
    return calls == 0
        ? "-"
        : String.format(Locale.ROOT, "%.1f", borrower.path("waited_ms").asLong() / 1e3 / calls);
  }
}
