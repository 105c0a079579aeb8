package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.output.Tone;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "models", description = "List the models of the catalogue that you can call.")
public final class ModelsCommand extends ListingCommand {
  private static final String OFFERED = "/v1/models?unavailable=true";

  private static final String OTHERS =
      "Call a model of one of your services as OWNER/HANDLE/MODEL. `claviger services` lists them.";

  private static final List<Column> OF_RUNNABLE =
      List.of(
          Column.of("MODEL", "model"),
          Column.of("PROVIDER", "provider"),
          Column.of("SERVICE", "service"),
          Column.of("KEY", "key_source"),
          Column.number("CONTEXT", "context_limit"),
          Column.of("", item -> item.path("is_default").asBoolean() ? "default" : ""));

  private static final List<Column> OF_OFFERED =
      List.of(
          Column.of("MODEL", "model"),
          Column.of("PROVIDER", "provider"),
          Column.of("SERVICE", "service"),
          Column.of("KEY", "key_source"),
          Column.of("WHY NOT", ModelsCommand::whyNot).meaning(model -> Tone.BAD));

  private static final List<Column> OF_DELETED =
      List.of(
          Column.of("ID", "id"),
          Column.of("NAME", "name"),
          Column.of("MODEL", "model"),
          Column.of("PROVIDER", "provider"),
          Column.of("DELETED BY", "deleted_by"),
          Column.of("DELETED", item -> TimeText.words(item, "deleted_at")));

  @Option(
      names = "--unavailable",
      description = "Also list models that you can't call at present, and why.")
  private boolean unavailable;

  @Option(
      names = "--deleted",
      description =
          "Only models that were deleted from the catalogue. Only administrators see them.")
  private boolean deleted;

  private boolean isEmpty = true;

  private ModelsCommand(ProgramContext context) {
    super(context);
  }

  /** Returns the command line of this command, with a subcommand that restores a deleted model. */
  public static CommandLine line(ProgramContext context) {
    return new CommandLine(new ModelsCommand(context)).addSubcommand(new Restore(context));
  }

  @Command(
      name = "restore",
      description = {
        "Put a deleted model back into the catalogue, for administrators.",
        "The restored model is bound to no service."
      })
  static final class Restore extends ClientCommand {
    @Parameters(
        paramLabel = "ID",
        description = "The id of the model, which `claviger models --deleted` shows.")
    private String id;

    @SuppressWarnings("NullAway.Init") // picocli sets the id
    Restore(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      JsonNode restored =
          session.api().post(Api.path("v1", "model-configs", id, "restore"), JsonTrees.object());
      out()
          .printf(
              "%s is back in the catalogue, bound to no service.%n",
              TerminalText.line(JsonTrees.text(restored, "name")));
      return DONE;
    }
  }

  /** Returns the reason in words. In the reasons, the API calls a service an instance. */
  private static String whyNot(JsonNode model) {
    return JsonTrees.optional(model, "unavailable")
        .map(reason -> reason.replace("instance", "service").replace('_', ' '))
        .orElse("");
  }

  @Override
  String path(ApiSession session) {
    if (unavailable && deleted) {
      throw wrongUsage("--deleted can't be combined with --unavailable");
    }
    return deleted ? "/v1/models?deleted=true" : unavailable ? OFFERED : "/v1/models";
  }

  @Override
  Iterable<List<JsonNode>> inTable(Iterable<List<JsonNode>> pages) {
    return () ->
        StreamSupport.stream(pages.spliterator(), false)
            .peek(page -> isEmpty &= page.isEmpty())
            .iterator();
  }

  @Override
  List<String> belowTable() {
    return isEmpty && !deleted ? List.of(OTHERS) : List.of();
  }

  @Override
  List<Column> columns() {
    return deleted ? OF_DELETED : unavailable ? OF_OFFERED : OF_RUNNABLE;
  }
}
