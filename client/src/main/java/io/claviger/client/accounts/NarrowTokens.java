package io.claviger.client.accounts;

import io.claviger.client.command.BudgetOption;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.TimeText;
import io.claviger.client.session.ApiSession;
import io.claviger.client.settings.SavedSignIn.KeptToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates access tokens for other programs, each of which permits only what the other program
 * needs.
 */
public final class NarrowTokens {
  /** The lifetime of a token if the user requests no other lifetime. */
  private static final Duration USUAL = Duration.ofHours(8);

  /** If a stored token expires within this time, a program gets a new token instead. */
  private static final Duration WORTHWHILE = Duration.ofMinutes(15);

  /**
   * End times that differ by at most this duration count as equal, because the server's clock can
   * differ from this machine's clock.
   */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final ApiSession session;
  private final Clock clock;

  public NarrowTokens(ApiSession session, Clock clock) {
    this.session = session;
    this.clock = clock;
  }

  /**
   * What a token is used for, and what it permits.
   *
   * @param name the name of the token in lists of tokens
   * @param service the only service for which the token is valid; if empty, the token is valid for
   *     all services
   * @param lifetime the time for which the token is valid. If empty, the token is valid for eight
   *     hours, but at most until the sign-in ends
   * @param networks the only networks from which the token is accepted; if empty, the token is
   *     accepted from the same networks as the token of the sign-in
   */
  public record TokenRequest(
      String name,
      Optional<String> service,
      Optional<BudgetOption> budget,
      Optional<Duration> lifetime,
      List<String> networks) {
    public TokenRequest {
      networks = List.copyOf(networks);
    }

    /** Requests a token that is accepted from the same networks as the token of the sign-in. */
    public TokenRequest(
        String name,
        Optional<String> service,
        Optional<BudgetOption> budget,
        Optional<Duration> lifetime) {
      this(name, service, budget, lifetime, List.of());
    }

    String purpose() {
      String usual =
          "service=%s budget=%s"
              .formatted(service.orElse("any"), budget.map(BudgetOption::toString).orElse("none"));
      return networks.isEmpty() ? usual : usual + " networks=" + String.join(",", networks);
    }
  }

  public KeptToken make(TokenRequest request) {
    Instant wanted = clock.instant().plus(request.lifetime().orElse(USUAL));
    Optional<Instant> end = session.ensureLastsUntil(wanted);
    boolean shorter = end.isPresent() && end.get().isBefore(wanted.plus(TOLERANCE));
    if (request.lifetime().isPresent() && shorter && end.get().isBefore(wanted.minus(TOLERANCE))) {
      throw ClientFault.of(
          "no token of this sign-in lasts longer than until " + TimeText.words(end.get()),
          "Ask for a shorter time with --for.");
    }
    ObjectNode body = JsonTrees.object().put("name", request.name());
    request.service().ifPresent(ref -> body.put("service", ref));
    request.budget().ifPresent(budget -> body.set("limits", budget.limits()));
    if (!request.networks().isEmpty()) {
      ArrayNode networks = body.putObject("bound_to").putArray("networks");
      request.networks().forEach(networks::add);
    }
    if (!shorter) {
      body.put("expires_at", wanted.toString());
    }
    JsonNode made = session.api().post("/v1/me/tokens/narrow", body);
    String token = JsonTrees.text(made, "token");
    if (!token.matches("[!-~]{8,512}")) {
      throw JsonTrees.lacks("token");
    }
    return new KeptToken(token, JsonTrees.time(made, "expires_at").orElse(wanted));
  }

  /**
   * Returns the token that is stored for the given purpose if it is still valid long enough. If it
   * is not, creates a new token. A token that is bound to networks is not tried first: this machine
   * might not be in these networks, and the server would then report the token as leaked.
   */
  public KeptToken reuseOrMake(TokenRequest request) {
    KeptToken kept = session.signIn().narrower().get(request.purpose());
    if (kept != null
        && kept.expiresAt().isAfter(clock.instant().plus(WORTHWHILE))
        && (!request.networks().isEmpty() || isAccepted(kept.text()))) {
      return kept;
    }
    return make(request);
  }

  /** Stores a token, so that the program for which it was created can get it again. */
  public void keep(TokenRequest request, KeptToken token) {
    if (!token.equals(session.signIn().narrower().get(request.purpose()))) {
      session.keep(request.purpose(), token);
    }
  }

  /**
   * Ends a token before it expires.
   *
   * @return false if the token had already expired or been revoked
   */
  public boolean end(String token) {
    try (Api api = new Api(session.signIn().server(), new Api.Fixed(Optional.of(token)))) {
      api.delete("/v1/me/token");
      return true;
    } catch (ApiRefusal e) {
      if (e.isOfUnknownToken()) {
        return false;
      }
      throw e;
    }
  }

  private boolean isAccepted(String token) {
    try (Api api = new Api(session.signIn().server(), new Api.Fixed(Optional.of(token)))) {
      JsonNode unused = api.get("/v1/me");
      return true;
    } catch (ApiRefusal e) {
      if (e.status() == 401) {
        return false;
      }
      throw e;
    }
  }
}
