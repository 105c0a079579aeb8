package io.claviger.client.listings;

import io.claviger.client.command.CompletedNames;
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
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "access",
    description = "List who could use a service on a day, since when and until when.")
public final class AccessCommand extends ListingCommand {
  /**
   * The columns of the command's list. Each row is a way in which somebody could use the service.
   */
  static final List<Column> COLUMNS =
      List.of(
          Column.of("WHO", item -> JsonTrees.optional(item, "user").orElse("everybody in it")),
          Column.of("ROLE", "role"),
          Column.of("BY", AccessCommand::way),
          Column.of("SINCE", item -> TimeText.exact(item, "since")),
          Column.of("UNTIL", item -> TimeText.exact(item, "until")));

  @Parameters(
      paramLabel = "REF",
      completionCandidates = CompletedNames.Services.class,
      description =
          "OWNER/HANDLE, as the service was named on that day, or HANDLE for one of your own.")
  private String ref;

  @Option(
      names = "--on",
      paramLabel = "DAY",
      description = "The day (UTC), such as 2026-01-31. Default: today.")
  private Optional<String> day = Optional.empty();

  @SuppressWarnings("NullAway.Init") // picocli sets the reference
  public AccessCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    return Api.query(session.servicePath(ref, "access"), Map.of("day", day));
  }

  @Override
  Optional<String> note(ApiSession session) {
    return day.flatMap(on -> gap(session, path(session), on));
  }

  /**
   * Says since when the record of access is complete; empty if it is complete for the whole day.
   *
   * @param path the path of the list for this day, with a query
   */
  static Optional<String> gap(ApiSession session, String path, String day) {
    return JsonTrees.time(session.api().get(path + "&limit=1"), "known_since")
        .filter(since -> day.compareTo(since.toString()) < 0)
        .map(
            since ->
                "The record is complete since %s. Access that ended earlier is not listed."
                    .formatted(since));
  }

  @Override
  List<Column> columns() {
    return COLUMNS;
  }

  private static String way(JsonNode item) {
    return Stream.of(
            Optional.of(item.path("way").asString()),
            JsonTrees.optional(item, "project"),
            JsonTrees.optional(item, "group"))
        .flatMap(Optional::stream)
        .distinct()
        .collect(Collectors.joining(" "));
  }
}
