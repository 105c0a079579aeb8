package io.claviger.commands;

import io.claviger.bootstrap.cli.SignInLinkCommand;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.domain.accounts.Handle;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A node, and people who are signed in to it on machines of their own. */
final class SignedInMachines implements AutoCloseable {
  private static final String DEVICE = "/console/device";

  private static Optional<SignedInMachines> current = Optional.empty();

  final Journey journey = new Journey();
  final Node node = journey.startNode();
  private final boolean isShared;

  private SignedInMachines(boolean isShared) {
    this.isShared = isShared;
  }

  static SignedInMachines ofTheirOwnNode() {
    return new SignedInMachines(false);
  }

  /**
   * A node that classes with {@link SharedMachines} use one after another. When a class closes it,
   * the next class finds it as the first one did.
   */
  static synchronized SignedInMachines shared() {
    SignedInMachines machines = current.orElseGet(() -> new SignedInMachines(true));
    current = Optional.of(machines);
    return machines;
  }

  /**
   * Ends the shared node. The next test that uses it, for example after a failure, gets a new node.
   */
  static synchronized void endShared() {
    Optional<SignedInMachines> ending = current;
    current = Optional.empty();
    ending.ifPresent(machines -> machines.journey.close());
  }

  /** Signs in with a given token. */
  SavedSignIn withToken(Api user, String handle, String scope) {
    return new SavedSignIn(
        node.api(), handle, scope, user.token(), Optional.empty(), Optional.empty(), Map.of());
  }

  /** Registers a service at the provider, with a key of its own. */
  void register(Machine machine, String name) {
    machine
        .runReading(
            journey.key(name),
            "register",
            name,
            "--from",
            "_system/openai-small",
            "--endpoint",
            journey.endpoint(),
            "--anyway",
            "--key-stdin")
        .done();
  }

  /** A browser in which somebody has signed in. */
  FormBrowser browser(String handle) {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.put("CLAVIGER_PUBLIC_URL", node.api().toString());
    String link =
        SignInLinkCommand.make(Settings.from(environment), new Handle(handle))
            .lend(text -> URI.create(new String(text)).getPath());
    FormBrowser browser = FormBrowser.of(node.api());
    browser.submit(browser.open(link), link, Map.of()).isStatus(303);
    return browser;
  }

  /** Types the code of a device, and approves. */
  void approve(FormBrowser browser, String code) {
    TestResponse offered = browser.submit(browser.open(DEVICE), DEVICE, Map.of("code", code));
    browser.submit(offered, DEVICE + "/approve", Map.of()).isStatus(200);
  }

  /**
   * A device sign-in.
   *
   * @param life how long the access token is good, as far as the machine knows
   */
  SavedSignIn byDevice(String handle, Duration life) {
    FormBrowser device = FormBrowser.of(node.api());
    TestResponse asked =
        device.post("/oauth/device_authorization", Map.of("client_id", "claviger")).isStatus(200);
    approve(browser(handle), asked.text("/user_code"));
    TestResponse granted =
        device
            .post(
                "/oauth/token",
                Map.of(
                    "client_id",
                    "claviger",
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:device_code",
                    "device_code",
                    asked.text("/device_code")))
            .isStatus(200);
    return new SavedSignIn(
        node.api(),
        handle,
        "use",
        journey.token(granted.text("/access_token")),
        Optional.of(Instant.now().plus(life)),
        Optional.of(granted.text("/refresh_token")),
        Map.of());
  }

  @Override
  public void close() {
    if (!isShared) {
      journey.close();
      return;
    }
    boolean isLikeNew = false;
    try {
      journey.assertNothingLeaked();
      journey.startOver(node);
      isLikeNew = true;
    } finally {
      if (!isLikeNew) {
        endShared();
      }
    }
  }
}
