package io.claviger.client.listings;

import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "people",
    description =
        "List people and service accounts, when they last used Claviger, and since"
            + " when they are administrators. Only administrators can do this.")
public final class PeopleCommand extends ListingCommand {
  @Option(names = "--administrators", description = "Only administrators.")
  private boolean administrators;

  @Option(names = "--service-accounts", description = "Only service accounts, with their trusts.")
  private boolean serviceAccounts;

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only accounts whose handle, name or e-mail address contains this text.")
  private Optional<String> search = Optional.empty();

  public PeopleCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("administrator", administrators ? Optional.of("true") : Optional.empty());
    query.put("kind", serviceAccounts ? Optional.of("service") : Optional.empty());
    query.put("q", search);
    return Api.query("/v1/users", query);
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("WHO", "handle"),
        Column.of("KIND", PeopleCommand::kind),
        Column.of("ADMINISTRATOR SINCE", person -> TimeText.exact(person, "administrator_since")),
        Column.of("LAST USE", person -> TimeText.exact(person, "last_used_at")),
        Column.of("TRUSTS", PeopleCommand::trusts));
  }

  private static String kind(JsonNode person) {
    if (person.path("administrator").asBoolean(false)) {
      return "administrator";
    }
    return person.path("kind").asString("-");
  }

  private static String trusts(JsonNode person) {
    String trusts =
        person.path("trusts").values().stream()
            .map(
                trust ->
                    JsonTrees.text(trust, "name")
                        + " ("
                        + TimeText.exact(trust, "last_used_at")
                        + ")")
            .collect(Collectors.joining(", "));
    return trusts.isEmpty() ? "-" : trusts;
  }
}
