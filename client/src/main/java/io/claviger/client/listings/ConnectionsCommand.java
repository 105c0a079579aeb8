package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "connections",
    description =
        "List the open WebSockets, either your own or those of a service, or end one of them.")
public final class ConnectionsCommand extends ClientCommand {
  private static final Column ID = Column.of("ID", "id");
  private static final List<Column> COLUMNS =
      List.of(
          ID,
          Column.of("WHO", "user"),
          new Column("SERVICE", false, ConnectionsCommand::service),
          Column.of("SINCE", item -> TimeText.exact(item, "since")),
          Column.number("MESSAGES", "messages"),
          Column.number("RESPONSES", "responses"),
          Column.number("INPUT", "input_tokens"),
          Column.number("OUTPUT", "output_tokens"));

  @Parameters(
      paramLabel = "REF",
      arity = "0..1",
      completionCandidates = CompletedNames.Services.class,
      description =
          "OWNER/HANDLE, or HANDLE for one of your own. Without this argument, your"
              + " connections on all services.")
  private Optional<String> ref = Optional.empty();

  @Option(
      names = "--end",
      paramLabel = "ID",
      description =
          "End this connection within a second. Nothing keeps the caller from connecting"
              + " again.")
  private Optional<String> end = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  public ConnectionsCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    String path =
        ref.map(of -> session.servicePath(of, "connections")).orElse("/v1/me/connections");
    if (end.isPresent()) {
      session.api().delete(path + Api.path(end.get()));
      if (!output.json()) {
        out().printf("The connection %s ends within a second.%n", TerminalText.line(end.get()));
      }
      return DONE;
    }
    Iterable<List<JsonNode>> pages = session.api().pages(path);
    ListPrinter printer = new ListPrinter(out(), context);
    if (output.json()) {
      printer.printJson(pages);
    } else if (output.quiet()) {
      printer.printNames(pages, ID);
    } else {
      printer.printTable(pages, COLUMNS);
    }
    return DONE;
  }

  private static String service(JsonNode connection) {
    String service = JsonTrees.text(connection, "service");
    return JsonTrees.optional(connection, "project")
        .filter(project -> !project.equals(service))
        .map(project -> service + " by " + project)
        .orElse(service);
  }
}
