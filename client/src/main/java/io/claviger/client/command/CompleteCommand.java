package io.claviger.client.command;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.client.terminal.ProgramContext;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/**
 * Prints names, one per line, for a shell that completes an argument. Prints nothing if the user is
 * not signed in or the server does not answer. The command ends after at most {@value #MILLIS}
 * milliseconds. The command never refreshes a sign-in, because the sign-in would end if the process
 * ended during the refresh.
 */
@Command(
    name = "complete",
    hidden = true,
    description = "Print names for shells that complete an argument.")
public final class CompleteCommand implements Callable<Integer> {
  private static final long MILLIS = 1_500;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** The maximum number of printed names for one completion. Nobody reads longer lists of names. */
  private static final int MOST = 1_000;

  /**
   * The form of names that are printed. Texts of other forms from a server are not printed, because
   * a shell could interpret them.
   */
  private static final Pattern NAME = Pattern.compile("@?[\\p{Alnum}_][\\p{Alnum}_./:-]{0,299}");

  private final ProgramContext context;
  private final Set<String> names = Collections.synchronizedSet(new LinkedHashSet<>());

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description =
          "services, models, definitions, groups, people, holders (people and groups) or projects.")
  private String kind = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "WORD",
      description = "The beginning of the names.")
  private String word = "";

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  public CompleteCommand(ProgramContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Thread finding = Thread.ofPlatform().daemon().start(this::find);
    try {
      // A slow resolver, or a server that sends its answer slowly, must not block the shell.
      boolean unused = finding.join(Duration.ofMillis(MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    PrintWriter out = spec.commandLine().getOut();
    List.copyOf(names).forEach(out::println);
    out.flush();
    return 0;
  }

  private void find() {
    try {
      SavedSignIns signIns = SavedSignIns.of(context);
      signIns
          .current()
          .flatMap(signIns::find)
          .filter(signIn -> signIn.lastsUntil(context.clock().instant()))
          .ifPresent(this::find);
    } catch (ApiRefusal | ClientFault unusedFault) {
      // Nothing is printed, because a user who completes an argument does not expect an
      // explanation.
    }
  }

  private void find(SavedSignIn signIn) {
    Api.AccessTokens token = new Api.Fixed(Optional.of(signIn.accessToken()));
    try (Api api = Api.hurried(signIn.server(), token, PATIENCE)) {
      String user = signIn.user();
      switch (kind) {
        case "services" -> services(api, user);
        case "models" -> add(api, "/v1/models", "model", "");
        case "definitions" -> add(api, "/v1/llm-definitions", "ref", "");
        case "groups" -> groups(api);
        case "people" -> people(api, user);
        case "holders" -> {
          groups(api);
          people(api, user);
        }
        case "projects" -> add(api, Api.path("v1", "projects", user), "ref", "");
        default -> {
          // The completion script of a newer version might ask for a kind of names that this
          // version does not know.
        }
      }
    }
  }

  /**
   * Adds the names of services. The names of the user's own services are added twice: with and
   * without the owner.
   */
  private void services(Api api, String user) {
    add(api, searched(Api.path("v1", "llm-services", user), afterSlash()), "ref", "");
    if (!word.isEmpty() && !word.contains("/")) {
      add(api, Api.query(Api.path("v1", "llm-services", user), own(user)), "handle", "");
    }
  }

  private Map<String, Optional<String>> own(String user) {
    return Map.of("owner", Optional.of(user), "q", Optional.of(word));
  }

  private void groups(Api api) {
    add(api, searched("/v1/groups", word.replaceFirst("^@", "")), "handle", "@");
  }

  /**
   * Adds the names of people. Administrators get the names of all people. Other users get the names
   * of people who have used their services.
   */
  private void people(Api api, String user) {
    if (word.startsWith("@")) {
      return;
    }
    try {
      add(api, searched("/v1/users", word), "handle", "");
    } catch (ApiRefusal unusedRefusal) {
      add(user);
      add(api, "/v1/usage?by=user", "user", "");
    }
  }

  private String afterSlash() {
    return word.substring(word.lastIndexOf('/') + 1);
  }

  private static String searched(String path, String text) {
    return Api.query(path, Map.of("q", Optional.of(text).filter(any -> !any.isEmpty())));
  }

  private void add(Api api, String path, String field, String before) {
    for (List<JsonNode> page : api.pages(path)) {
      page.stream()
          .flatMap(item -> JsonTrees.optional(item, field).stream())
          .forEach(name -> add(before + name));
      if (names.size() >= MOST) {
        return;
      }
    }
  }

  private void add(String name) {
    if (name.startsWith(word) && names.size() < MOST && NAME.matcher(name).matches()) {
      boolean unused = names.add(name);
    }
  }
}
