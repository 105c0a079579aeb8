package io.claviger.client.listings;

import io.claviger.client.http.Api;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.output.Tone;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "key-ages",
    description =
        "List how old the stored keys of services are, the oldest first."
            + " Only administrators can do this.")
public final class KeyAgesCommand extends ListingCommand {
  @Option(
      names = "--older-than",
      paramLabel = "DAYS",
      description = "Only keys that were set more than this number of days ago, such as 90.")
  private Optional<String> olderThan = Optional.empty();

  @Option(names = "--rejected", description = "Only keys that their provider rejects.")
  private boolean rejected;

  public KeyAgesCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    return Api.query("/v1/key-ages", query());
  }

  private Map<String, Optional<String>> query() {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("older_than_days", olderThan);
    query.put("rejected", rejected ? Optional.of("true") : Optional.empty());
    return query;
  }

  @Override
  Optional<String> note(ApiSession session) {
    Map<String, Optional<String>> one = query();
    one.put("limit", Optional.of("1"));
    JsonNode own = session.api().get(Api.query("/v1/key-ages", one)).path("own_keys");
    String old =
        olderThan
            .map(days -> ", %s older than %s days".formatted(own.path("old").asString(), days))
            .orElse("");
    return Optional.of(
        "Keys that people stored for themselves: %s%s, %s rejected."
            .formatted(own.path("stored").asString(), old, own.path("rejected").asString()));
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("SERVICE", "service"),
        Column.of("SET", key -> TimeText.exact(key, "set_at")),
        Column.of("REJECTED SINCE", key -> TimeText.exact(key, "rejected_since"))
            .meaning(key -> Tone.BAD),
        Column.number("STATUS", "status"));
  }
}
