package io.claviger.client.oauth;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.listings.BudgetsCommand;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "status", description = "Show who you are, what you may use, and what is left.")
public final class StatusCommand extends ClientCommand {
  private static final int SHOWN = 10;

  @Mixin private OutputOptions output = new OutputOptions();

  public StatusCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    JsonNode me = session.api().get("/v1/me");
    if (output.quiet()) {
      out().println(TerminalText.line(JsonTrees.text(me, "handle")));
      return DONE;
    }
    JsonNode manifest = session.api().get("/v1");
    String services = Api.path("v1", "llm-services", session.user());
    List<JsonNode> budgets = session.api().all("/v1/budgets");
    if (output.json()) {
      ObjectNode status = JsonTrees.object();
      status.put("name", session.name()).put("server", session.signIn().server().toString());
      status.put("version", JsonTrees.text(manifest, "version"));
      status.put("program_version", session.version());
      status.set("me", me);
      status.putArray("services").addAll(session.api().all(services));
      status.putArray("budgets").addAll(budgets);
      out().println(JsonTrees.pretty(status));
      return DONE;
    }
    printLine("server", "%s, %s".formatted(session.name(), session.signIn().server()));
    printLine(
        "version",
        "%s, this program %s".formatted(JsonTrees.text(manifest, "version"), session.version()));
    printLine("user", user(me));
    printLine("sign-in", signIn(session, me));
    printLine("services", names(session.api().get(services + "?limit=" + (SHOWN + 1))));
    if (!budgets.isEmpty()) {
      out().println();
      new ListPrinter(out(), context).printTable(List.of(budgets), BudgetsCommand.COLUMNS);
    }
    return DONE;
  }

  private void printLine(String name, String text) {
    out().printf("%-9s %s%n", name, TerminalText.line(text));
  }

  private static String user(JsonNode me) {
    return JsonTrees.text(me, "handle")
        + (me.path("administrator").asBoolean() ? ", administrator" : "");
  }

  private static String signIn(ApiSession session, JsonNode me) {
    JsonNode token = me.path("token");
    String restricted =
        JsonTrees.optional(token, "service")
            .or(() -> JsonTrees.optional(token, "project"))
            .map(only -> ", for %s alone".formatted(only))
            .orElse("");
    String end =
        session.signIn().isRefreshable()
            ? ", renewed by itself"
            : JsonTrees.time(token, "expires_at")
                .map(time -> ", until " + TimeText.words(time))
                .orElse("");
    return LoginCommand.scope(session.signIn()) + restricted + end;
  }

  private static String names(JsonNode services) {
    List<JsonNode> items = List.copyOf(services.path("items").values());
    boolean more = items.size() > SHOWN;
    String names =
        items.stream()
            .limit(SHOWN)
            .map(service -> JsonTrees.text(service, "ref"))
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names + (more ? ", and more: claviger services" : "");
  }
}
