package io.claviger.client.listings;

import io.claviger.client.command.CompletedNames;
import io.claviger.client.http.Api;
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
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "list",
    description = "List what you have stored, or what all borrowers stored with a service's key.")
public final class ObjectListCommand extends ListingCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "REF",
      completionCandidates = CompletedNames.Services.class,
      description =
          "OWNER/HANDLE, or HANDLE for one of your own. Without this argument, your own objects.")
  private Optional<String> ref = Optional.empty();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only objects of this kind, such as files.")
  private Optional<String> kind = Optional.empty();

  @Option(
      names = "--user",
      completionCandidates = CompletedNames.People.class,
      paramLabel = "USER",
      description = "Only objects that were created by this user's calls; needs REF.")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--shared",
      description = "List instead the objects that the owners of the service share; needs REF.")
  private boolean shared;

  public ObjectListCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    if (ref.isEmpty() && (shared || user.isPresent())) {
      throw wrongUsage("--shared and --user need the name of a service");
    }
    if (shared && (kind.isPresent() || user.isPresent())) {
      throw wrongUsage("--shared can't be combined with --kind or --user");
    }
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("kind", kind);
    query.put("user", user);
    return Api.query(
        ref.map(name -> session.servicePath(name, shared ? "shared-objects" : "objects"))
            .orElse("/v1/me/objects"),
        query);
  }

  @Override
  List<Column> columns() {
    return shared
        ? List.of(
            Column.of("ID", "id"),
            Column.of("KIND", "kind"),
            Column.of("ACCESS", "access"),
            Column.of("WITH", ObjectListCommand::borrowers),
            Column.of("SHARED BY", "shared_by"))
        : List.of(
            Column.of("ID", "id"),
            Column.of("KIND", "kind"),
            Column.of("SERVICE", "service"),
            Column.of("HOLDER", "holder"),
            Column.number("BYTES", "bytes"),
            Column.of("MADE", object -> TimeText.words(object, "created_at")),
            Column.of("LAST USED", object -> TimeText.words(object, "last_used_at")));
  }

  private static String borrowers(JsonNode shared) {
    return shared.path("borrowers").isNull()
        ? "all"
        : shared
            .path("borrowers")
            .valueStream()
            .map(JsonNode::asString)
            .collect(Collectors.joining(", "));
  }
}
