package io.claviger.web.server;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.UserId;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/** Identifies the caller of a request by their access token, and finds their address. */
final class Caller {
  /** The request attribute from which the log reads the caller's handle. */
  static final String ATTRIBUTE = "io.claviger.user";

  /** Marks requests within a rate limit. Only they are logged at level {@code info}. */
  static final String COUNTED = "io.claviger.counted";

  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);

  private static final Problem BAD_TOKEN = Problems.unauthorized(true);

  private final AccessTokens tokens;
  private final CallerAddress addresses;
  private final RequestRates rates;
  // Limits requests from when the caller is known until the answer is sent. Each may hold a body
  // and an answer of a megabyte or more.
  private final ConcurrencyLimit<UserId> requests =
      new ConcurrencyLimit<>(128, 32, Duration.ofSeconds(5));
  // Limits lists until the answer is written as JSON. The 200 rows of a page may take 26 MB, and
  // the JSON as much again.
  private final ConcurrencyLimit<UserId> lists =
      new ConcurrencyLimit<>(4, 1, Duration.ofSeconds(10));
  // Limits forms of unknown callers. Each holds a body of at most 64 KiB.
  private final ConcurrencyLimit<AddressBlock> forms =
      new ConcurrencyLimit<>(64, 16, Duration.ofSeconds(5));

  Caller(AccessTokens tokens, CallerAddress addresses, RequestRates rates) {
    this.tokens = tokens;
    this.addresses = addresses;
    this.rates = rates;
  }

  /**
   * Returns the caller of a request.
   *
   * @throws ProblemException when the caller is not authenticated, or makes too many requests
   */
  Actor of(Context ctx) {
    Optional<TokenText> presented = BearerToken.of(ctx);
    if (presented.isEmpty()) {
      countUnknown(ctx);
      throw new ProblemException(Problems.unauthorized(false));
    }
    return switch (authenticate(ctx, presented.get())) {
      case AccessTokens.Authentication.Authenticated known -> known(ctx, known.actor());
      case AccessTokens.Authentication.Barred barred ->
          throw new ProblemException(Problems.barred(barred.why()));
      case AccessTokens.Authentication.Rejected rejected ->
          throw new ProblemException(refusal(ctx, rejected));
    };
  }

  private AccessTokens.Authentication authenticate(Context ctx, TokenText token) {
    String requestId = ApiCall.requestId(ctx);
    return READING.contains(ctx.method())
        ? tokens.authenticateForReading(token, address(ctx), requestId)
        : tokens.authenticate(token, address(ctx), requestId);
  }

  /** Returns the limit on lists that are read at the same time. */
  ConcurrencyLimit<UserId> lists() {
    return lists;
  }

  /**
   * Counts a request by its address, if the caller is unknown or does not matter. Liveness is never
   * refused, because whoever asks might otherwise restart the process.
   *
   * @throws ProblemException when the address makes too many requests
   */
  void countUnknown(Context ctx) {
    if (ctx.path().equals("/health/live")) {
      return;
    }
    AddressBlock block = AddressBlock.of(address(ctx));
    demandRate(
        ctx, ctx.path().equals("/health/ready") ? rates.countProbe(block) : rates.count(block));
  }

  /**
   * Counts a request of anyone that has a form as its body. At most 64 of them are answered at the
   * same time, and 16 of one address.
   *
   * @throws ProblemException when the address makes too many requests
   */
  OpenCall form(Context ctx) {
    countUnknown(ctx);
    String address = address(ctx);
    Completion.of(ctx).then(forms.enter(AddressBlock.of(address)));
    return new OpenCall(ctx, address);
  }

  /**
   * Counts a request of anyone.
   *
   * @throws ProblemException when the address makes too many requests
   */
  OpenCall anyone(Context ctx) {
    countUnknown(ctx);
    return new OpenCall(ctx, address(ctx));
  }

  private static void demandRate(Context ctx, Optional<Duration> wait) {
    if (wait.isPresent()) {
      throw new ProblemException(Problems.rateLimited(wait.get()));
    }
    ctx.attribute(COUNTED, true);
  }

  private String address(Context ctx) {
    return addresses.of(
        ctx.req().getRemoteAddr(),
        Collections.list(ctx.req().getHeaders("X-Forwarded-For")),
        Collections.list(ctx.req().getHeaders("Forwarded")));
  }

  private static Problem refusal(Context ctx, AccessTokens.Authentication.Rejected rejected) {
    if (rejected.retryAfter().isPresent()) {
      return Problems.tooManyBadTokens(rejected.retryAfter().get());
    }
    ctx.attribute(COUNTED, true);
    return BAD_TOKEN;
  }

  private Actor known(Context ctx, Actor actor) {
    ctx.attribute(ATTRIBUTE, actor.handle().value());
    demandRate(ctx, rates.count(actor.id()));
    Completion.of(ctx).then(requests.enter(actor.id()));
    return actor;
  }
}
