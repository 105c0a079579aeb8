package io.claviger.client.operations;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "webhook",
    description = {
      "Show, set, test or remove your webhook, the webhook of a group, or the webhook of the "
          + "installation.",
      "When you set a URL, the secret with which messages are signed is printed. It"
          + " is never shown again."
    })
public final class WebhookCommand extends ClientCommand {
  private enum Verb {
    show,
    set,
    test,
    remove
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "show|set|test|remove",
      description = "`show` unless given.")
  private Verb verb = Verb.show;

  @Parameters(index = "1", arity = "0..1", paramLabel = "URL", description = "With `set`.")
  private Optional<String> url = Optional.empty();

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description =
          "Use the webhook of this group. For the group's managers, and for administrators.")
  private Optional<String> group = Optional.empty();

  @Option(
      names = "--installation",
      description = "Use the webhook of the installation. Only administrators can do this.")
  private boolean installation;

  @Option(
      names = "--event",
      paramLabel = "EVENT",
      description =
          "An event to report, such as key.rejected; may be repeated. Default: all events.")
  private List<String> events = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "plain (unless given), slack or teams.")
  private Optional<String> format = Optional.empty();

  @Option(names = "--json", description = "Print JSON in the form of the API.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      hidden = true,
      description = "Changes nothing. It is accepted, because scripts may contain it.")
  @SuppressWarnings("UnusedVariable") // picocli sets it
  private boolean quiet;

  public WebhookCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    if (group.isPresent() && installation) {
      throw wrongUsage("give --group or --installation, not both");
    }
    if ((verb == Verb.set) != url.isPresent()) {
      throw wrongUsage("only `set` takes a URL, and requires it");
    }
    String path = path(session);
    try {
      return run(session, path);
    } catch (ApiRefusal e) {
      if (verb != Verb.set && e.code().equals("not_found")) {
        throw e.fault("If there is no webhook yet, claviger webhook set URL makes one.");
      }
      throw e;
    }
  }

  private int run(ApiSession session, String path) {
    switch (verb) {
      case show -> print(session.api().get(path));
      case set -> print(set(session.api(), path));
      case test -> {
        Optional<JsonNode> answer =
            session.api().call("POST", path + "/test", JsonTrees.object(), Map.of());
        tell(answer, "A test message is on its way; claviger webhook shows how it went.");
      }
      case remove -> {
        Optional<JsonNode> answer = session.api().call("DELETE", path, null, Map.of());
        tell(
            answer,
            "The webhook is removed, together with the messages that had not been sent yet.");
      }
    }
    return DONE;
  }

  /** Says what was done, or prints the API's answer if JSON is wanted. */
  private void tell(Optional<JsonNode> answer, String sentence) {
    if (json) {
      answer.map(JsonTrees::pretty).ifPresent(out()::println);
    } else {
      out().println(sentence);
    }
  }

  private String path(ApiSession session) {
    if (installation) {
      return "/v1/webhook";
    }
    return group
        .map(
            name ->
                Api.path(
                    "v1", "groups", name.startsWith("@") ? name.substring(1) : name, "webhook"))
        .orElseGet(
            () ->
                Api.path(
                    "v1",
                    "users",
                    session.api().get("/v1/me").path("handle").asString(),
                    "webhook"));
  }

  /**
   * Sets the webhook. The thresholds of budgets are kept, because this command has no option for
   * them.
   */
  private JsonNode set(Api api, String path) {
    Optional<JsonNode> former = api.find(path);
    ObjectNode body = wanted();
    former
        .map(webhook -> webhook.path("thresholds"))
        .filter(JsonNode::isArray)
        .ifPresent(kept -> body.set("thresholds", kept));
    Map<String, String> onlyIf =
        former.map(webhook -> Map.of("If-Match", Api.tag(webhook))).orElse(Map.of());
    return api.call("PUT", path, body, onlyIf).orElseThrow();
  }

  private ObjectNode wanted() {
    ObjectNode body = JsonTrees.object();
    body.put("url", url.orElseThrow());
    events.forEach(body.putArray("events")::add);
    body.put("format", format.orElse("plain"));
    return body;
  }

  private void print(JsonNode webhook) {
    if (json) {
      out().println(JsonTrees.pretty(webhook));
      return;
    }
    out().printf("posted to  %s%n", TerminalText.line(webhook.path("url").asString()));
    out().printf("format     %s%n", TerminalText.line(webhook.path("format").asString()));
    out().printf("events     %s%n", events(webhook.path("events")));
    JsonNode deliveries = webhook.path("deliveries");
    out().printf("waiting    %d%n", deliveries.path("waiting").asInt());
    JsonTrees.optional(deliveries, "failure")
        .ifPresent(why -> out().printf("failed     %s%n", TerminalText.line(why)));
    JsonTrees.optional(webhook, "secret")
        .ifPresent(secret -> out().printf("secret     %s%n", TerminalText.line(secret)));
  }

  private static String events(JsonNode named) {
    if (named.isEmpty()) {
      return "all";
    }
    return String.join(
        ", ", named.valueStream().map(each -> TerminalText.line(each.asString())).toList());
  }
}
