package io.claviger.client.instances;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "why",
    description =
        "Explain why a call of a service is allowed or refused. The exit code is 1 if the"
            + " call is refused.")
public final class WhyCommand extends ClientCommand {
  @Mixin private ServiceArgument ref = new ServiceArgument();

  @Option(
      names = "--as",
      completionCandidates = CompletedNames.People.class,
      paramLabel = "USER",
      description = "Explain the decision about a call that this user makes.")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--model",
      completionCandidates = CompletedNames.Models.class,
      paramLabel = "NAME",
      description = "Explain the decision about a call with this model.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--operation",
      paramLabel = "OPERATION",
      description =
          "Explain the decision about a call of this operation, such as 'POST chat/completions'.")
  private Optional<String> operation = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  public WhyCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("user", user);
    query.put("model", model);
    query.put("operation", operation);
    JsonNode resolution = session.api().get(Api.query(ref.path(session, "key-resolution"), query));
    Optional<String> reason = JsonTrees.optional(resolution, "reason").map(TerminalText::line);
    if (output.json()) {
      out().println(JsonTrees.pretty(resolution));
    } else if (output.quiet()) {
      out().println(reason.orElse("passes"));
    } else {
      for (JsonNode step : resolution.path("steps")) {
        out().printf("%-15s %s%n", TerminalText.line(JsonTrees.text(step, "rule")), why(step));
      }
      out().println();
      out().println(verdict(resolution, reason));
      if (reason.isPresent()) {
        out()
            .println(
                "The same question in the console: "
                    + TerminalText.line(pageAbout(session, query)));
      }
      JsonTrees.optional(resolution, "request_url")
          .ifPresent(url -> out().println("Ask the owner for it: " + TerminalText.line(url)));
    }
    return reason.isEmpty() ? DONE : FAILED;
  }

  /** Returns the address of the page of the console that answers the same question. */
  private String pageAbout(ApiSession session, Map<String, Optional<String>> query) {
    Map<String, Optional<String>> asked = new LinkedHashMap<>();
    asked.put("service", Optional.of(ref.full(session)));
    asked.putAll(query);
    return session.signIn().server() + Api.query("/console/why", asked);
  }

  private static String why(JsonNode step) {
    return TerminalText.line(JsonTrees.text(step, "why"));
  }

  private String verdict(JsonNode resolution, Optional<String> reason) {
    String who = user.map(name -> "A call of %s".formatted(name)).orElse("Your call");
    return reason
        .map(code -> "%s is refused: %s.".formatted(who, code))
        .orElseGet(
            () ->
                JsonTrees.optional(resolution, "source")
                    .map(TerminalText::line)
                    .map(source -> "%s passes, with the key: %s.".formatted(who, source))
                    .orElse("%s passes.".formatted(who)));
  }
}
