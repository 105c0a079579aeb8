package io.claviger.client.oauth;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Signs in with the device flow (RFC 8628). The user types a code in a browser while this program
 * polls for tokens.
 */
final class DeviceFlow {
  private static final Duration SLOWER = Duration.ofSeconds(5);

  private final Api open;
  private final Clock clock;

  DeviceFlow(Api open, Clock clock) {
    this.open = open;
    this.clock = clock;
  }

  record Granted(String accessToken, Instant expiresAt, String refreshToken, String scope) {
    @Override
    public String toString() {
      return "until " + expiresAt;
    }
  }

  /** Shows an address and a code, and waits until the user has typed the code at the address. */
  Granted signIn(String scope, PrintWriter out) {
    JsonNode begun =
        open.form("/oauth/device_authorization", Map.of("client_id", "claviger", "scope", scope));
    out.printf(
        "Open %s in a browser, and type the code%n%n    %s%n%n",
        TerminalText.line(JsonTrees.text(begun, "verification_uri")),
        TerminalText.line(JsonTrees.text(begun, "user_code")));
    out.flush();
    Map<String, String> poll = new LinkedHashMap<>();
    poll.put("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    poll.put("client_id", "claviger");
    poll.put("device_code", JsonTrees.text(begun, "device_code"));
    Duration interval = JsonTrees.seconds(begun, "interval");
    Instant end = clock.instant().plus(JsonTrees.seconds(begun, "expires_in"));
    while (clock.instant().isBefore(end)) {
      pause(interval);
      try {
        return granted(open.form("/oauth/token", poll));
      } catch (ApiRefusal e) {
        interval = interval.plus(waitLonger(e));
      }
    }
    throw expired();
  }

  /**
   * Returns by how much the pause between two requests must be extended. Throws an exception if
   * further waiting is useless.
   */
  private static Duration waitLonger(ApiRefusal refusal) {
    return switch (refusal.code()) {
      case "authorization_pending" -> Duration.ZERO;
      case "slow_down" -> SLOWER;
      case "access_denied" -> throw ClientFault.of("the sign-in was denied in the browser");
      case "expired_token" -> throw expired();
      default -> throw refusal.fault();
    };
  }

  private static ClientFault expired() {
    return ClientFault.of("nobody typed the code in time", "Run the command again for a new one.");
  }

  private Granted granted(JsonNode tokens) {
    return new Granted(
        JsonTrees.text(tokens, "access_token"),
        clock.instant().plus(JsonTrees.seconds(tokens, "expires_in")),
        JsonTrees.text(tokens, "refresh_token"),
        JsonTrees.text(tokens, "scope"));
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ClientFault.of("interrupted");
    }
  }
}
