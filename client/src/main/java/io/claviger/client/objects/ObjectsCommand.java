package io.claviger.client.objects;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.ClientCommandGroup;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.Confirmation;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.listings.ObjectListCommand;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
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

@Command(
    name = "objects",
    description = "List, delete and share the objects that are stored at providers.")
public final class ObjectsCommand extends ClientCommandGroup {
  private ObjectsCommand() {}

  /** Returns the command line of this command, with its subcommands. */
  public static CommandLine line(ProgramContext context) {
    return new CommandLine(new ObjectsCommand())
        .addSubcommand(new ObjectListCommand(context))
        .addSubcommand(new DeleteObjectCommand(context))
        .addSubcommand(new ShareObjectCommand(context))
        .addSubcommand(new UnshareObjectCommand(context))
        .addSubcommand(new ReconcileCommand(context));
  }

  @Command(
      name = "delete",
      description =
          "Delete an object that is yours, or that was stored with the key of your service.")
  private static final class DeleteObjectCommand extends ClientCommand {
    @Parameters(
        index = "0..2",
        arity = "2..3",
        paramLabel = "[REF] KIND ID",
        hideParamSyntax = true,
        completionCandidates = CompletedNames.Services.class,
        description =
            "The service (OWNER/HANDLE, or HANDLE for one of your own), the kind of the object, such"
                + " as files, and the provider's id. If you can't see the service, leave REF out.")
    private List<String> object = List.of();

    @Option(
        names = {"-y", "--yes"},
        description = "Do not ask for confirmation.")
    private boolean sure;

    DeleteObjectCommand(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      boolean named = object.size() > 2;
      String kind = object.get(object.size() - 2);
      String id = object.getLast();
      String path =
          named
              ? session.servicePath(object.getFirst(), "objects", kind, bare(id))
              : Api.path("v1", "me", "objects", kind, bare(id));
      String words = named ? words(id, session.ref(object.getFirst())) : TerminalText.line(id);
      Confirmation.of(context.terminal(), sure)
          .require("Delete %s, so that nobody can use it any more?".formatted(words));
      session.api().delete(path);
      out().printf("Nobody can use %s any more.%n", words);
      return DONE;
    }
  }

  @Command(
      name = "share",
      description = "Let borrowers of your service refer to an object of the provider's account.")
  private static final class ShareObjectCommand extends ClientCommand {
    @Mixin private ObjectArguments object = new ObjectArguments();

    @Option(
        names = "--with",
        split = ",",
        completionCandidates = CompletedNames.Holders.class,
        paramLabel = "NAME",
        description = "Users, and groups with an @ before their names. Default: all borrowers.")
    private List<String> borrowers = List.of();

    @Option(names = "--read", description = "Borrowers may also read the object and its content.")
    private boolean readable;

    ShareObjectCommand(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      ObjectNode body = JsonTrees.object().put("access", readable ? "read" : "refer");
      if (!borrowers.isEmpty()) {
        ArrayNode names = body.putArray("borrowers");
        borrowers.forEach(names::add);
      }
      Optional<JsonNode> unused =
          session.api().call("PUT", object.path(session, "shared-objects"), body, Map.of());
      out()
          .printf(
              "%s may refer to %s%s.%n",
              borrowers.isEmpty() ? "All borrowers" : String.join(", ", borrowers),
              object.words(session),
              readable ? ", and read it" : "");
      return DONE;
    }
  }

  @Command(name = "unshare", description = "End the sharing of an object. The object itself stays.")
  private static final class UnshareObjectCommand extends ClientCommand {
    @Mixin private ObjectArguments object = new ObjectArguments();

    UnshareObjectCommand(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      session.api().delete(object.path(session, "shared-objects"));
      out().printf("Borrowers may no longer refer to %s.%n", object.words(session));
      return DONE;
    }
  }

  /** The arguments that identify an object stored with a service's key. */
  private static final class ObjectArguments {
    @Mixin private ServiceArgument ref = new ServiceArgument();

    @Parameters(
        index = "1",
        paramLabel = "KIND",
        description = "The kind of the object, such as files.")
    private String kind;

    @Parameters(index = "2", paramLabel = "ID", description = "The provider's id of the object.")
    private String id;

    @SuppressWarnings("NullAway.Init") // picocli sets the arguments
    ObjectArguments() {}

    String path(ApiSession session, String list) {
      return ref.path(session, list, kind, bare(id));
    }

    /** Returns words that name the object for people. */
    String words(ApiSession session) {
      return ObjectsCommand.words(id, ref.full(session));
    }
  }

  /** Removes the name of the collection with which Google's ids begin, as in {@code files/abc}. */
  private static String bare(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  private static String words(String id, String service) {
    return "%s of %s".formatted(TerminalText.line(id), TerminalText.line(service));
  }
}
