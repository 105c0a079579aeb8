package io.claviger.client.run;

import io.claviger.client.accounts.NarrowTokens;
import io.claviger.client.command.BudgetOption;
import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.LifetimeConverter;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.TimeText;
import io.claviger.client.run.CallRouteFinder.CallRoute;
import io.claviger.client.session.ApiSession;
import io.claviger.client.settings.SavedSignIn.KeptToken;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.ProgramInvocation;
import io.claviger.client.text.TerminalText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "run",
    description = {
      "Run a program with the environment variables that its SDK reads: a base URL,"
          + " and an access token that is valid until the program ends.",
      "Environment variables with providers' keys and addresses are not passed on."
          + " The exit code is that of the program."
    })
public final class RunCommand extends ClientCommand {
  private static final int NO_SUCH_PROGRAM = 127;

  @Option(
      names = "--service",
      completionCandidates = CompletedNames.Services.class,
      paramLabel = "REF",
      description = "The service to call.")
  private Optional<String> service = Optional.empty();

  @Option(
      names = "--model",
      completionCandidates = CompletedNames.Models.class,
      paramLabel = "NAME",
      description =
          "The model to call. Without --service, its name decides which service is called.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "The API format that the program uses, if its models' names decide which"
              + " service is called:"
              + " openai, anthropic, gemini, cohere, bedrock or vertex.")
  private Optional<String> format = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = LifetimeConverter.class,
      description = "The longest time for which the access token is valid, such as 8h.")
  private Optional<Duration> lifetime = Optional.empty();

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      converter = BudgetOption.Converter.class,
      description = "A budget for the program, such as 3usd.")
  private Optional<BudgetOption> budget = Optional.empty();

  @Option(
      names = "--keep-env",
      paramLabel = "NAME",
      split = ",",
      description =
          "An environment variable that is passed on although it looks like a provider's.")
  private Set<String> kept = new HashSet<>();

  @Parameters(
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The program and its arguments, after --.")
  private List<String> command = List.of();

  public RunCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected int run(ApiSession session) {
    CallRoute route = route(new CallRouteFinder(session));
    NarrowTokens tokens = new NarrowTokens(session, context.clock());
    KeptToken token =
        tokens.make(
            new NarrowTokens.TokenRequest(
                "claviger run " + Path.of(command.get(0)).getFileName(),
                route.service(),
                budget,
                lifetime));
    try {
      int exitCode = ended(route, token.text());
      route.service().ifPresent(ref -> tellOfRefusal(session, ref));
      return exitCode;
    } finally {
      end(tokens, token);
    }
  }

  private CallRoute route(CallRouteFinder finder) {
    if (service.isPresent()) {
      if (format.isPresent()) {
        throw wrongUsage("a service has a format of its own: leave --format out");
      }
      return finder.toService(service.get(), model);
    }
    if (format.isPresent()) {
      return finder.byModels(
          SdkFormat.of(format.get())
              .orElseThrow(
                  () ->
                      wrongUsage(
                          "formats are openai, anthropic, gemini, cohere, bedrock and vertex")),
          model);
    }
    return model.map(finder::toModel).orElseGet(finder::toDefault);
  }

  /** Runs the program and waits for its end. Returns the exit code of the program. */
  private int ended(CallRoute route, String token) {
    ProcessBuilder program = new ProcessBuilder(command).inheritIO();
    Map<String, String> environment = program.environment();
    ProgramInvocation.giveVariables(environment, context.environment());
    tell(ProviderVariables.removeFrom(environment, kept));
    tellOfSettings();
    environment.putAll(route.variables(token));
    route.format().addDemanded(environment);
    Signals signals = Signals.take(context.terminal().isInput());
    try {
      Process process = program.start();
      signals.passOnTo(process);
      return process.onExit().join().exitValue();
    } catch (IOException e) {
      err().println("claviger: the program can't be started: is it installed, and on the PATH?");
      err().flush();
      return NO_SUCH_PROGRAM;
    } finally {
      // From here on, a signal ends this process, because the user might want to end the requests
      // that this command still makes.
      signals.release();
    }
  }

  /**
   * Prints a warning if the program ignores the variables with the route. A program that ignores
   * these variables would call its usual provider, with the user's own sign-in.
   */
  private void tellOfSettings() {
    String program = String.valueOf(Path.of(command.get(0)).getFileName());
    if (!ProviderVariables.areReadBy(program)) {
      printError(
          "%s reads no address from its environment, and calls the provider in its settings. Set it"
                  .formatted(program)
              + " up with: claviger connect codex");
    }
  }

  /**
   * Prints the names of removed variables that the program might need. Variables that certainly
   * belong to providers are not printed.
   */
  private void tell(SortedSet<String> suspected) {
    if (!suspected.isEmpty()) {
      err()
          .println(
              TerminalText.line(
                  ("claviger: not passed on, since they look like a provider's: %s"
                          + " (--keep-env NAME passes one on)")
                      .formatted(String.join(", ", suspected))));
      err().flush();
    }
  }

  /**
   * Prints why further calls would be refused, and where the user can request the missing terms.
   * The command prints the place because few programs show the link that a refusal contains.
   */
  private void tellOfRefusal(ApiSession session, String ref) {
    try {
      JsonNode resolution =
          session
              .api()
              .get(Api.query(session.servicePath(ref, "key-resolution"), Map.of("model", model)));
      JsonTrees.optional(resolution, "reason")
          .filter(code -> !code.equals("rate_limited"))
          .ifPresent(
              code ->
                  printError(
                      "calls of %1$s are refused: %2$s. claviger why %1$s says more."
                          .formatted(session.ref(ref), code)));
      JsonTrees.optional(resolution, "request_url")
          .ifPresent(url -> printError("ask the owner for it: " + url));
    } catch (ClientFault | ApiRefusal e) {
      // The program has already ended with its own result. If the server can't tell why calls were
      // refused, that result does not change.
    }
  }

  private void printError(String sentence) {
    err().println(TerminalText.line("claviger: " + sentence));
    err().flush();
  }

  private void end(NarrowTokens tokens, KeptToken token) {
    try {
      if (!tokens.end(token.text())) {
        err()
            .println(
                "claviger: the access token had ended before the program did; use a longer --for,"
                    + " or sign in again");
      }
    } catch (ClientFault | ApiRefusal e) {
      err()
          .printf(
              "claviger: the server did not end the access token of this run, which stays valid"
                  + " until %s%n",
              TimeText.words(token.expiresAt()));
    }
    err().flush();
  }
}
