package io.claviger.client.listings;

import io.claviger.client.command.CompletedNames;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "list",
    description = {
      "List access tokens, without their texts.",
      "Tokens that were imported from another system should be replaced before they end."
    })
public final class TokenListCommand extends ListingCommand {
  @Option(
      names = "--user",
      completionCandidates = CompletedNames.People.class,
      paramLabel = "USER",
      description =
          "List the tokens of this user. For administrators, and for those who are"
              + " responsible for a service account.")
  private Optional<String> user = Optional.empty();

  public TokenListCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    return Api.path("v1", "users", user.orElseGet(session::user), "tokens");
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("ID", "id"),
        Column.of("NAME", "name"),
        Column.of("SCOPE", "scope"),
        Column.of("ENDS", token -> TimeText.exact(token, "expires_at")),
        Column.of("LAST USED", token -> TimeText.words(token, "last_used_at")),
        Column.of("IMPORTED FROM", "imported_from"),
        Column.of("ONLY FOR", TokenListCommand::only));
  }

  /** Returns the services, the project and the callers to which a token is restricted. */
  private static String only(JsonNode token) {
    JsonNode binding = token.path("bound_to");
    String restrictions =
        Stream.of(
                target(token).stream(),
                binding.path("networks").valueStream().map(net -> "callers in " + net.asString()),
                JsonTrees.optional(binding, "certificate_sha256").stream()
                    .map(unused -> "callers with its certificate"))
            .flatMap(part -> part)
            .collect(Collectors.joining(", "));
    return restrictions.isEmpty() ? "-" : restrictions;
  }

  private static Optional<String> target(JsonNode token) {
    JsonNode imported = token.path("imported_services");
    if (imported.isArray()) {
      return Optional.of(
          imported.isEmpty()
              ? "no service that still exists"
              : imported.valueStream().map(JsonNode::asString).collect(Collectors.joining(", ")));
    }
    return JsonTrees.optional(token, "service")
        .or(() -> JsonTrees.optional(token, "project").map(project -> "project " + project));
  }
}
