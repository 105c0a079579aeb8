package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "usage", description = "Show what was used, and what it cost.")
public final class UsageCommand extends ListingCommand {
  private static final Map<String, String> FIELDS = Map.of("source", "key_source");

  @Option(
      names = "--by",
      paramLabel = "COLUMNS",
      defaultValue = "day,service,model",
      description =
          "Sum up by these columns, separated by commas: day, user, service, project,"
              + " source, model,"
              + " answered_model, service_tier. Default: ${DEFAULT-VALUE}.")
  private String dimensions = "";

  @Mixin private CallOptions.OfService service = new CallOptions.OfService();
  @Mixin private CallOptions.ByUserAndDay calls = new CallOptions.ByUserAndDay();
  @Mixin private CallOptions.OfProjectOrGroup owners = new CallOptions.OfProjectOrGroup();

  @Option(
      names = "--month",
      paramLabel = "MONTH",
      description = "The days of this month (UTC), such as 2026-01, in place of --from and --to.")
  private Optional<String> ofMonth = Optional.empty();

  /**
   * Draws the chart of the usage. The chart is empty unless the output is a terminal, because any
   * other output contains only the table.
   */
  private final Optional<UsageChart> chart;

  private UsageCommand(ProgramContext context) {
    super(context);
    this.chart = context.terminal().columns().stream().mapToObj(UsageChart::new).findFirst();
  }

  /** Returns the command line of this command, with its subcommand. */
  public static CommandLine line(ProgramContext context) {
    return new CommandLine(new UsageCommand(context)).addSubcommand(new Export(context));
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("by", Optional.of(dimensions));
    service.addTo(query, session);
    calls.addTo(query);
    owners.addTo(query, session);
    query.put("month", ofMonth);
    return Api.query("/v1/usage", query);
  }

  @Override
  Optional<String> note(ApiSession session) {
    return owners
        .group()
        .flatMap(
            asked ->
                JsonTrees.time(session.api().get(path(session) + "&limit=1"), "known_since")
                    .filter(
                        since ->
                            calls
                                .from()
                                .or(() -> ofMonth)
                                .filter(on -> on.compareTo(since.toString()) > 0)
                                .isEmpty())
                    .map(
                        since ->
                            ("Who was in which group is known since %s. Users who left a group"
                                    + " before that are not counted in it.")
                                .formatted(since)));
  }

  @Override
  Iterable<List<JsonNode>> inTable(Iterable<List<JsonNode>> pages) {
    return () ->
        StreamSupport.stream(pages.spliterator(), false)
            .peek(page -> page.forEach(row -> chart.ifPresent(drawn -> drawn.add(row))))
            .iterator();
  }

  @Override
  List<String> belowTable() {
    List<String> lines = chart.map(UsageChart::lines).orElse(List.of());
    return lines.isEmpty() ? lines : Stream.concat(Stream.of(""), lines.stream()).toList();
  }

  @Override
  List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    Arrays.stream(dimensions.split(","))
        .map(
            word ->
                Column.of(
                    word.toUpperCase(Locale.ROOT).replace('_', ' '),
                    FIELDS.getOrDefault(word, word)))
        .forEach(columns::add);
    columns.add(Column.number("CALLS", "requests"));
    columns.add(Column.number("ERRORS", "errors").caringUnlessZero());
    columns.add(Column.number("REFUSED", "refused").caringUnlessZero());
    columns.add(Column.number("TOKENS IN", "input_tokens"));
    columns.add(Column.number("TOKENS OUT", "output_tokens"));
    columns.add(Column.number("USD", "cost"));
    columns.add(
        new Column("STORED", true, item -> item.path("stored").path("objects").asString("-")));
    columns.add(new Column("FEES", false, UsageCommand::fees));
    return List.copyOf(columns);
  }

  /** Returns how often things that cost a separate fee were used, such as {@code web_search 3}. */
  private static String fees(JsonNode item) {
    String fees =
        item.path("fees")
            .propertyStream()
            .map(fee -> fee.getKey() + " " + fee.getValue().path("uses").asString("-"))
            .collect(Collectors.joining(", "));
    return fees.isEmpty() ? "-" : fees;
  }

  /** The command that writes a month's usage into a file. */
  @Command(
      name = "export",
      description = {
        "Write the usage of a month as a CSV file.",
        "If the command exits with an error, the file is incomplete."
      })
  private static final class Export extends ClientCommand {
    @Option(
        names = "--focus",
        description =
            "Write the columns of FOCUS 1.2, a format that programs for cloud costs read.")
    private boolean focus;

    @Option(
        names = "--month",
        paramLabel = "MONTH",
        description = "The month (UTC), such as 2026-01. Default: the present month.")
    private Optional<String> month = Optional.empty();

    @Mixin private CallOptions.OfService service = new CallOptions.OfService();
    @Mixin private CallOptions.OfProjectOrGroup owners = new CallOptions.OfProjectOrGroup();

    Export(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      if (!focus) {
        throw wrongUsage("say in which columns: --focus");
      }
      Map<String, Optional<String>> query = new LinkedHashMap<>();
      query.put("month", month);
      service.addTo(query, session);
      owners.addTo(query, session);
      printFile(session, Api.query("/v1/usage/focus", query));
      return DONE;
    }
  }
}
