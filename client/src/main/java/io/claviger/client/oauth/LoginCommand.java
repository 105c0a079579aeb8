package io.claviger.client.oauth;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.http.ServerUrl;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.SecretInput;
import io.claviger.client.text.TerminalText;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(name = "login", description = "Sign in to a server, in the browser.")
public final class LoginCommand implements Callable<Integer> {
  private final ProgramContext context;

  @Parameters(paramLabel = "URL", description = "The address of the API.")
  private String url;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "The name by which this machine's commands refer to the server. Default: its host.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--manage",
      description =
          "Allow this sign-in to change things, too. Every program that you run can"
              + " then change things in your name.")
  private boolean manage;

  @Option(
      names = "--token-stdin",
      description = "If there is no browser, read an access token from standard input instead.")
  private boolean tokenFromInput;

  @Option(
      names = "--plain-http",
      description = "Allow http:// over a network, where others might read the access token.")
  private boolean plainHttp;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the URL and the spec
  public LoginCommand(ProgramContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    URI server = ServerUrl.of(url, plainHttp);
    String called = name.orElseGet(() -> nameOf(server));
    if (!SavedSignIns.isName(called)) {
      throw ClientFault.of(
          "a server's name has 1 to 64 characters of a-z, 0-9, `.`, `_` and `-`",
          "Give it one: --name work");
    }
    SavedSignIns signIns = SavedSignIns.of(context);
    signIns.assertWritable();
    try (Api open = new Api(server, new Api.Fixed(Optional.empty()))) {
      greet(open);
      SavedSignIn signIn = tokenFromInput ? withToken(server) : byDevice(open);
      Optional<SavedSignIn> former = replaced(signIns, called);
      signIns.add(called, signIn);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("You are signed in to %s as %s, %s.%n", server, signIn.user(), scope(signIn));
      out.printf("Here it is called %s.%n", called);
      out.flush();
      former.ifPresent(this::tellOfFormer);
      return 0;
    } catch (ApiRefusal e) {
      throw e.fault();
    }
  }

  /** Returns the sign-in that is about to be replaced, if it was a sign-in in the browser. */
  private static Optional<SavedSignIn> replaced(SavedSignIns signIns, String name) {
    try {
      return signIns.find(name).filter(SavedSignIn::isRefreshable);
    } catch (ClientFault e) {
      return Optional.empty(); // The file is damaged. Signing in again replaces it.
    }
  }

  /**
   * Says that the former sign-in lasts. The former sign-in is not ended, because that would also
   * end the access tokens of programs that are running.
   */
  private void tellOfFormer(SavedSignIn former) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "claviger: the former sign-in as %s, %s, is no longer kept here, but stays valid on %s"
            + " unless it has ended. Programs that use it go on. To end it, revoke it among your"
            + " tokens in the console.%n",
        former.user(), scope(former), former.server());
    err.flush();
  }

  static String scope(SavedSignIn signIn) {
    return signIn.scope().equals("manage") ? "to use and to manage" : "to use alone";
  }

  private static String nameOf(URI server) {
    String port = server.getPort() == -1 ? "" : "-" + server.getPort();
    return (server.getHost() + port).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "");
  }

  /**
   * Checks that Claviger answers. Warns the user if the server's version is incompatible with this
   * program's version.
   */
  private void greet(Api open) {
    JsonNode manifest = manifest(open);
    if (!JsonTrees.optional(manifest, "name").equals(Optional.of("claviger"))) {
      throw notTheApi(open);
    }
    String theirs = TerminalText.line(JsonTrees.text(manifest, "version"));
    if (!VersionCompatibility.areCompatible(theirs, context.version())) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "claviger: the server has version %s and this program %s; some commands may not work.%n",
          theirs, context.version());
      err.flush();
    }
  }

  private static JsonNode manifest(Api open) {
    try {
      return open.get("/v1");
    } catch (ApiRefusal e) {
      throw e.status() == 404 ? notTheApi(open) : e;
    }
  }

  private static ClientFault notTheApi(Api open) {
    return ClientFault.of(
        "%s is not the address of Claviger's API".formatted(open.server()),
        "Give the address without /v1. The API and the gateway have different ports: give the port of"
            + " the API.");
  }

  private SavedSignIn byDevice(Api open) {
    DeviceFlow device = new DeviceFlow(open, context.clock());
    DeviceFlow.Granted granted =
        device.signIn(manage ? "manage" : "use", spec.commandLine().getOut());
    JsonNode me = me(open.server(), granted.accessToken());
    return new SavedSignIn(
        open.server(),
        handle(me),
        granted.scope(),
        granted.accessToken(),
        Optional.of(granted.expiresAt()),
        Optional.of(granted.refreshToken()),
        Map.of());
  }

  private SavedSignIn withToken(URI server) {
    String token = new String(SecretInput.line(context.terminal(), "an access token"));
    if (!token.matches("[!-~]{8,512}")) {
      throw ClientFault.of("standard input does not hold an access token");
    }
    JsonNode me = me(server, token);
    return new SavedSignIn(
        server,
        handle(me),
        JsonTrees.text(me.path("token"), "scope"),
        token,
        JsonTrees.time(me.path("token"), "expires_at"),
        Optional.empty(),
        Map.of());
  }

  /**
   * Returns the user's handle without characters that could control a terminal. Such characters are
   * removed because other commands print the handle.
   */
  private static String handle(JsonNode me) {
    return TerminalText.line(JsonTrees.text(me, "handle"));
  }

  private static JsonNode me(URI server, String token) {
    try (Api api = new Api(server, new Api.Fixed(Optional.of(token)))) {
      return api.get("/v1/me");
    } catch (ApiRefusal e) {
      if (e.isOfUnknownToken()) {
        throw ClientFault.of("the server does not accept this access token");
      }
      throw e;
    }
  }

  /** Compares the version of this program with the version of a server. */
  private static final class VersionCompatibility {
    private static final Pattern BEGINNING = Pattern.compile("(\\d+)\\.(\\d+).*");

    private VersionCompatibility() {}

    /**
     * Whether a program and a server with these versions are compatible. The versions are
     * compatible if their first numbers are equal. Before version 1.0, the second numbers must be
     * equal too.
     */
    static boolean areCompatible(String one, String other) {
      Matcher first = BEGINNING.matcher(one);
      Matcher second = BEGINNING.matcher(other);
      if (!first.matches() || !second.matches()) {
        return true;
      }
      boolean sameMinor = first.group(2).equals(second.group(2));
      return first.group(1).equals(second.group(1)) && (!first.group(1).equals("0") || sameMinor);
    }
  }
}
