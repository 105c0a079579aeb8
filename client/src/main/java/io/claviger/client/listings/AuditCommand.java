package io.claviger.client.listings;

import io.claviger.client.command.CompletedNames;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.output.Tone;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "audit",
    description = "Show what people did, or tried to do, with things that you own, newest first.")
public final class AuditCommand extends ListingCommand {
  @Option(
      names = "--actor",
      completionCandidates = CompletedNames.People.class,
      paramLabel = "USER",
      description = "Only events that this user caused.")
  private Optional<String> actor = Optional.empty();

  @Option(
      names = "--action",
      paramLabel = "ACTION",
      description = "Only events of this action, such as service.share.")
  private Optional<String> action = Optional.empty();

  @Option(
      names = "--target",
      paramLabel = "REF",
      description = "Only events about this object, such as alice/my-openai.")
  private Optional<String> target = Optional.empty();

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "Show only attempts with this outcome: done, refused or failed.")
  private Optional<String> outcome = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only events at this time or later, such as 2026-01-01T00:00:00Z.")
  private Optional<String> since = Optional.empty();

  @Option(names = "--until", paramLabel = "TIME", description = "Only events before this time.")
  private Optional<String> until = Optional.empty();

  public AuditCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("actor", actor);
    query.put("action", action);
    query.put("target", target);
    query.put("outcome", outcome);
    query.put("since", since);
    query.put("until", until);
    return Api.query("/v1/audit-events", query);
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("WHEN", event -> TimeText.exact(event, "at")),
        Column.of("WHO", "actor"),
        Column.of("ACTION", "action"),
        Column.of("TARGET", AuditCommand::target),
        Column.of("OUTCOME", "outcome").meaning(AuditCommand::meaning),
        Column.of("TO OR FROM", "grantee"),
        Column.of("DETAILS", AuditCommand::details),
        Column.of("FROM", "address"));
  }

  @Override
  Column name() {
    return Column.of("ID", "id");
  }

  private static Tone meaning(JsonNode event) {
    return switch (event.path("outcome").asString("")) {
      case "refused" -> Tone.CARE;
      case "failed" -> Tone.BAD;
      default -> Tone.PLAIN;
    };
  }

  private static String target(JsonNode event) {
    JsonNode target = event.path("target");
    return JsonTrees.optional(target, "ref").or(() -> JsonTrees.optional(target, "id")).orElse("-");
  }

  /**
   * Returns the details of an event. For an event about a share, they are the share's terms
   * (limits, end and the like). For other events, they are the changed fields or the code of the
   * refusal.
   */
  private static String details(JsonNode event) {
    return event.path("terms").isEmpty()
        ? event.path("fields").values().stream()
            .map(JsonNode::asString)
            .collect(Collectors.joining(","))
        : event.path("terms").values().stream()
            .map(AuditCommand::term)
            .collect(Collectors.joining("; "));
  }

  private static String term(JsonNode term) {
    String before = JsonTrees.optional(term, "before").map(AuditCommand::value).orElse("none");
    String after = JsonTrees.optional(term, "after").map(AuditCommand::value).orElse("none");
    return term.path("field").asString()
        + " "
        + (before.equals(after) ? after : before + " -> " + after);
  }

  /**
   * Puts a value in quotes if it could be mistaken for further terms, which is possible because
   * whoever made the change chose the value.
   */
  private static String value(String value) {
    return value.contains(";") || value.contains("->") ? TerminalText.quoted(value) : value;
  }
}
