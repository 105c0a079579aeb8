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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Signs in with the device flow (RFC 8628). The user types a code in a browser while this program
 * polls for tokens.
 */
final class DeviceFlow {
  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** The number of successive failed requests after which the sign-in is given up. */
  private static final int MOST_FAILURES = 5;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final Api open;
  private final Clock clock;
  private final Consumer<Duration> pause;

  DeviceFlow(Api open, Clock clock) {
    this(open, clock, DeviceFlow::sleep);
  }

  /**
   * @param pause an action that waits for the given duration
   */
  DeviceFlow(Api open, Clock clock, Consumer<Duration> pause) {
    this.open = open;
    this.clock = clock;
    this.pause = pause;
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
    int failures = 0;
    while (clock.instant().isBefore(end)) {
      pause.accept(interval);
      JsonNode tokens;
      try {
        tokens = open.form("/oauth/token", poll);
      } catch (ApiRefusal e) {
        interval = longer(interval, e);
        failures = 0;
        continue;
      } catch (ClientFault e) {
        failures++;
        if (failures > MOST_FAILURES || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        interval = doubled(interval);
        continue;
      }
      return granted(tokens);
    }
    throw expired();
  }

  /**
   * Returns the time to wait before the next request. Throws an exception if further waiting is
   * useless.
   */
  private static Duration longer(Duration interval, ApiRefusal refusal) {
    if (refusal.status() == TOO_MANY_REQUESTS || refusal.status() == UNAVAILABLE) {
      return doubled(interval);
    }
    return switch (refusal.code()) {
      case "authorization_pending" -> interval;
      case "slow_down" -> interval.plus(SLOWER);
      case "access_denied" -> throw ClientFault.of("the sign-in was denied in the browser");
      case "expired_token" -> throw expired();
      default -> throw refusal.fault();
    };
  }

  /**
   * Returns the time to wait after a request that failed for a temporary reason (RFC 8628, section
   * 3.5).
   */
  private static Duration doubled(Duration interval) {
    Duration twice = interval.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) <= 0
        ? twice
        : Collections.max(List.of(interval, LONGEST_PAUSE));
  }

  private static ClientFault expired() {
    return ClientFault.of(
        "nobody typed the code in time", "To get a new code, run the command again.");
  }

  private Granted granted(JsonNode tokens) {
    return new Granted(
        JsonTrees.text(tokens, "access_token"),
        clock.instant().plus(JsonTrees.seconds(tokens, "expires_in")),
        JsonTrees.text(tokens, "refresh_token"),
        JsonTrees.text(tokens, "scope"));
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ClientFault.of("the command was interrupted");
    }
  }
}
