package io.claviger.client.instances;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.ServiceArgument;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.instances.CredentialCommands.AccountOptions;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

public final class ChangeCommands {
  private ChangeCommands() {}

  /** A command that has a service's reference as its first argument. */
  abstract static class OfService extends ClientCommand {
    @Mixin protected ServiceArgument ref = new ServiceArgument();

    OfService(ProgramContext context) {
      super(context);
    }

    /**
     * Prints what each call sends to the provider besides the key or token: the callers' headers
     * and parameters that the API standard lists, and the custom headers. A user who deposits a key
     * must know both these additions and the endpoint.
     *
     * @param headersStay whether the service keeps its custom headers when the command has run
     */
    protected final void printCompanions(JsonNode service, boolean headersStay) {
      out()
          .printf(
              "Its API standard %s decides which headers and parameters of callers"
                  + " the provider gets.%n",
              TerminalText.line(JsonTrees.text(service, "api_standard")));
      String headers = headerNames(service);
      if (!headers.isEmpty() && headersStay) {
        out().printf("The provider also gets its custom headers: %s%n", headers);
      }
    }

    /** Merges a change into the service, and prints a sentence about the change. */
    protected final int patch(ApiSession session, JsonNode change, String said) {
      JsonNode unused = session.api().patch(ref.path(session), change);
      out().println(said.formatted(ref.full(session)));
      return DONE;
    }
  }

  /**
   * Returns the names of a service's custom headers as a line for people; empty if there are none.
   */
  static String headerNames(JsonNode service) {
    return TerminalText.line(
        service
            .path("custom_header_names")
            .valueStream()
            .map(JsonNode::asString)
            .collect(Collectors.joining(", ")));
  }

  @Command(name = "enable", description = "Enable a service, so that it accepts calls.")
  public static final class Enable extends OfService {
    public Enable(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      return patch(session, JsonTrees.object().put("enabled", true), "%s is enabled.");
    }
  }

  @Command(
      name = "disable",
      description = "Disable a service, so that all further calls are refused.")
  public static final class Disable extends OfService {
    public Disable(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      return patch(session, JsonTrees.object().put("enabled", false), "%s is disabled.");
    }
  }

  /** Stores another key. */
  @Command(name = "replace-key", description = "Replace the key that a service stores.")
  public static final class ReplaceKey extends OfService {
    @Mixin private KeyOptions key = new KeyOptions();
    @Mixin private DraftCheck check = new DraftCheck();

    @Mixin private AccountOptions account = new AccountOptions();

    @Option(
        names = "--clear-headers",
        description =
            "Remove the service's custom headers. Otherwise they are sent along with the key.")
    private boolean clearHeaders;

    public ReplaceKey(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      Optional<Boolean> same = account.same(this::wrongUsage);
      String path = ref.path(session);
      JsonNode service = session.api().get(path);
      String kind = JsonTrees.optional(service.path("credential"), "kind").orElse("api_key");
      if (!kind.equals("api_key") && !kind.equals("none")) {
        throw ClientFault.of(
            ("%s does not authenticate to its provider with a key, but with"
                    + " another credential (%s), which a key would replace")
                .formatted(ref.full(session), TerminalText.line(kind)),
            "To change it: claviger credential " + ref.full(session));
      }
      String endpoint = JsonTrees.text(service, "endpoint");
      printCompanions(service, !clearHeaders);
      String other =
          key.key(context.terminal(), session.destinations(), ref.full(session), endpoint, false);
      Optional<JsonNode> checked = check.ofKey(session, service, other);
      ObjectNode change = JsonTrees.object().put("api_key", other).put("endpoint", endpoint);
      if (clearHeaders) {
        change.putNull("custom_headers");
      }
      same.ifPresent(answer -> change.put("same_account", answer));
      JsonNode unused = session.api().patch(path, change, service);
      out().printf("%s has a new key, from the next call on.%n", ref.full(session));
      if (checked.isEmpty()) {
        out()
            .printf("The key was not checked. To check it: claviger check %s%n", ref.full(session));
      }
      return DONE;
    }
  }
}
