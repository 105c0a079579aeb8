package io.claviger.client.listings;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "services", description = "List the services that you can use.")
public final class ServicesCommand extends ListingCommand {
  @Mixin private OwnerAndProvider only = new OwnerAndProvider();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "Only services on which you are reader, writer or owner.")
  private Optional<String> role = Optional.empty();

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only services whose handle, name, description or model contains this text.")
  private Optional<String> search = Optional.empty();

  @Option(
      names = "--all",
      description =
          "List the services of all users, with the age of their keys."
              + " Only administrators can do this.")
  private boolean all;

  @Option(
      names = "--key-older-than",
      paramLabel = "DAYS",
      description =
          "Only services whose key or other secret was stored at least this number of"
              + " days ago.")
  private Optional<String> keyOlderThan = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "rejected",
      description = "Only services whose stored key the provider rejects.")
  private Optional<String> key = Optional.empty();

  public ServicesCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    only.addTo(query);
    if (all && role.isPresent()) {
      throw ClientFault.of(
          "--role is about services that you can use, so it can't be combined with --all");
    }
    query.put("role", role);
    query.put("q", search);
    query.put("key_older_than", keyOlderThan);
    query.put("key", key);
    return Api.query(
        all ? "/v1/llm-services" : Api.path("v1", "llm-services", session.user()), query);
  }

  @Override
  List<Column> columns() {
    if (all) {
      return List.of(
          Column.of("SERVICE", "ref"),
          Column.of("PROVIDER", "provider"),
          Column.of("MODEL", "model"),
          Column.of("KEY STORED", service -> TimeText.words(service, "api_key_set_at")),
          Column.of("ENABLED", "enabled"));
    }
    return List.of(
        Column.of("SERVICE", "ref"),
        Column.of("ROLE", "role"),
        Column.of("PROVIDER", "provider"),
        Column.of("MODEL", "model"),
        Column.of("STATE", ServicesCommand::state).meaning(ServicesCommand::meaning));
  }

  private static Tone meaning(JsonNode service) {
    return switch (service.path("state").asString("")) {
      case "ready" -> Tone.GOOD;
      case "disabled" -> Tone.QUIET;
      default -> Tone.BAD;
    };
  }

  private static String state(JsonNode service) {
    String state = JsonTrees.optional(service, "state").orElse("-").replace('_', ' ');
    boolean chosen = service.path("is_default").asBoolean(false);
    return state.equals("ready") && chosen ? "default" : state;
  }
}
