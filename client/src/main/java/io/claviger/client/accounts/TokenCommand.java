package io.claviger.client.accounts;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.LifetimeConverter;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.listings.TokenListCommand;
import io.claviger.client.session.ApiSession;
import io.claviger.client.settings.SavedSignIn.KeptToken;
import io.claviger.client.terminal.ProgramContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "token",
    description = {
      "Print an access token for another program, and nothing else.",
      "The token can use what you can use, but can't change anything. Without --for, the last"
          + " token is printed again while it is valid."
    })
public final class TokenCommand extends ClientCommand {
  @Option(
      names = "--service",
      completionCandidates = CompletedNames.Services.class,
      paramLabel = "REF",
      description = "Make the token valid only for this service.")
  private Optional<String> service = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = LifetimeConverter.class,
      description = "Print a new token that is valid for this time, such as 8h.")
  private Optional<Duration> lifetime = Optional.empty();

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      converter = BudgetOption.Converter.class,
      description = "A budget for the token, such as 3usd or 3usd/day.")
  private Optional<BudgetOption> budget = Optional.empty();

  @Option(
      names = "--network",
      split = ",",
      paramLabel = "NETWORK",
      description = "Accept the token only from this network, such as 10.0.0.0/8; may be repeated.")
  private List<String> networks = new ArrayList<>();

  private TokenCommand(ProgramContext context) {
    super(context);
  }

  /** Returns the command line of this command, which has a subcommand that lists tokens. */
  public static CommandLine line(ProgramContext context) {
    return new CommandLine(new TokenCommand(context)).addSubcommand(new TokenListCommand(context));
  }

  @Override
  protected int run(ApiSession session) {
    Optional<String> ref = service.map(session::ref);
    NarrowTokens.TokenRequest request =
        new NarrowTokens.TokenRequest(
            "claviger token" + ref.map(" for "::concat).orElse(""),
            ref,
            budget,
            lifetime,
            networks);
    NarrowTokens tokens = new NarrowTokens(session, context.clock());
    if (lifetime.isPresent()) {
      out().println(tokens.make(request).text());
      return DONE;
    }
    KeptToken token = tokens.reuseOrMake(request);
    out().println(token.text());
    out().flush();
    try {
      tokens.keep(request, token);
    } catch (ClientFault e) {
      // The token is valid, although it could not be stored on this machine. The next run of this
      // command creates another token.
      e.lines().forEach(err()::println);
      err().flush();
    }
    return DONE;
  }
}
