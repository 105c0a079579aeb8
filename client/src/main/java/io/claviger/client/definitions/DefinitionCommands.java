package io.claviger.client.definitions;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.ClientCommandGroup;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.Confirmation;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Commands for one definition. Services are registered from definitions. */
@Command(
    name = "definition",
    description = "Show, make, change, share and delete the definition of a service.")
public final class DefinitionCommands extends ClientCommandGroup {
  private static final int PRECONDITION_FAILED = 412;

  private DefinitionCommands() {}

  /** Returns the command line of this command, with its subcommands. */
  public static CommandLine line(ProgramContext context) {
    return new CommandLine(new DefinitionCommands())
        .addSubcommand(new Show(context))
        .addSubcommand(new Create(context))
        .addSubcommand(new Change(context))
        .addSubcommand(new Share(context))
        .addSubcommand(new Unshare(context))
        .addSubcommand(new Delete(context));
  }

  abstract static class OfDefinition extends ClientCommand {
    @Parameters(
        paramLabel = "DEFINITION",
        completionCandidates = CompletedNames.Definitions.class,
        description = "OWNER/HANDLE, or HANDLE for one of your own.")
    protected String ref;

    @SuppressWarnings("NullAway.Init") // picocli sets the reference
    OfDefinition(ProgramContext context) {
      super(context);
    }

    protected final String path(ApiSession session, String... more) {
      String[] parts = session.ref(ref.strip()).split("/", -1);
      if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
        throw ClientFault.of("a definition is written OWNER/HANDLE, or HANDLE for one of your own");
      }
      return Api.path("v1", "llm-definitions", parts[0], parts[1]) + Api.path(more);
    }

    protected final String named(ApiSession session) {
      return TerminalText.line(session.ref(ref.strip()));
    }
  }

  @Command(name = "show", description = "Show a definition, and with whom it is shared.")
  static final class Show extends OfDefinition {
    @Mixin private OutputOptions output = new OutputOptions();

    Show(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      JsonNode definition = session.api().get(path(session));
      if (output.json()) {
        out().println(JsonTrees.pretty(withShares(session, definition)));
        return DONE;
      }
      if (output.quiet()) {
        out().println(TerminalText.line(JsonTrees.text(definition, "ref")));
        return DONE;
      }
      print("definition", JsonTrees.optional(definition, "ref"));
      print("description", JsonTrees.optional(definition, "description"));
      print("provider", JsonTrees.optional(definition, "provider"));
      print("standard", JsonTrees.optional(definition, "api_standard"));
      print("endpoint", JsonTrees.optional(definition, "endpoint"));
      print("model", JsonTrees.optional(definition, "model"));
      print("dimensions", JsonTrees.optional(definition, "dimensions"));
      print("context", JsonTrees.optional(definition, "context_limit"));
      print("seen by", seenBy(session, definition));
      return DONE;
    }

    /**
     * Adds the shares of the user's own definition, which the definition itself does not contain.
     */
    private JsonNode withShares(ApiSession session, JsonNode definition) {
      if (isOwn(session, definition) && definition instanceof ObjectNode own) {
        ArrayNode shares = own.putArray("shares");
        session.api().all(path(session, "shares")).forEach(shares::add);
      }
      return definition;
    }

    private static boolean isOwn(ApiSession session, JsonNode definition) {
      return JsonTrees.text(definition, "owner").equals(session.user());
    }

    private Optional<String> seenBy(ApiSession session, JsonNode definition) {
      if (definition.path("public").asBoolean()) {
        return Optional.of("everybody");
      }
      if (!isOwn(session, definition)) {
        return Optional.empty();
      }
      StringBuilder names = new StringBuilder("you");
      for (JsonNode share : session.api().all(path(session, "shares"))) {
        names.append(", ").append(JsonTrees.text(share, "grantee"));
      }
      return Optional.of(names.toString());
    }

    private void print(String label, Optional<String> value) {
      value
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> out().printf("%-12s %s%n", label, TerminalText.line(text)));
    }
  }

  /** The fields of a definition as command-line options. */
  static final class Fields {
    @Option(
        names = "--provider",
        paramLabel = "PROVIDER",
        description = "The provider. `claviger providers` lists all providers.")
    private Optional<String> provider = Optional.empty();

    @Option(names = "--standard", paramLabel = "NAME", description = "The provider's API standard.")
    private Optional<String> standard = Optional.empty();

    @Option(names = "--endpoint", paramLabel = "URL", description = "The base URL.")
    private Optional<String> endpoint = Optional.empty();

    @Option(names = "--model", paramLabel = "MODEL", description = "The model.")
    private Optional<String> model = Optional.empty();

    @Option(
        names = "--dimensions",
        paramLabel = "NUMBER",
        description = "The number of dimensions of an embedding; 0 if none is stated.")
    private Optional<Integer> dimensions = Optional.empty();

    @Option(
        names = "--context-limit",
        paramLabel = "TOKENS",
        description = "The number of tokens that the model can read; 0 if unknown.")
    private Optional<Integer> contextLimit = Optional.empty();

    @Option(names = "--description", paramLabel = "TEXT", description = "A description.")
    private Optional<String> description = Optional.empty();

    @Option(
        names = "--public",
        negatable = true,
        description = "Whether everybody sees the definition (--public, --no-public).")
    private Optional<Boolean> everybodys = Optional.empty();

    private ObjectNode body() {
      ObjectNode body = JsonTrees.object();
      provider.ifPresent(text -> body.put("provider", text));
      standard.ifPresent(text -> body.put("api_standard", text));
      endpoint.ifPresent(text -> body.put("endpoint", text));
      model.ifPresent(text -> body.put("model", text));
      dimensions.ifPresent(number -> putNumber(body, "dimensions", number));
      contextLimit.ifPresent(number -> putNumber(body, "context_limit", number));
      description.ifPresent(text -> body.put("description", text));
      everybodys.ifPresent(is -> body.put("public", is));
      return body;
    }

    private static void putNumber(ObjectNode body, String name, int number) {
      if (number == 0) {
        body.putNull(name);
      } else {
        body.put(name, number);
      }
    }
  }

  @Command(name = "create", description = "Make a definition of your own.")
  static final class Create extends OfDefinition {
    @Mixin private Fields fields = new Fields();

    Create(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      if (fields.model.isEmpty() || (fields.provider.isEmpty() && fields.standard.isEmpty())) {
        throw wrongUsage("give --model, and --provider or --standard");
      }
      try {
        JsonNode unused = session.api().create(path(session), fields.body());
      } catch (ApiRefusal e) {
        if (e.status() == PRECONDITION_FAILED) {
          throw ClientFault.of(
              "there is a definition %s already, and it is left as it is".formatted(named(session)),
              "To change it: claviger definition change " + named(session));
        }
        throw e;
      }
      out().printf("%1$s is made. To use it: claviger register NAME --from %1$s%n", named(session));
      return DONE;
    }
  }

  @Command(
      name = "change",
      description = "Change a definition. Services that were made from it stay as they are.")
  static final class Change extends OfDefinition {
    @Mixin private Fields fields = new Fields();

    Change(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      ObjectNode change = fields.body();
      if (change.isEmpty()) {
        throw wrongUsage("say what to change, such as --model MODEL");
      }
      JsonNode unused = session.api().patch(path(session), change);
      out()
          .printf(
              "%s is changed. Services that were made from it stay as they are.%n", named(session));
      return DONE;
    }
  }

  @Command(
      name = "share",
      description = "Let somebody see a definition and register services with it.")
  static final class Share extends OfDefinition {
    @Option(
        names = "--with",
        completionCandidates = CompletedNames.Groups.class,
        required = true,
        paramLabel = "NAME",
        description = "A user, or a group with an @ before its name.")
    private String grantee;

    @SuppressWarnings("NullAway.Init") // picocli sets the option
    Share(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      Optional<JsonNode> unused =
          session
              .api()
              .call(
                  "PUT",
                  path(session, "shares", grantee),
                  JsonTrees.object().put("role", "reader"),
                  Map.of());
      out().printf("%s may see %s.%n", TerminalText.line(grantee), named(session));
      return DONE;
    }
  }

  @Command(name = "unshare", description = "End a share of a definition.")
  static final class Unshare extends OfDefinition {
    @Option(
        names = "--from",
        completionCandidates = CompletedNames.Groups.class,
        required = true,
        paramLabel = "NAME",
        description = "A user, or a group with an @ before its name.")
    private String grantee;

    @SuppressWarnings("NullAway.Init") // picocli sets the option
    Unshare(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      session.api().delete(path(session, "shares", grantee));
      out()
          .printf(
              "%s has no share of %s. Services that were made from it stay as they are.%n",
              TerminalText.line(grantee), named(session));
      return DONE;
    }
  }

  @Command(
      name = "delete",
      description = "Delete a definition. Services that were made from it stay as they are.")
  static final class Delete extends OfDefinition {
    @Option(
        names = {"-y", "--yes"},
        description = "Do not ask for confirmation.")
    private boolean sure;

    Delete(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      String path = path(session);
      Confirmation.of(context.terminal(), sure)
          .require("Delete the definition %s with its shares?".formatted(named(session)));
      session.api().delete(path);
      out()
          .printf(
              "%s is deleted. Services that were made from it stay as they are.%n", named(session));
      return DONE;
    }
  }
}
