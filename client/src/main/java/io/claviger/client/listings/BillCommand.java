package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "bill",
    description =
        "Show what the provider billed for a month of a service, and what Claviger counted for it.")
public final class BillCommand extends ClientCommand {
  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Option(
      names = "--month",
      paramLabel = "MONTH",
      description = "The month (UTC), such as 2026-01. Default: the present month.")
  private Optional<String> month = Optional.empty();

  @Option(names = "--json", description = "Print JSON in the form of the API.")
  private boolean json;

  public BillCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    JsonNode bill = session.api().get(Api.query(ref.path(session, "bill"), Map.of("month", month)));
    if (json) {
      out().println(JsonTrees.pretty(bill));
      return DONE;
    }
    String currency = JsonTrees.text(bill, "currency");
    out().println("The provider bills " + amount(bill, "theirs", currency));
    out().println("Claviger counted   " + amount(bill, "ours", "USD"));
    out().println("Both agree on      " + amount(bill, "agreed", "USD"));
    out().println("Unexplained        " + amount(bill, "unexplained", "USD"));
    List<JsonNode> explained = List.copyOf(bill.path("explained").values());
    if (!explained.isEmpty()) {
      new ListPrinter(out(), context)
          .printTable(
              List.of(explained),
              List.of(
                  Column.of("REASON", "reason"),
                  Column.number("MORE BILLED", "amount"),
                  Column.of("WHERE", "detail")));
    }
    whyUnknown(bill).map(TerminalText::line).ifPresent(err()::println);
    return DONE;
  }

  private static Optional<String> whyUnknown(JsonNode bill) {
    JsonNode reading = bill.path("reading");
    return JsonTrees.optional(reading, "explanation")
        .or(
            () ->
                JsonTrees.optional(bill, "theirs").isPresent()
                    ? Optional.empty()
                    : Optional.of(
                        reading.path("credential").asBoolean()
                            ? "The provider's figures for this month have not been read."
                            : "There is no invoice for this month, and no billing credential to"
                                + " read the provider's figures with."));
  }

  private static String amount(JsonNode bill, String field, String currency) {
    return JsonTrees.optional(bill, field)
        .map(text -> TerminalText.line(text + " " + currency))
        .orElse("-");
  }
}
