package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.ClientCommandGroup;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "scim-tokens",
    description =
        "Let an identity provider manage users and groups here by SCIM."
            + " Only administrators can do this.")
public final class ScimTokensCommand extends ClientCommandGroup {
  private static final String PATH = "/v1/scim-tokens";

  private ScimTokensCommand() {}

  /** Returns the command line of this command, with its subcommands. */
  public static CommandLine line(ProgramContext context) {
    return new CommandLine(new ScimTokensCommand())
        .addSubcommand(new ListTokens(context))
        .addSubcommand(new Create(context))
        .addSubcommand(new End(context));
  }

  /**
   * Returns whether the server accepts a token. Older servers do not state this, because they
   * accept all tokens.
   */
  private static String accepted(JsonNode token) {
    return token.path("accepted").asBoolean(true)
        ? "yes"
        : "no: people sign in with another issuer";
  }

  @Command(name = "list", description = "List SCIM tokens, without their texts.")
  static final class ListTokens extends ListingCommand.Fixed {
    ListTokens(ProgramContext context) {
      super(
          context,
          PATH,
          List.of(
              Column.of("ID", "id"),
              Column.of("NAME", "name"),
              Column.of("ISSUER", "issuer"),
              Column.of("ACCEPTED", ScimTokensCommand::accepted),
              Column.of("MADE", token -> TimeText.words(token, "created_at")),
              Column.of("LAST USED", token -> TimeText.words(token, "last_used_at"))));
    }
  }

  @Command(
      name = "create",
      description = {
        "Create a token, and print it and nothing else. The token is never shown again.",
        "After the first token, only people whom the identity provider created by SCIM can sign in."
      })
  static final class Create extends ClientCommand {
    @Parameters(paramLabel = "NAME", description = "The name of the token, such as Okta.")
    private String name;

    @Option(
        names = "--issuer",
        required = true,
        paramLabel = "URL",
        description = "The identity provider, stated as the issuer in people's sign-ins.")
    private String issuer;

    @SuppressWarnings("NullAway.Init") // picocli sets the arguments
    Create(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      ObjectNode wanted = JsonTrees.object();
      JsonNode unused = wanted.put("name", name).put("issuer", issuer);
      out().println(TerminalText.line(JsonTrees.text(session.api().post(PATH, wanted), "token")));
      return DONE;
    }
  }

  @Command(name = "end", description = "End a token immediately.")
  static final class End extends ClientCommand {
    @Parameters(paramLabel = "ID", description = "The id of the token, as list shows it.")
    private String id;

    @SuppressWarnings("NullAway.Init") // picocli sets the arguments
    End(ProgramContext context) {
      super(context);
    }

    @Override
    protected int run(ApiSession session) {
      session.api().delete(Api.path("v1", "scim-tokens", id));
      out().println("The token has ended.");
      return DONE;
    }
  }
}
